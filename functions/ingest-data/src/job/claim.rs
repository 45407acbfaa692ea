//! Making an import an attempt's own, and giving it back.
//!
//! Each attempt has a name of its own, and writes to a place of its own. The import says whose turn it is: only the attempt that has
//! claimed it last may publish or fail it. So whatever is done twice, at once or half, readers see the old data or the new.

use shared::App;
use shared::base::Timestamp;
use shared::model::import::{Attempt, Status};
use shared::model::{DataSource, Import};
use shared::store::collection::{self, Change};
use shared::store::{CollectionError, StoreError, Versioned, imports};
use uuid::Uuid;

use crate::job::error::JobError;
use crate::job::failure::{self, owned_entity};
use crate::job::work::{ImportPlace, Work};

/// What came of claiming an import.
pub(crate) enum Claimed {
    /// It is to be worked on.
    Work(Box<Work>),
    /// It was too late for it: it has failed, which is to be written down.
    Lapsed,
    /// There is nothing to do, for this reason.
    Over(&'static str),
}

/// Makes the import this attempt's own. `has_file` says whether its file has arrived.
pub(crate) async fn claim(app: &App, place: ImportPlace, has_file: bool) -> Result<Claimed, JobError> {
    let ImportPlace { organization, data_source, import } = place;
    let now = app.clock.now();
    let attempt = Attempt { id: Uuid::new_v4().simple().to_string(), started_at: now };
    let source_key = [collection::entity_key::<DataSource>(organization, data_source.into())];
    let mut source = None;
    let claimed = collection::modify_reading::<Import, Refusal>(
        &app.store,
        imports::of(organization, data_source),
        import.into(),
        &source_key,
        |before, mut items| {
            let item = items.pop().flatten().ok_or(Refusal::Over("deleted"))?;
            source = Some(Versioned::<DataSource>::read(item).map_err(Refusal::Store)?.entity);
            check(&before.entity, has_file, now)?;
            let attempt = Some(attempt.clone());
            let import = Import { status: Status::Running, attempt, ..before.entity.clone() };
            Ok(Change::Replace(import, Vec::new()))
        },
    )
    .await;
    match (claimed, source) {
        (Ok(import), Some(source)) => {
            let import = import.entity;
            Ok(Claimed::Work(Box::new(Work { organization, source, import, attempt })))
        }
        (Err(CollectionError::Refused(Refusal::Lapsed)), _) => Ok(Claimed::Lapsed),
        (Err(CollectionError::Refused(Refusal::Over(why))), _) => Ok(Claimed::Over(why)),
        (Err(CollectionError::Missing { .. }), _) => Ok(Claimed::Over("removed")),
        (Err(CollectionError::Refused(Refusal::Store(error))), _) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
        (Ok(_), None) => Ok(Claimed::Over("deleted")),
    }
}

/// Why there is nothing to do for an import, if there is not.
fn check(import: &Import, has_file: bool, now: Timestamp) -> Result<(), Refusal> {
    if import.is_finished() {
        return Err(Refusal::Over("repeated"));
    }
    // Whoever was told that it has failed must not find it done later.
    if import.has_lapsed(now) {
        return Err(Refusal::Lapsed);
    }
    if import.needs_file() != has_file {
        return Err(Refusal::Over("waits for its file"));
    }
    // The message of a file comes once, unless an attempt has failed. Those of other imports are two from the beginning.
    if !has_file && import.is_worked_on(now) {
        return Err(Refusal::Over("at work elsewhere"));
    }
    Ok(())
}

/// Lets another attempt begin at once. Without it, one begins when this attempt is certainly over.
pub(crate) async fn release(app: &App, work: &Work) {
    let parent = imports::of(work.organization, work.source.id);
    let released =
        collection::modify::<Import, failure::Refusal>(&app.store, parent, work.import.id.into(), |import| {
            let import = owned_entity(&import.entity, work)?;
            Ok(Change::Replace(
                Import { status: Status::Waiting, attempt: None, ..import.clone() },
                Vec::new(),
            ))
        });
    if let Err(error) = released.await {
        tracing::warn!(?error, "an attempt that has ended could not be released");
    }
}

#[derive(Debug)]
enum Refusal {
    Lapsed,
    Over(&'static str),
    Store(StoreError),
}
