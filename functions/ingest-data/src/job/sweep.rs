//! Removing data that nothing points at any more: versions of earlier imports, and everything of a source that is deleted.

use shared::App;
use shared::base::{DataSourceId, ImportId, OrganizationId};
use shared::model::data_source::Data;
use shared::model::{DataSource, Import};
use shared::store::files::{data_prefix, results_prefix, upload_prefix};
use shared::store::{collection, imports};

use crate::job::error::JobError;
use crate::job::refresh;
use crate::outside::Outside;

/// Removes what is left over of a data source. How many objects that were.
///
/// An attempt that is at work may have written objects that nothing points at yet. They are those of an import that is newer than what
/// is in place, and stay.
pub(crate) async fn sweep(
    app: &App,
    outside: &Outside,
    organization: OrganizationId,
    id: DataSourceId,
) -> Result<u64, JobError> {
    let source = collection::find::<DataSource>(&app.store, organization, id.into()).await?;
    let prefix = data_prefix(organization, id);
    let mut unused = app.files.list(&prefix).await?;
    if let Some(source) = source {
        let Some(current) = source.entity.data else { return Ok(0) };
        unused.retain(|key| key.strip_prefix(&prefix).is_some_and(|rest| is_unused(rest, &current)));
    } else {
        unused.extend(app.files.list(&upload_prefix(organization, id)).await?);
        unused.extend(app.files.list(&results_prefix(organization, id)).await?);
        refresh::forget(outside, organization, id).await?;
        collection::delete_all::<Import>(&app.store, imports::of(organization, id)).await?;
    }
    for key in &unused {
        app.files.delete(key).await?;
    }
    Ok(unused.len() as u64)
}

/// Whether an object, named by its version and what it is of that, will never be pointed at again.
fn is_unused(object: &str, current: &Data) -> bool {
    let Some((version, _)) = object.split_once('/') else { return false };
    let import =
        version.split_once('-').and_then(|(import, _)| import.parse::<u64>().ok()).map(ImportId::from);
    version != current.version && import.is_some_and(|import| import <= current.import)
}

#[cfg(test)]
mod tests {
    use shared::base::Timestamp;

    use super::*;

    #[test]
    fn what_is_in_place_and_what_is_newer_stays() {
        let current = Data {
            version: "7-a".to_owned(),
            import: 7.into(),
            tables: Vec::new(),
            bytes: 0,
            imported_at: Timestamp::from_second(0).unwrap(),
            revision: None,
        };
        for kept in ["7-a/tables.json", "8-b/0.parquet", "10-c/0.parquet", "what else", "x-y/z"] {
            assert!(!is_unused(kept, &current), "{kept}");
        }
        for unused in ["6-a/tables.json", "7-b/0.parquet", "1-c/0.preview.json"] {
            assert!(is_unused(unused, &current), "{unused}");
        }
    }
}
