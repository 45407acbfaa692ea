//! What a data source may fetch, and by what secret.

use secrecy::SecretString;
use shared::App;
use shared::model::data_source::connection;
use shared::store::organizations;

use crate::job::error::JobError;
use crate::job::work::Work;

/// How many bytes may be fetched for one import, as the organization's plan says.
pub(crate) async fn room(app: &App, work: &Work) -> Result<u64, JobError> {
    let organization = organizations::find(&app.store, work.organization).await?;
    Ok(organization.map_or(0, |organization| organization.plan.max_file_bytes()))
}

/// A secret of the data source, if it is set.
pub(crate) async fn secret(app: &App, work: &Work, name: &str) -> Result<Option<SecretString>, JobError> {
    let Some(sealed) = &work.source.secrets else { return Ok(None) };
    let context = connection::context(work.organization, work.source.id);
    let text = app.secrets.open(sealed, &context).await?;
    Ok(connection::parse_secrets(&text).map_err(shared::Error::from)?.remove(name))
}
