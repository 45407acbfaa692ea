//! The Lambda of the `auth` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(auth::routes)
}
