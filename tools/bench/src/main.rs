//! `cargo run --release -p bench`: what the API costs, measured over the embedded stores.

mod api;
mod pages;

use clap::{Parser, Subcommand};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Measures what the API costs.
#[derive(Parser)]
#[command(version)]
struct Options {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// Time, round trips and DynamoDB units of the first, the middle and the last page of a list
    Pages {
        /// How many dashboards to fill the organization with
        #[arg(long, default_value_t = 10_000)]
        rows: u64,
    },
}

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    match Options::parse().measurement {
        Measurement::Pages { rows } => pages::measure(rows).await,
    }
}
