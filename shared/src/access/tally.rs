//! Counts that are gathered in memory and written once the answer is out, so that no answer waits for it.
//!
//! Whoever runs the router calls [`write_due`](Tally::write_due) after each answer; on Lambda
//! [before it asks for the next request](https://aws.amazon.com/blogs/compute/running-code-after-returning-a-response-from-an-aws-lambda-function/).
//! That writes what is counted under a name when nothing has been written under it for a minute. What an instance that ends before that
//! has counted is lost: at most that of its last minute awake, after a first.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::base::Timestamp;
use crate::base::error::chain;
use crate::store::{AddError, Store, StoreError};

/// How long counts stay in memory.
const WRITE_INTERVAL: Duration = Duration::from_mins(1);

/// How many names are written after one answer, one after the other: the next request waits for it.
const WRITTEN_AT_ONCE: usize = 10;

/// Something that is counted under names.
pub(super) trait Count: Copy + Debug + Send {
    /// What it is counted under.
    type Name: Copy + Eq + Hash + Debug + Send + Sync;

    /// What it is called in the log.
    const NOUN: &'static str;

    /// Adds another count.
    fn add(&mut self, other: Self);

    /// Adds it to what is stored.
    fn write(self, store: &Store, name: Self::Name) -> impl Future<Output = Result<(), AddError>> + Send;
}

/// Counts that are not written yet.
#[derive(Debug)]
pub(super) struct Tally<C: Count>(Mutex<HashMap<C::Name, Entry<C>>>);

#[derive(Debug)]
struct Entry<C> {
    unwritten: Option<C>,
    /// When counts were last written, or last could not be.
    written_at: Option<Timestamp>,
}

impl<C> Entry<C> {
    fn is_due(&self, now: Timestamp) -> bool {
        let interval = WRITE_INTERVAL.as_secs().cast_signed();
        self.written_at.is_none_or(|at| now.as_second() - at.as_second() >= interval)
    }
}

impl<C: Count> Default for Tally<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Count> Tally<C> {
    /// Counts.
    pub(super) fn add(&self, name: C::Name, count: C) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.entry(name).or_insert(Entry { unwritten: None, written_at: None });
        match &mut entry.unwritten {
            Some(unwritten) => unwritten.add(count),
            none => *none = Some(count),
        }
    }

    /// Writes what is counted under names of which none was written for a minute; under a few, if there are many.
    pub(super) async fn write_due(&self, store: &Store, now: Timestamp) {
        for _ in 0..WRITTEN_AT_ONCE {
            let Some((name, count)) = self.take(now, |entry| entry.is_due(now)) else { break };
            self.write(store, name, count).await;
        }
        // Names that nothing is counted under any more are forgotten.
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, entry| entry.unwritten.is_some() || !entry.is_due(now));
    }

    /// Writes all counts, before a process ends.
    pub(super) async fn write_all(&self, store: &Store, now: Timestamp) {
        let names: Vec<_> = {
            let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            entries.keys().copied().collect()
        };
        for name in names {
            let taken = {
                let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                entries.get_mut(&name).and_then(|entry| entry.take(now))
            };
            if let Some(count) = taken {
                self.write(store, name, count).await;
            }
        }
    }

    async fn write(&self, store: &Store, name: C::Name, count: C) {
        match count.write(store, name).await {
            // What is not there any more, such as a key that was revoked meanwhile, has nothing to tell of.
            Ok(()) | Err(AddError::NotApplied(StoreError::Condition(_))) => {}
            Err(AddError::NotApplied(error)) => {
                tracing::warn!(cause = chain(&error), "{} were not written, and will be later", C::NOUN);
                self.add(name, count);
            }
            // Written again, they might count twice.
            Err(AddError::Unknown(error)) => {
                tracing::warn!(cause = chain(&error), "{} were perhaps not written", C::NOUN);
            }
        }
    }

    fn take(&self, now: Timestamp, which: impl Fn(&Entry<C>) -> bool) -> Option<(C::Name, C)> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = entries.iter_mut().filter(|(_, entry)| entry.unwritten.is_some() && which(entry));
        let (name, entry) = found.next()?;
        Some((*name, entry.take(now)?))
    }
}

impl<C: Count> Entry<C> {
    fn take(&mut self, now: Timestamp) -> Option<C> {
        let taken = self.unwritten.take()?;
        self.written_at = Some(now);
        Some(taken)
    }
}
