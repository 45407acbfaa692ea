//! What Athena's catalog has.

use engine::athena::{AthenaTarget, catalog};
use engine::database::Catalog;
use shared::App;

use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::work::Work;

/// Reads the catalog.
pub(crate) async fn fetch(app: &App, work: &Work) -> Result<Fetched, JobError> {
    let target = AthenaTarget::open(&app.secrets, work.organization, &work.source).await?;
    Ok(match catalog(&target, &app.cloud).await {
        Ok(Catalog { tables, warnings }) => Fetched::Catalog { tables, warnings },
        Err(error) => Fetched::Refused(format!("{error} {}", error.hint())),
    })
}
