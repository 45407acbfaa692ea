//! The Lambda of the `analytics` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(analytics::routes)
}
