//! The Lambda of the `reports` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(reports::routes)
}
