//! The functions' release binaries.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::AnyError;

/// The API's functions.
pub(crate) fn names() -> Vec<&'static str> {
    groups::GROUPS.iter().map(|group| group.package).collect()
}

/// Functions that compute, each with a release profile of its own in its folder; the same for all of them.
const COMPUTING: [&str; 2] = ["analytics", "ingest-data"];

/// Builds some of them, the rest of what is measured, and what they are measured beside.
pub(crate) fn build(functions: &[String]) -> Result<(), AnyError> {
    let is_computing = |function: &&str| COMPUTING.contains(function);
    // In builds of their own, as they are deployed: what one links must not become part of another. Warm requests are those of
    // `status`, whichever functions are asked for.
    let others = ["status", "baseline", "rotate-secret"];
    let functions = || functions.iter().map(String::as_str);
    build_packages(&mut cargo_build(), functions().filter(|function| !is_computing(function)).chain(others))?;
    build_computing(functions().filter(is_computing).chain(["local"]))
}

/// Builds what functions are measured beside.
pub(crate) fn build_baseline() -> Result<(), AnyError> {
    build_packages(&mut cargo_build(), ["baseline"])
}

/// Builds packages that compute, or link what computes.
pub(crate) fn build_computing<'a>(packages: impl IntoIterator<Item = &'a str>) -> Result<(), AnyError> {
    packages.into_iter().try_for_each(|package| build_packages(&mut cargo_computing(), [package]))
}

fn build_packages<'a>(
    cargo: &mut Command,
    packages: impl IntoIterator<Item = &'a str>,
) -> Result<(), AnyError> {
    cargo.arg("--release").args(packages.into_iter().map(|package| format!("--package={package}")));
    if cargo.status()?.success() { Ok(()) } else { Err("the functions do not build".into()) }
}

/// A build under the profile of what computes.
pub(crate) fn cargo_computing() -> Command {
    let mut cargo = cargo_build();
    cargo.args(["--config", "functions/analytics/.cargo/config.toml"]);
    cargo
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
