//! Ending an import of what has not changed: the data stays as it is.

use shared::App;
use shared::base::ImportId;
use shared::model::import::{Changes, ImportError, Status};
use shared::model::{DataSource, Import};
use shared::store::collection::{self, Along, Change};
use shared::store::{CollectionError, StoreError, imports};

use crate::job::error::JobError;
use crate::job::failure::{self, owned};
use crate::job::publish::{self, superseded};
use crate::job::work::{Outcome, Work};

/// Says that the import is done, and that there was nothing to do. `bytes` is how much was read to find that out.
pub(crate) async fn keep(app: &App, work: &Work, bytes: u64) -> Result<Outcome, JobError> {
    let Some(data) = &work.source.data else { return Err(JobError::Moved) };
    let tables = app.files.tables(work.organization, work.source.id, &data.version).await?;
    let tables = tables.ok_or(JobError::Moved)?;
    let (parent, now) = (imports::of(work.organization, work.source.id), app.clock.now());
    let import_key = [collection::entity_key::<Import>(&parent, work.import.id.into())];
    let kept = collection::modify_reading::<DataSource, Refusal>(
        &app.store,
        work.organization,
        work.source.id.into(),
        &import_key,
        |current, mut items| {
            let import = owned(items.pop().flatten(), work)?;
            match &current.entity.data {
                Some(current) if current.import > work.import.id => {
                    return Err(Refusal::Superseded(current.import));
                }
                Some(current) if current == data => {}
                _ => return Err(Refusal::Moved),
            }
            let done = Import {
                status: Status::Done,
                rows: tables.iter().map(|table| table.row_count).sum(),
                tables: tables.iter().map(publish::summary).collect(),
                warnings: vec![format!("Nothing has changed since import {}: its data stays.", data.import)],
                changes: Some(Changes::default()),
                attempt: None,
                finished_at: Some(now),
                ..import.entity.clone()
            };
            let along = import.replace(&parent, &import.next(done))?;
            let mut source = current.entity.clone();
            publish::note_success(&mut source, work.import.id, now);
            Ok(Change::Replace(source, along.into_iter().map(Along::IfUnchanged).collect()))
        },
    )
    .await;
    match kept {
        Ok(_) => Ok(Outcome::Done { rows: 0, bytes }),
        Err(CollectionError::Refused(Refusal::Superseded(by))) => {
            failure::fail(app, work, vec![ImportError::of_all(superseded(by))], 1).await
        }
        Err(CollectionError::Refused(Refusal::Moved)) => Err(JobError::Moved),
        Err(CollectionError::Refused(Refusal::Lost)) => Ok(Outcome::TakenOver),
        Err(CollectionError::Missing { .. }) => Ok(Outcome::Nothing("deleted")),
        Err(CollectionError::Refused(Refusal::Store(error))) => Err(error.into()),
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug)]
enum Refusal {
    Superseded(ImportId),
    /// The data is not what was compared.
    Moved,
    Lost,
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<failure::Refusal> for Refusal {
    fn from(refusal: failure::Refusal) -> Self {
        match refusal {
            failure::Refusal::Lost => Self::Lost,
            failure::Refusal::Store(error) => Self::Store(error),
        }
    }
}
