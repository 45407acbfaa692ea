//! The Lambda of the `dashboards` group.

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run(dashboards::routes)
}
