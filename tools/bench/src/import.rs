//! Imports: a CSV file becomes Parquet, beside DuckDB doing the same to the same file.

use std::process::Command;

use crate::AnyError;
use crate::budget::Budgets;
use crate::functions::{binary, cargo_computing};
use crate::orders::write_orders;
use crate::python;
use crate::statistics::Samples;

/// How much longer than DuckDB an import may take.
const TIME_BUDGET: f64 = 2.0;

/// How much memory an import of a gigabyte may take, in MB.
const MEMORY_BUDGET_MB: f64 = 1_000.0;

/// Rows of about 108 bytes each.
const ROWS: u64 = 1_000_000;
const ROWS_OF_A_GIGABYTE: u64 = 10_000_000;

/// How often each is measured, in turns.
const TURNS: usize = 5;

/// What DuckDB does: as much, with as many threads.
const DUCKDB: &str = include_str!("duckdb_copy.py");

/// Prints time, throughput, memory and size.
pub(crate) fn measure(budgets: &mut Budgets) -> Result<(), AnyError> {
    let mut cargo = cargo_computing();
    cargo.args(["--release", "--package=ingest-data", "--example=import"]);
    if !cargo.status()?.success() {
        return Err("the import does not build".into());
    }
    let import = binary("bench")?.with_file_name("examples/import");
    let python = python::environment()?;
    let folder = tempfile::tempdir()?;
    let (file, out) = (folder.path().join("orders.csv"), folder.path().join("duckdb.parquet"));
    write_orders(&file, ROWS)?;
    let bytes = file.metadata()?.len();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(Run::of(Command::new(&import).arg(&file))?);
        theirs.push(Run::of(Command::new(&python).arg("-c").arg(DUCKDB).args([&file, &out]))?);
    }
    println!(
        "\n## Import of a CSV of {} MB, sorted by time (median of {TURNS}, in turns)\n",
        bytes / 1_000_000
    );
    println!("| | s | MB/s | Parquet (MB) | peak memory (MB) |\n|---|---|---|---|---|");
    let (ours, theirs) = (Run::median(&ours), Run::median(&theirs));
    ours.print("claribi", bytes);
    theirs.print("DuckDB, COPY … ORDER BY …, zstd", bytes);
    budgets.at_most("import of 100 MB / DuckDB", "×", TIME_BUDGET, ours.seconds / theirs.seconds);

    write_orders(&file, ROWS_OF_A_GIGABYTE)?;
    let bytes = file.metadata()?.len();
    let large = Run::of(Command::new(&import).arg(&file))?;
    large.print("claribi, ten times as much", bytes);
    budgets.at_most("peak memory of an import of 1 GB", "MB", MEMORY_BUDGET_MB, large.memory_mb);
    Ok(())
}

/// What an import took: seconds, bytes of Parquet, and memory at its peak.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    parquet_bytes: f64,
    memory_mb: f64,
}

impl Run {
    /// Runs what prints the three in a line.
    fn of(command: &mut Command) -> Result<Self, AnyError> {
        let output = command.output()?;
        let text = String::from_utf8(output.stdout)?;
        let mut numbers = text.lines().next().unwrap_or_default().split(' ').map(str::parse::<f64>);
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(seconds)), Some(Ok(parquet_bytes)), Some(Ok(memory_mb))) => {
                Ok(Self { seconds, parquet_bytes, memory_mb })
            }
            _ => Err(format!("{text}{}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }

    fn median(runs: &[Self]) -> Self {
        let median = |of: fn(&Self) -> f64| Samples::new(runs.iter().map(of)).median();
        Self {
            seconds: median(|run| run.seconds),
            parquet_bytes: median(|run| run.parquet_bytes),
            memory_mb: median(|run| run.memory_mb),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a file's size, for people")]
    fn print(&self, what: &str, bytes: u64) {
        println!(
            "| {what} | {:.2} | {:.0} | {:.1} | {:.0} |",
            self.seconds,
            bytes as f64 / 1e6 / self.seconds,
            self.parquet_bytes / 1e6,
            self.memory_mb
        );
    }
}
