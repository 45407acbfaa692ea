//! The Lambda of the `data-sources` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::runtime::run(data_sources::routes)
}
