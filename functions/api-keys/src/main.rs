//! The Lambda of the `api-keys` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(api_keys::routes)
}
