//! Spending AI credits: held before the work, spent once it is done, given back if it fails.
//!
//! Each step is one transaction over the organization's ledger and a record of what the credits are for. The record is named by the
//! request's `Idempotency-Key`, and says what became of it: so a request that is sent again spends nothing again, however far the first
//! one came.
//!
//! | a process ends | there is | what follows |
//! |---|---|---|
//! | before the credits are held | nothing | the request can be sent again |
//! | before they are spent | credits that are held | the request that is sent again goes on with them; without one, they are free again after [`HELD_FOR`] |
//! | after they are spent | a record that says so | the request that is sent again does its work, and spends nothing |
//!
//! Records are in the `counters` table:
//!
//! | pk | item |
//! |---|---|
//! | `credits#1#…` | what credits of organization 1 were held for, and what became of them |

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::{Error, OrganizationId, Timestamp};
use crate::model::credits::Credits;
use crate::model::{Counts, Day, Organization, PlanLimit};
use crate::store::backoff::Backoff;
use crate::store::collection::{FIRST_PAUSE, WRITE_DEADLINE};
use crate::store::item::{item, read};
use crate::store::organizations::{self, OrganizationRecord};
use crate::store::{Expect, Store, StoreError, Write};

/// How long credits stay held without a word: far longer than any request takes.
pub const HELD_FOR: Duration = Duration::from_mins(5);

/// How long a record is kept: longer than an answer is for its `Idempotency-Key`, also where a request has to be sent again and again
/// before it is answered.
const RECORD_KEPT_FOR: Duration = Duration::from_hours(7 * 24);

/// Why credits were not held or spent.
#[derive(Debug, thiserror::Error)]
pub enum CreditsError {
    /// There are not as many.
    #[error(transparent)]
    TooFew(#[from] PlanLimit),
    /// There is no such organization.
    #[error("organization {0} does not exist")]
    NoOrganization(OrganizationId),
    /// Others kept getting in between until the deadline, or the store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CreditsError> for Error {
    fn from(error: CreditsError) -> Self {
        match error {
            CreditsError::TooFew(limit) => limit.into(),
            // As for what was changed by others: the request may be sent again.
            CreditsError::Store(error @ StoreError::Condition(_)) => Self::unavailable(error),
            CreditsError::Store(error) => error.into(),
            error @ CreditsError::NoOrganization(_) => Self::internal(error),
        }
    }
}

/// Credits that are held for something, or were spent on it before.
#[derive(Clone, Debug)]
pub struct Reservation {
    organization: OrganizationId,
    name: String,
    /// Whose turn it is: who takes a reservation over gives it another.
    token: String,
    amount: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Held,
    Spent,
}

/// What a record says.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    state: State,
    token: String,
    amount: u64,
    /// Until when they are held, in seconds since 1970.
    held_until: i64,
    /// When DynamoDB may delete the record.
    expires_at: i64,
}

impl Record {
    fn held_until(&self) -> Timestamp {
        Timestamp::EPOCH.plus_seconds(self.held_until)
    }

    /// As much as it holds at that time.
    fn held(&self, now: Timestamp) -> Option<u64> {
        (self.state == State::Held && self.held_until() > now).then_some(self.amount)
    }
}

/// What is written on the condition that the record is as it was read.
struct Read {
    record: Option<Record>,
    expect: Expect,
}

impl Read {
    async fn of(store: &Store, name: &str, now: Timestamp) -> Result<Self, StoreError> {
        let Some(item) = store.get_counter(name).await? else {
            return Ok(Self { record: None, expect: Expect::Absent });
        };
        let as_read = |name: &'static str| (name, item.get(name).cloned());
        let expect = Expect::Unchanged(vec![as_read("state"), as_read("token"), as_read("held_until")]);
        let record: Record = read(item)?;
        // DynamoDB deletes some time after that.
        let record = Some(record).filter(|record| record.expires_at > now.as_second());
        Ok(Self { record, expect })
    }
}

/// Holds credits for what `key` names, and nothing else: who asks again under the same key goes on with the same credits. What they were
/// spent on already costs nothing more.
pub async fn reserve(
    store: &Store,
    organization: OrganizationId,
    key: &str,
    amount: u64,
    now: Timestamp,
) -> Result<Reservation, CreditsError> {
    let name = format!("credits#{organization}#{key}");
    let reservation = Reservation { organization, name, token: Uuid::new_v4().to_string(), amount };
    write(store, &reservation, now, |organization, record| {
        if record.is_some_and(|record| record.state == State::Spent) {
            return Ok(None);
        }
        let mut ledger = organization.credits.clone();
        // In full minutes, so that many at once are few in the ledger.
        let end = (now.as_second() + HELD_FOR.as_secs().cast_signed()).div_euclid(60) * 60 + 60;
        let held_until = Timestamp::EPOCH.plus_seconds(end);
        if let Some(record) = record
            && let Some(held) = record.held(now)
        {
            ledger.release(held, record.held_until());
        }
        check(organization, ledger.balance(organization.allowance(), now).remaining, amount, now)?;
        ledger.hold(amount, held_until, now);
        let record = reservation.record(State::Held, amount, held_until, now);
        Ok(Some(Change { ledger, record: Some(record), spent: 0 }))
    })
    .await?;
    Ok(reservation)
}

/// Spends as many of the credits that are held, and gives back the rest. Does nothing where they were spent before under the same key.
///
/// Where it fails because the store does, it may have been done: who has a key is right to send the request again.
pub async fn settle(
    store: &Store,
    reservation: &Reservation,
    spent: u64,
    now: Timestamp,
) -> Result<(), CreditsError> {
    let spent = spent.min(reservation.amount);
    write(store, reservation, now, |organization, record| {
        if record.is_some_and(|record| record.state == State::Spent) {
            return Ok(None);
        }
        let mut ledger = organization.credits.clone();
        match record.and_then(|record| Some((record.held(now)?, record.held_until()))) {
            Some((held, until)) => ledger.release(held, until),
            // It took longer than they were held, and others may have spent them meanwhile.
            None => check(organization, organization.balance(now).remaining, spent, now)?,
        }
        ledger.spend(spent, organization.allowance(), now);
        let record = reservation.record(State::Spent, spent, now, now);
        Ok(Some(Change { ledger, record: Some(record), spent }))
    })
    .await
}

/// Gives back the credits that are held, because there is nothing to spend them on. Does nothing where another request goes on with them,
/// or has spent them.
pub async fn release(store: &Store, reservation: &Reservation, now: Timestamp) -> Result<(), CreditsError> {
    write(store, reservation, now, |organization, record| {
        let own = record.filter(|record| record.token == reservation.token);
        let Some((held, until)) = own.and_then(|record| Some((record.held(now)?, record.held_until())))
        else {
            return Ok(None);
        };
        let mut ledger = organization.credits.clone();
        ledger.release(held, until);
        Ok(Some(Change { ledger, record: None, spent: 0 }))
    })
    .await
}

/// Gives an organization extra credits, which stay until they are spent. What is left then; `None` if there is no such organization.
pub async fn give(
    store: &Store,
    organization: OrganizationId,
    amount: u64,
    now: Timestamp,
) -> Result<Option<u64>, StoreError> {
    organizations::modify(
        store,
        organization,
        |_| None::<StoreError>,
        |record| {
            let mut ledger = record.organization.credits.clone();
            ledger.give(amount);
            let left = ledger.balance(record.organization.allowance(), now).remaining;
            Ok((vec![record.set_credits(&ledger)?], left))
        },
    )
    .await
}

impl Reservation {
    fn record(&self, state: State, amount: u64, held_until: Timestamp, now: Timestamp) -> Record {
        Record {
            state,
            token: self.token.clone(),
            amount,
            held_until: held_until.as_second(),
            expires_at: now.as_second() + RECORD_KEPT_FOR.as_secs().cast_signed(),
        }
    }
}

/// What becomes of the ledger, and of the record.
struct Change {
    ledger: Credits,
    record: Option<Record>,
    spent: u64,
}

/// Reads ledger and record, and writes what `change` makes of them if both are still so; when another write gets in between, asks again.
async fn write(
    store: &Store,
    Reservation { organization, name, .. }: &Reservation,
    now: Timestamp,
    change: impl Fn(&Organization, Option<&Record>) -> Result<Option<Change>, PlanLimit>,
) -> Result<(), CreditsError> {
    let mut backoff = Backoff::new(FIRST_PAUSE, WRITE_DEADLINE);
    loop {
        let (before, read) =
            tokio::try_join!(OrganizationRecord::find(store, *organization), Read::of(store, name, now))?;
        let before = before.ok_or(CreditsError::NoOrganization(*organization))?;
        let Some(change) = change(&before.organization, read.record.as_ref())? else { return Ok(()) };
        let mut writes = vec![before.set_credits(&change.ledger)?];
        writes.push(match change.record {
            Some(record) => Write::PutCounter(name.clone(), item(&record)?, read.expect),
            None => Write::DeleteCounter(name.clone(), read.expect),
        });
        if change.spent > 0 {
            let counts = Counts { credits: change.spent, ..Counts::default() };
            writes.push(Write::Count(*organization, Day::of(now), counts));
        }
        match store.transact(writes).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Condition(_) | StoreError::Conflict) if backoff.pause().await => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Refuses what there are too few credits for.
fn check(organization: &Organization, remaining: u64, amount: u64, now: Timestamp) -> Result<(), PlanLimit> {
    if amount <= remaining {
        return Ok(());
    }
    let (plan, allowance) = (organization.plan.as_str(), organization.allowance());
    let resets_at = organization.balance(now).resets_at;
    Err(PlanLimit::new(format!(
        "The plan {plan} has {allowance} AI credits a month; {remaining} are left, and this takes {amount}. There are new ones on \
         {resets_at}, or ask for more."
    )))
}
