//! The Python that peers of the engine run in.

use std::path::PathBuf;
use std::process::Command;

use crate::AnyError;
use crate::functions::root;

/// A Python with what `.ci/requirements-data.txt` names.
pub(crate) fn environment() -> Result<PathBuf, AnyError> {
    let folder = root().join("target/venv-data");
    let python = folder.join("bin/python");
    let requirements = root().join(".ci/requirements-data.txt");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status()?.success();
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    if made && Command::new(&python).args(install).arg(requirements).status()?.success() {
        Ok(python)
    } else {
        Err("DuckDB and Polars could not be installed".into())
    }
}
