//! What is in a database.

use engine::database::{Catalog, Target, catalog};
use shared::App;

use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::work::Work;

/// Reads the database's catalog.
pub(crate) async fn fetch(app: &App, work: &Work) -> Result<Fetched, JobError> {
    let target = Target::open(&app.secrets, work.organization, &work.source).await?;
    Ok(match catalog(&target, &app.config.networks).await {
        Ok(Catalog { tables, warnings }) => Fetched::Catalog { tables, warnings },
        Err(error) => Fetched::Refused(format!("{error} {}", error.hint())),
    })
}
