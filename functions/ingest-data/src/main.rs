//! The Lambda of the `ingest-data` function.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run_job(ingest_data::handle)
}
