//! The functions' release binaries.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::AnyError;

/// The API's functions.
pub(crate) fn names() -> Vec<&'static str> {
    groups::GROUPS.iter().map(|group| group.package).collect()
}

/// Builds some of them, the rest of what is measured, and what they are measured beside.
pub(crate) fn build(functions: &[String]) -> Result<(), AnyError> {
    let mut cargo = cargo_build();
    let built = cargo.args(["--release", "--package=bench", "--bins"]).status()?;
    // In builds of their own, as they are deployed: what bench needs of a crate must not become part of a function.
    let mut cargo = cargo_build();
    // Warm requests are those of `status`, whichever functions are asked for.
    let others = ["status", "local", "rotate-secret"];
    let packages = functions.iter().map(String::as_str).chain(others);
    cargo.arg("--release").args(packages.map(|package| format!("--package={package}")));
    if built.success() && cargo.status()?.success() {
        Ok(())
    } else {
        Err("the functions do not build".into())
    }
}

pub(crate) fn cargo_build() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["build", "--locked"]);
    // What `cargo run` says of this package would have build scripts run again, and most of the build after them.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where a release binary is: beside this one.
pub(crate) fn binary(name: &str) -> Result<PathBuf, AnyError> {
    let this = std::env::current_exe()?;
    Ok(this.with_file_name(name))
}
