//! The Lambda of the `console` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run_without_stores(console::routes)
}
