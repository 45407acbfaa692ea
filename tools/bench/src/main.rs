//! `cargo run --profile bench -p bench`: the budgets of the architecture, measured over the embedded stores.
//!
//! Times on a shared machine are noise: what has a budget is a ratio to something measured in the same run, a count, or a size.
//! The functions are the release binaries, started and called as Lambda does it (`lambda.rs`).

mod api;
mod budget;
mod cold;
mod deployment;
mod endpoints;
mod functions;
mod growth;
mod import;
mod instance;
mod instructions;
mod lambda;
mod live;
mod load;
mod orders;
mod python;
mod queries;
mod size;
mod statistics;
mod tls;
mod warm;

use budget::Budgets;
use clap::builder::PossibleValuesParser;
use clap::{Parser, ValueEnum};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Measures the budgets.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// What to measure; everything if not given
    #[arg(value_enum)]
    measurements: Vec<Measurement>,
    /// Only these functions are measured, beside what each is measured beside
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(functions::names()), default_values = functions::names())]
    functions: Vec<String>,
    /// Measure the binaries beside this one as they are
    #[arg(long)]
    no_build: bool,
    /// How many times each function is started
    #[arg(long, default_value_t = 20)]
    starts: usize,
    /// How many dashboards the longest list has
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// How many rows the tables have that are asked
    #[arg(long, value_delimiter = ',', default_values_t = [100_000, 1_000_000, 10_000_000])]
    query_rows: Vec<u64>,
    /// For how many seconds each number of connections is served
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measurement {
    /// Spawn to first answer of each function, beside a bare one
    Cold,
    /// Time and CPU of further requests
    Warm,
    /// Instructions of first and further requests
    Instructions,
    /// Round trips, units and dollars of each endpoint
    Endpoints,
    /// Long lists and many callers, against short and few
    Growth,
    /// The local server under many connections
    Load,
    /// The functions' binaries
    Size,
    /// A file that becomes a table, beside DuckDB
    Import,
    /// Queries over tables, beside DuckDB and Polars
    Queries,
    /// The same queries over PostgreSQL and MariaDB, beside how long these are waited for
    Live,
}

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let Options { measurements, functions, no_build, starts, rows, query_rows, seconds } = Options::parse();
    let wanted = |measurement| measurements.is_empty() || measurements.contains(&measurement);
    let mut budgets = Budgets::default();
    let of_binaries = [
        Measurement::Cold,
        Measurement::Warm,
        Measurement::Instructions,
        Measurement::Load,
        Measurement::Size,
    ];
    if !no_build && of_binaries.into_iter().any(wanted) {
        functions::build(&functions)?;
    }
    if wanted(Measurement::Size) {
        size::measure(&functions, &mut budgets)?;
    }
    if wanted(Measurement::Cold) {
        cold::measure(starts, &functions, &mut budgets).await?;
    }
    if wanted(Measurement::Warm) {
        warm::measure(&mut budgets).await?;
    }
    if wanted(Measurement::Instructions) {
        instructions::measure(&functions).await?;
    }
    if wanted(Measurement::Endpoints) {
        endpoints::measure(&mut budgets).await?;
    }
    if wanted(Measurement::Load) {
        load::measure(seconds).await?;
    }
    if wanted(Measurement::Growth) {
        growth::measure(rows, &mut budgets).await?;
    }
    if wanted(Measurement::Import) {
        import::measure(&mut budgets)?;
    }
    if wanted(Measurement::Queries) {
        if !no_build {
            functions::build_computing([queries::FUNCTION])?;
        }
        queries::measure(&query_rows, &mut budgets).await?;
    }
    if wanted(Measurement::Live) {
        if !no_build {
            functions::build_baseline()?;
            functions::build_computing([queries::FUNCTION])?;
        }
        live::measure(&mut budgets).await?;
    }
    budgets.print();
    Ok(())
}
