//! The Lambda of the `data-sources` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(data_sources::routes)
}
