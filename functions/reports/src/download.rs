//! Downloading the file of a run.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use shared::access::Tenant;
use shared::base::Code;
use shared::model::report::run::{KEPT_SECONDS, Status};
use shared::{App, Error};

use crate::read_runs::find;
use crate::run::RunPath;

/// How long a link is good for.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// Download the file of a run
///
/// Redirects to a link that is good for five minutes, and needs no credentials.
#[utoipa::path(
    get,
    path = "/api/reports/{id}/runs/{run_id}/download/",
    operation_id = "download_run",
    tag = "Reports",
    params(RunPath),
    responses(
        (status = 302, description = "Where the file is."),
        (status = 409, description = "The run has no file: it is not done, or has failed."),
    ),
)]
pub(crate) async fn download(
    State(app): State<App>,
    tenant: Tenant,
    path: RunPath,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 2]), Error> {
    let run = find(&tenant, path).await?.entity.at(app.clock.now());
    // A link is a key to the file: nobody gets one who is refused.
    tenant.caller().await?;
    if run.created_at.plus_seconds(KEPT_SECONDS) <= app.clock.now() {
        let detail = format!("The file of run {} is not there any more: files are kept for 90 days.", run.id);
        return Err(Error::new(Code::NotFound, detail));
    }
    let file = run.file.as_ref().filter(|_| run.status == Status::Done).ok_or_else(|| {
        let detail = match run.status {
            Status::Failed => format!("Run {} has failed, and has no file.", run.id),
            _ => format!("Run {} is {}: its file is not there yet.", run.id, run.status.as_str()),
        };
        Error::new(Code::Conflict, detail)
    })?;
    let link = app.files.download_link(&file.key, &file.name, &file.media_type, GOOD_FOR)?;
    let location = HeaderValue::try_from(link).map_err(Error::internal)?;
    Ok((
        StatusCode::FOUND,
        [(LOCATION, location), (CACHE_CONTROL, HeaderValue::from_static("private, no-store"))],
    ))
}
