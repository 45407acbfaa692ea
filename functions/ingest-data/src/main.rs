//! The Lambda of the `ingest-data` function.

use ingest_data::Outside;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run_job(
        |app, settings, connector| Ok((app, Outside::from_env(settings, connector)?)),
        |(app, outside), event| ingest_data::handle(app, outside, event),
    )
}
