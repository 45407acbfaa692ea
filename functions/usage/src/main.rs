//! The Lambda of the `usage` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(usage::routes)
}
