//! When keys were last used, and how often: noted once the answer is out, so that no answer waits for it.
//!
//! Each use is counted in memory. Whoever runs the router calls [`KeyUsage::write_due`] after each answer; on Lambda
//! [before it asks for the next request](https://aws.amazon.com/blogs/compute/running-code-after-returning-a-response-from-an-aws-lambda-function/).
//! That writes a key's uses when none has been written for a minute. Uses of an instance that ends before that are lost:
//! at most those of its last minute awake, after a first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::access::api_key::Location;
use crate::base::Timestamp;
use crate::base::error::chain;
use crate::model::ApiKey;
use crate::store::{Key, Store, StoreError, Summary as _};

/// How long uses stay in memory.
const WRITE_INTERVAL: Duration = Duration::from_mins(1);

/// How many keys are written after one answer, one after the other: the next request waits for it.
const WRITTEN_AT_ONCE: usize = 10;

/// Uses that are not written yet, of keys that were admitted.
#[derive(Debug, Default)]
pub struct KeyUsage {
    counts: Mutex<HashMap<Location, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    uses: u64,
    last_used_at: Timestamp,
    /// When uses were last written, or last could not be.
    written_at: Option<Timestamp>,
}

impl Count {
    fn is_due(&self, now: Timestamp) -> bool {
        let interval = WRITE_INTERVAL.as_secs().cast_signed();
        self.written_at.is_none_or(|at| now.as_second() - at.as_second() >= interval)
    }
}

impl KeyUsage {
    /// Counts a use of an admitted key.
    pub(super) fn count(&self, key: Location, now: Timestamp) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = Count { uses: 0, last_used_at: now, written_at: None };
        let count = counts.entry(key).or_insert(unused);
        count.uses += 1;
        count.last_used_at = now;
    }

    /// Writes the uses of keys of which none was written for a minute; of a few, if there are many.
    pub async fn write_due(&self, store: &Store, now: Timestamp) {
        self.write(store, now, WRITTEN_AT_ONCE, |count| count.is_due(now)).await;
    }

    /// Writes all uses, before a process ends.
    pub async fn write_all(&self, store: &Store, now: Timestamp) {
        self.write(store, now, usize::MAX, |_| true).await;
    }

    async fn write(&self, store: &Store, now: Timestamp, most: usize, which: impl Fn(&Count) -> bool) {
        for (location, count) in self.take(now, most, which) {
            let key = Key::entity(location.organization, ApiKey::COLLECTION, location.id.into());
            match store.add_usage(key, count.uses, count.last_used_at).await {
                // A key that was revoked meanwhile has no use to tell of.
                Ok(()) | Err(StoreError::Condition(_)) => {}
                Err(error) => {
                    tracing::warn!(cause = chain(&error), "a key's uses were not written");
                    let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
                    counts.entry(location).and_modify(|now| now.uses += count.uses);
                }
            }
        }
    }

    fn take(&self, now: Timestamp, most: usize, which: impl Fn(&Count) -> bool) -> Vec<(Location, Count)> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        // Keys that nobody uses any more are forgotten.
        counts.retain(|_, count| count.uses > 0 || !count.is_due(now));
        let unwritten = counts.iter_mut().filter(|(_, count)| count.uses > 0 && which(count));
        unwritten
            .take(most)
            .map(|(location, count)| {
                let taken = *count;
                count.uses = 0;
                count.written_at = Some(now);
                (*location, taken)
            })
            .collect()
    }
}
