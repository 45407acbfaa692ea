//! The Lambda of the `status` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(status::routes)
}
