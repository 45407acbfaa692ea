//! How large the functions are, stripped and zipped.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::AnyError;
use crate::budget::Budgets;
use crate::functions::binary;

/// The budget of one function, in MB, for arm64; and of the one that answers queries.
const BUDGET_MB: f64 = 3.0;
const QUERIES_BUDGET_MB: f64 = 30.0;
const QUERIES: &str = "analytics";

/// Prints sizes: of this machine's binaries and, where `cargo lambda build --release --arm64` has made them, of those that
/// are deployed.
pub(crate) fn measure(functions: &[String], budgets: &mut Budgets) -> Result<(), AnyError> {
    println!(
        "\n## Size (MB)\n\n| function | stripped | zipped | arm64 stripped | arm64 zipped |\n|---|---|---|---|---|"
    );
    let mut deployed = Vec::new();
    for name in functions.iter().map(String::as_str).chain(["rotate-secret", "hello"]) {
        let host = sizes(binary(name)?)?.ok_or(format!("{name} was not built"))?;
        let arm64 = sizes(binary("")?.join("../lambda").join(name).join("bootstrap"))?;
        let shown = arm64.map_or(("–".to_owned(), "–".to_owned()), |(stripped, zipped)| {
            (format!("{stripped:.2}"), format!("{zipped:.2}"))
        });
        println!("| {name} | {:.2} | {:.2} | {} | {} |", host.0, host.1, shown.0, shown.1);
        match arm64 {
            Some((_, zipped)) if name == QUERIES => {
                budgets.at_most("analytics, zipped for arm64", "MB", QUERIES_BUDGET_MB, zipped);
            }
            other => deployed.extend(other),
        }
    }
    match deployed.iter().map(|(_, zipped)| *zipped).reduce(f64::max) {
        Some(largest) => {
            budgets.at_most("largest of the other functions, zipped for arm64", "MB", BUDGET_MB, largest);
        }
        None => println!("\nThe budget is for arm64: cargo lambda build --release --arm64"),
    }
    Ok(())
}

fn sizes(path: PathBuf) -> Result<Option<(f64, f64)>, AnyError> {
    let Ok(bytes) = std::fs::read(path) else { return Ok(None) };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("bootstrap", SimpleFileOptions::default().compression_level(Some(9)))?;
    archive.write_all(&bytes)?;
    let zipped = archive.finish()?.into_inner();
    Ok(Some((megabytes(bytes.len()), megabytes(zipped.len()))))
}

#[expect(clippy::cast_precision_loss, reason = "megabytes, to two places")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
