//! What a data source may fetch.

use shared::App;
use shared::store::organizations;

use crate::job::error::JobError;
use crate::job::work::Work;

/// How many bytes may be fetched for one import, as the organization's plan says.
pub(crate) async fn room(app: &App, work: &Work) -> Result<u64, JobError> {
    let organization = organizations::find(&app.store, work.organization).await?;
    Ok(organization.map_or(0, |organization| organization.plan.limits().file_bytes))
}
