//! When keys were last used, and how often: noted without a round trip of its own and without a write per request.
//!
//! An instance counts in memory. When it has not written a key's count for a minute, or never has, it does so beside
//! the reads of the request at hand, on the condition that the presented secret is the key's: a forged key changes
//! nothing. What is left over is written by [`keep_writing`]. Counts of an instance that is ended before that are lost:
//! at most those of its last minute awake.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::api_key::{Location, PresentedKey};
use crate::App;
use crate::error::chain;
use crate::model::ApiKey;
use crate::model::api_key::SecretDigest;
use crate::store::{Key, Row, Store, StoreError};

/// How long counts stay in memory.
const WRITE_INTERVAL: Duration = Duration::from_mins(1);

/// How many keys are counted in memory; the uses of others are written one by one.
const COUNTED: usize = 10_000;

/// Uses that are not written yet.
#[derive(Debug, Default)]
pub struct KeyUsage {
    counts: Mutex<HashMap<[u8; 32], Count>>,
}

#[derive(Debug, Clone)]
struct Count {
    location: Location,
    secret_digest: SecretDigest,
    uses: u64,
    last_used_at: Timestamp,
    written_at: Timestamp,
}

impl KeyUsage {
    /// To be run beside admission's reads: writes the count if it is time to, with the present use in it. Tells whether
    /// that use is accounted for.
    pub(super) async fn write_if_due(&self, store: &Store, key: &PresentedKey, now: Timestamp) -> bool {
        let Some(before) = self.take_if_due(key, now) else { return false };
        let count = Count {
            location: key.location,
            secret_digest: key.secret_digest().clone(),
            uses: before + 1,
            last_used_at: now,
            written_at: now,
        };
        match write(store, &count).await {
            Ok(()) => true,
            // Not the key's secret, or no such key: admission says so.
            Err(StoreError::Condition(_)) => false,
            Err(error) => {
                tracing::warn!(cause = chain(&error), "a key's use was not written");
                self.add(key, before, now);
                false
            }
        }
    }

    /// Counts a use of an admitted key.
    pub(super) fn count(&self, key: &PresentedKey, accounted_for: bool, now: Timestamp) {
        self.add(key, u64::from(!accounted_for), now);
    }

    /// Writes what has not been written.
    pub async fn write_all(&self, store: &Store, now: Timestamp) {
        for (fingerprint, count) in self.take_all(now) {
            match write(store, &count).await {
                // A key that was revoked meanwhile has no use to tell of.
                Ok(()) | Err(StoreError::Condition(_)) => {}
                Err(error) => {
                    tracing::warn!(cause = chain(&error), "a key's uses were not written");
                    let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
                    counts.entry(fingerprint).and_modify(|now| now.uses += count.uses);
                }
            }
        }
    }

    fn take_if_due(&self, key: &PresentedKey, now: Timestamp) -> Option<u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(&key.fingerprint()) {
            None => Some(0),
            Some(count) if is_due(count, now) => {
                count.written_at = now;
                Some(std::mem::take(&mut count.uses))
            }
            Some(_) => None,
        }
    }

    fn take_all(&self, now: Timestamp) -> Vec<([u8; 32], Count)> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        // Keys that nobody uses any more are forgotten.
        counts.retain(|_, count| count.uses > 0 || !is_due(count, now));
        let unwritten = counts.iter_mut().filter(|(_, count)| count.uses > 0);
        unwritten
            .map(|(fingerprint, count)| {
                let taken = count.clone();
                count.uses = 0;
                count.written_at = now;
                (*fingerprint, taken)
            })
            .collect()
    }

    fn add(&self, key: &PresentedKey, uses: u64, now: Timestamp) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= COUNTED && !counts.contains_key(&key.fingerprint()) {
            return;
        }
        let count = counts.entry(key.fingerprint()).or_insert_with(|| Count {
            location: key.location,
            secret_digest: key.secret_digest().clone(),
            uses: 0,
            last_used_at: now,
            written_at: now,
        });
        count.uses += uses;
        count.last_used_at = now;
    }
}

/// Writes what is left over, every minute, for as long as the process runs. On Lambda, which stops an idle instance's
/// clock, that is when the next request wakes it.
pub async fn keep_writing(app: App) {
    loop {
        tokio::time::sleep(WRITE_INTERVAL).await;
        app.key_usage.write_all(&app.store, app.clock.now()).await;
    }
}

fn is_due(count: &Count, now: Timestamp) -> bool {
    now.as_second() - count.written_at.as_second() >= WRITE_INTERVAL.as_secs().cast_signed()
}

async fn write(store: &Store, count: &Count) -> Result<(), StoreError> {
    let Location { organization, id, .. } = count.location;
    let key = Key::entity(organization, ApiKey::COLLECTION, id.into());
    store.add_usage(key, &count.secret_digest, count.uses, count.last_used_at).await
}
