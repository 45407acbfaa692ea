//! Which API keys this instance has seen proved of late.
//!
//! What a key says of itself anybody can make up, down to its checksum: that it is a key, only its record can prove. Reads of a
//! tenant's data leave beside admission only for a key that was admitted a moment ago; whether it still may is checked each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::access::api_key::PresentedKey;
use crate::base::Timestamp;

/// How long a key counts as proved.
const PROVED_FOR: Duration = Duration::from_mins(1);

/// How many keys are remembered. Others are proved anew by each request.
const MOST: usize = 10_000;

/// Keys that were proved, by their fingerprints, and when.
#[derive(Debug, Default)]
pub(super) struct ProvedKeys(Mutex<HashMap<[u8; 32], Timestamp>>);

impl ProvedKeys {
    /// Whether the key, secret included, was proved within the last minute.
    pub(super) fn contains(&self, key: &PresentedKey, now: Timestamp) -> bool {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&key.fingerprint()).is_some_and(|at| is_fresh(*at, now))
    }

    /// Remembers that the key was proved.
    pub(super) fn add(&self, key: &PresentedKey, now: Timestamp) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MOST {
            keys.retain(|_, at| is_fresh(*at, now));
        }
        if keys.len() < MOST {
            keys.insert(key.fingerprint(), now);
        }
    }

    /// Forgets a key that was refused.
    pub(super) fn remove(&self, key: &PresentedKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.fingerprint());
    }
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    now.as_second().saturating_sub(at.as_second()) < PROVED_FOR.as_secs().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::api_key::{Location, Stage, mint};

    fn key(id: u64) -> PresentedKey {
        let location = Location { organization: 1.into(), user: 1.into(), id: id.into() };
        PresentedKey::parse(Stage::Test, &mint(Stage::Test, location).unwrap().0).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_key_is_remembered_for_a_minute() {
        let (keys, first, other) = (ProvedKeys::default(), key(1), key(1));
        keys.add(&first, at(0));
        assert!(keys.contains(&first, at(59)) && !keys.contains(&first, at(60)));
        assert!(!keys.contains(&other, at(0)), "a secret of its own makes another key");
        keys.remove(&first);
        assert!(!keys.contains(&first, at(0)));
    }

    #[test]
    fn memory_is_bounded() {
        let keys = ProvedKeys::default();
        keys.0.lock().unwrap().extend((0..MOST).map(|n| {
            let mut fingerprint = [0; 32];
            fingerprint[..8].copy_from_slice(&n.to_be_bytes());
            (fingerprint, at(0))
        }));
        let late = key(2);
        keys.add(&late, at(30));
        assert!(!keys.contains(&late, at(30)), "nothing fresh is forgotten for it");
        keys.add(&late, at(60));
        assert!(keys.contains(&late, at(60)));
        assert_eq!(keys.0.lock().unwrap().len(), 1);
    }
}
