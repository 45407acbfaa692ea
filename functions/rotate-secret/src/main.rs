//! The Lambda of the `rotate-secret` function.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run_with_secrets_manager(rotate_secret::rotate)
}
