//! Starts PostgreSQL.

use super::process::{Folder, Process, command, free_port, prepare};
use super::programs::{find, output};
use super::{ADDRESSES, Authority, Kind, Server, database};

/// Who may connect: the tests themselves through the socket, everybody else with a password.
const ACCESS: &str = "\
local all all trust
host all all 127.0.0.0/8 scram-sha-256
";

/// What makes a server quick, since nothing in it has to survive; and what a server may be set to, though few are.
const SETTINGS: [&str; 13] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "ssl=on",
    "timezone=America/St_Johns",
    "datestyle=SQL, DMY",
    "intervalstyle=sql_standard",
    "bytea_output=escape",
    "extra_float_digits=0",
    "standard_conforming_strings=off",
    "escape_string_warning=off",
    "backslash_quote=on",
];

/// Starts it. `None` if it is not installed.
pub(super) fn start() -> Option<Server> {
    let (initdb, postgres, client) = (find("initdb")?, find("postgres")?, find("psql")?);
    let folder = Folder::create("postgresql-");
    let data = folder.path("data");
    let mut initdb = command(&initdb);
    initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]);
    // Texts are in an order for people, not in that of bytes.
    initdb.args(["--locale-provider=icu", "--icu-locale=en-US", "--pgdata"]).arg(&data);
    prepare(&mut initdb);

    let authority = Authority::default();
    let (certificate, key) = authority.sign(&["localhost", ADDRESSES[0]]);
    let port = free_port();
    let mut server = command(&postgres);
    server.arg("-D").arg(&data).arg("-k").arg(folder.path(""));
    let setting = |name: &str, value: &str| format!("{name}={value}");
    let file = |name: &str, text: &str| folder.write(name, text).display().to_string();
    let settings = [
        setting("port", &port.to_string()),
        setting("listen_addresses", &ADDRESSES.join(",")),
        setting("hba_file", &file("access", ACCESS)),
        setting("ssl_cert_file", &file("certificate.pem", &certificate)),
        setting("ssl_key_file", &file("key.pem", &key)),
    ];
    for setting in settings.iter().map(String::as_str).chain(SETTINGS) {
        server.args(["-c", setting]);
    }
    let kind = Kind::PostgreSql;
    let is_up = |folder: &Folder| {
        output(database::client(kind, &client, &folder.path(""), port, "postgres").args(["-c", "SELECT 1"]))
    };
    let process = Process::start(folder, &server, "QUIT", is_up);
    Some(Server { kind, port, authority, client, process })
}
