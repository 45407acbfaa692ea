//! The Lambda of the `docs` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run_without_stores(docs::routes)
}
