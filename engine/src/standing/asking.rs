//! Asking Athena: what is started, gone on with, ended and forgotten.

use std::time::Duration;

use arrow::array::ArrayRef;
use futures_util::future::try_join_all;
use shared::Error;
use shared::base::Timestamp;
use shared::model::resolved::Resolved;
use shared::store::StoreError;
use uuid::Uuid;

use super::{FOLLOWED, Forgotten, Place, Standing};
use crate::answers::{Answers, Origin};
use crate::athena::{self, Asking, AthenaTarget, Outcome, Scan, Window};
use crate::error::EngineError;
use crate::live::{self, LiveTable};
use crate::result::{Answer, Records, Scanned};

/// The answer to a question, made by what runs for it or is started now. `is_followed` is whether who asks knows that it was asked
/// before, and wants that answer.
pub(crate) async fn answer(
    answers: &Answers,
    table: &LiveTable,
    resolved: &Resolved,
    asked_at: Timestamp,
    is_followed: bool,
) -> Result<(Answer, Origin), EngineError> {
    let place = Place::of(table.organization, &table.id());
    let known = place.read(&answers.files).await.map_err(unreadable)?;
    if let Some(known) = &known
        && is_followed
        && known.ended
        && let Some(stored) = place.answer(&answers.files).await.map_err(unreadable)?
    {
        return Ok((Answer::from_stored(&stored, resolved)?, Origin::Bucket));
    }
    let forgotten = known.as_ref().and_then(|known| known.forgotten.clone());
    let fresh = Standing { query: table.query.clone(), asked_at, ended: false, forgotten };
    let (standing, is_known) = match known {
        Some(known) if is_followed || known.is_running(asked_at) => (known, true),
        _ => (fresh, false),
    };
    let deadline = if is_followed { answers.limits.deadline.min(FOLLOWED) } else { answers.limits.deadline };
    let done = records(answers, table, resolved, &standing, deadline).await;
    if is_known && !standing.ended && !matches!(done, Ok(Outcome::Running(_))) {
        // The answer is there before anything says so.
        let answer = match done {
            Ok(Outcome::Done(records, scan)) => {
                let answer = finish(records, scan, &standing)?;
                place.put_answer(&answers.files, answer.to_stored()?).await.map_err(unreadable)?;
                Ok((answer, Origin::Source))
            }
            Ok(Outcome::Running(_)) => Err(EngineError::Running(table.id())),
            Err(error) => Err(error),
        };
        let ended = Standing { ended: true, ..standing };
        place.write(&answers.files, &ended).await.map_err(unreadable)?;
        return answer;
    }
    match done {
        Ok(Outcome::Running(executions)) => {
            let added = executions.iter().map(|execution| place.add_execution(&answers.files, execution));
            try_join_all(added).await.map_err(unreadable)?;
            if !is_known {
                place.write(&answers.files, &standing).await.map_err(unreadable)?;
            }
            Err(EngineError::Running(table.id()))
        }
        Ok(Outcome::Done(records, scan)) => Ok((finish(records, scan, &standing)?, Origin::Source)),
        Err(error) => Err(error),
    }
}

fn finish(records: Records, scan: Scan, standing: &Standing) -> Result<Answer, EngineError> {
    let scanned = Scanned { rows: 0, bytes: scan.bytes };
    Ok(Answer { asked_at: Some(standing.asked_at), scan: Some(scan), scanned, ..Answer::new(records)? })
}

/// The records that answer a question, if they are there in time.
pub(crate) async fn records(
    answers: &Answers,
    table: &LiveTable,
    resolved: &Resolved,
    standing: &Standing,
    deadline: Duration,
) -> Result<Outcome<Records>, EngineError> {
    let internal = |error: Error| EngineError::Internal(format!("{error:?}"));
    let target = AthenaTarget::open(&answers.secrets, table.organization, &table.source).await;
    let (target, cache) = (target.map_err(internal)?, live::cache(&table.source).map_err(internal)?);
    let (at, forgotten) = (standing.asked_at, standing.forgotten.as_ref());
    let window = live::window(table, cache, at);
    let nonce = forgotten.map(|forgotten| forgotten.nonce.as_str()).unwrap_or_default();
    // What was answered before it was forgotten is not used again.
    let reuse = forgotten.map_or(cache, |Forgotten { at: forgotten_at, .. }| {
        let age = at.as_second().saturating_sub(forgotten_at.as_second());
        cache.min(Duration::from_secs(u64::try_from(age).unwrap_or_default()))
    });
    let asking = Asking {
        cloud: &answers.cloud,
        target: &target,
        table: &table.table,
        window: Window { name: &format!("{window} {nonce}"), since: at, reuse },
        deadline,
        most_bytes: answers.limits.query_bytes,
    };
    athena::records(&asking, resolved).await
}

/// The first rows of a table, column by column.
pub(crate) async fn first_rows(
    answers: &Answers,
    table: &LiveTable,
    count: usize,
    most_bytes: usize,
    now: Timestamp,
) -> Result<Vec<ArrayRef>, EngineError> {
    let target = AthenaTarget::open(&answers.secrets, table.organization, &table.source).await;
    let target = target.map_err(|error| EngineError::Internal(format!("{error:?}")))?;
    let deadline = answers.limits.deadline;
    let asking = Asking {
        cloud: &answers.cloud,
        target: &target,
        table: &table.table,
        window: Window { name: &Uuid::new_v4().to_string(), since: now, reuse: Duration::ZERO },
        deadline,
        most_bytes,
    };
    match athena::first_rows(&asking, count).await? {
        Outcome::Done(rows, _) => Ok(rows),
        Outcome::Running(executions) => {
            // Nobody will ask for them again.
            let _ = athena::stop(&target, &answers.cloud, &executions).await;
            Err(EngineError::Timeout(deadline))
        }
    }
}

/// Ends what runs for a question, and forgets that it was asked.
pub(crate) async fn cancel(answers: &Answers, table: &LiveTable) -> Result<(), Error> {
    let place = Place::of(table.organization, &table.id());
    let executions = place.executions(&answers.files).await?;
    if !executions.is_empty() {
        let target = AthenaTarget::open(&answers.secrets, table.organization, &table.source).await?;
        athena::stop(&target, &answers.cloud, &executions).await?;
    }
    Ok(place.remove(&answers.files).await?)
}

/// Forgets the answer to a question: what is asked next is started anew.
pub(crate) async fn forget(answers: &Answers, table: &LiveTable, now: Timestamp) -> Result<(), StoreError> {
    let place = Place::of(table.organization, &table.id());
    let forgotten = Forgotten { nonce: Uuid::new_v4().to_string(), at: now };
    let standing =
        Standing { query: table.query.clone(), asked_at: now, ended: true, forgotten: Some(forgotten) };
    place.remove(&answers.files).await?;
    place.write(&answers.files, &standing).await
}

fn unreadable(error: StoreError) -> EngineError {
    EngineError::Unreadable(crate::file::ReadError(Box::new(error)))
}
