//! Starts MariaDB.

use super::process::{Folder, Process, command, free_port, prepare};
use super::programs::{find, output};
use super::{ADDRESSES, Authority, Kind, Server, database};

/// What makes a server quick, since nothing in it has to survive; and what a server may be set to, though few are.
const SETTINGS: [&str; 12] = [
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=16M",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--character-set-server=utf8mb4",
    // Texts are in an order for people, not in that of bytes.
    "--collation-server=utf8mb4_general_ci",
    "--default-time-zone=-03:30",
    // Double quotes are of names, bars join texts, and there may be dates that are none.
    "--sql-mode=ANSI_QUOTES,PIPES_AS_CONCAT",
    "--div-precision-increment=2",
    "--group-concat-max-len=64",
];

/// Starts it. `None` if it is not installed.
pub(super) fn start() -> Option<Server> {
    let (install, mariadbd, client) = (find("mariadb-install-db")?, find("mariadbd")?, find("mariadb")?);
    let folder = Folder::create("mariadb-");
    let data = format!("--datadir={}", folder.path("data").display());
    let mut install = command(&install);
    install.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal", &data]);
    prepare(&mut install);

    let authority = Authority::default();
    let (certificate, key) = authority.sign(&["localhost", ADDRESSES[0]]);
    let port = free_port();
    let mut server = command(&mariadbd);
    let file = |name: &str, text: &str| folder.write(name, text).display().to_string();
    server.args(["--no-defaults", &data]).args(SETTINGS).args([
        format!("--port={port}"),
        format!("--bind-address={}", ADDRESSES.join(",")),
        format!("--socket={}", folder.path(database::SOCKET).display()),
        format!("--pid-file={}", folder.path("pid").display()),
        format!("--ssl-cert={}", file("certificate.pem", &certificate)),
        format!("--ssl-key={}", file("key.pem", &key)),
    ]);
    let kind = Kind::MariaDb;
    let is_up = |folder: &Folder| {
        output(database::client(kind, &client, &folder.path(""), port, "mysql").args(["-e", "SELECT 1"]))
    };
    let process = Process::start(folder, &server, "KILL", is_up);
    Some(Server { kind, port, authority, client, process })
}
