//! The Lambda of the `run-reports` function.

/// Columns and groups are megabytes that come and go: glibc gives them back to the system and takes them anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use run_reports::Outside;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    shared::service::runtime::run_job(
        |app, settings, connector| {
            let outside = Outside::from_env(&app, settings, connector)?;
            Ok((app, outside))
        },
        |(app, outside), event| run_reports::handle(app, outside, event),
    )
}
