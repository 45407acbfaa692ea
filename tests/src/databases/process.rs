//! A server's process and its folder, which end with the process of the tests.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::programs::output;

/// Debian's user and group that own nothing. A server does not run as root: PostgreSQL refuses to.
const NOBODY: u32 = 65_534;

/// How long a server may take to start: it takes less than a second where nothing else runs.
const START_LIMIT: Duration = Duration::from_mins(1);

/// Stops a server when nobody can write to its standard input any more. Tests of the console run it, too.
const SUPERVISOR: &str = include_str!("supervise.sh");

/// Where a server keeps what it has. Until it runs, the folder goes when this does; after that, when the server does.
#[derive(Debug)]
pub(super) struct Folder(TempDir);

impl Folder {
    /// An empty one, which a server may write to.
    pub(super) fn create(name: &str) -> Self {
        let permissions = std::fs::Permissions::from_mode(0o755);
        let folder =
            tempfile::Builder::new().prefix(name).permissions(permissions).tempdir().expect("a folder");
        give(folder.path());
        Self(folder)
    }

    /// A place in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file that only the server may read.
    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("permissions");
        give(&path);
        path
    }
}

fn give(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("root may give files away");
    }
}

/// A command that runs as a user who is not root.
pub(super) fn command(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
    command
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// A server that runs until the tests end.
#[derive(Debug)]
pub(super) struct Process {
    folder: Folder,
    /// Its standard input stays open as long as this process lives.
    _supervisor: Child,
}

impl Process {
    /// Starts a server, which ends at once when it is sent `signal`, and waits until it answers.
    pub(super) fn start(
        mut folder: Folder,
        server: &Command,
        signal: &str,
        is_up: impl Fn(&Folder) -> Result<String, String>,
    ) -> Self {
        let mut supervisor = Command::new("/bin/sh");
        supervisor.args(["-c", SUPERVISOR, "supervisor"]).arg(folder.0.path()).arg(signal);
        supervisor.arg(server.get_program()).args(server.get_args());
        // In a group of its own: what interrupts the tests lets it clear up.
        supervisor.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let supervisor = supervisor.spawn().expect("a shell");
        folder.0.disable_cleanup(true);
        let process = Self { folder, _supervisor: supervisor };
        let began = Instant::now();
        while let Err(error) = is_up(&process.folder) {
            assert!(began.elapsed() < START_LIMIT, "{server:?} did not start: {error}\n{}", process.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        process
    }

    /// A place in its folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }

    /// What it logged.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

/// Runs a program that must succeed.
pub(super) fn prepare(command: &mut Command) {
    output(command).unwrap_or_else(|error| panic!("{command:?}: {error}"));
}

/// A port that is free at both addresses, and none that the system gives to outgoing connections: it may take a while until it is
/// listened at.
pub(super) fn free_port() -> u16 {
    loop {
        let port = fastrand::u16(15_000..32_000);
        let is_free = |last| TcpListener::bind((Ipv4Addr::new(127, 0, 0, last), port)).is_ok();
        if is_free(1) && is_free(2) {
            return port;
        }
    }
}
