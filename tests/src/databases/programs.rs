//! Where the programs of the servers are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian keeps each version of PostgreSQL.
const POSTGRESQL: &str = "/usr/lib/postgresql";

/// Finds a program in `PATH`, or where Debian keeps servers.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).chain(postgresql_folders());
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The programs of each version of PostgreSQL that is installed, the newest first.
fn postgresql_folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(POSTGRESQL).into_iter().flatten().flatten();
    let mut versions: Vec<u32> =
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    versions.into_iter().map(|version| Path::new(POSTGRESQL).join(version.to_string()).join("bin")).collect()
}

/// Runs a program to its end, and gives what it prints.
pub(super) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout)))
}
