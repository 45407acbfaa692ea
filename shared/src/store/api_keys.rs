//! API keys as a collection: how many a user and an organization may have, and which of them count.
//!
//! A key that has expired counts for nothing, and is removed by a later create. One that was rotated out counts for nothing
//! either, so that a rotation never needs room; but how many of those still work at a time is limited, or a user could fill the
//! directory, and keep everybody from making keys, by rotating one key again and again.

use roaring::RoaringBitmap;

use crate::base::{Timestamp, UserId};
use crate::model::ApiKey;
use crate::store::{Collection, Directory, Filter, Summary};

/// How many keys a user may have.
pub const MAX_PER_USER: u64 = 100;

/// How many keys of a user may be in the grace period of their rotation at a time.
pub const MAX_ROTATED_PER_USER: u64 = 100;

/// How many ended keys a create removes: a transaction takes 100 writes.
const REMOVED_AT_ONCE: usize = 20;

impl Summary for ApiKey {
    const COLLECTION: &'static str = "APIKEY";
}

impl Collection for ApiKey {
    type Summary = Self;
    const NOUN: &'static str = "API key";
    /// Keys of 1,000 different users with as many different ends, and as many rotated ones, take about 130 KB of directory.
    const CAPACITY: u64 = 1_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        let mut filters = vec![created_by(self.created_by)];
        filters.extend(self.expires_at.map(|end| Filter::new(EXPIRES_AT, end.as_second())));
        filters.extend(self.rotated_to.map(|_| rotated()));
        filters
    }

    fn side_changes(&self) -> u64 {
        self.usage_count
    }

    fn ended(directory: &Directory, now: Timestamp) -> Vec<u64> {
        expired(directory, now).iter().take(REMOVED_AT_ONCE).map(u64::from).collect()
    }

    fn refusal(&self, directory: &Directory, now: Timestamp) -> Option<String> {
        let own = directory.with(&created_by(self.created_by)) - expired(directory, now);
        let rotated = directory.with(&rotated());
        if self.replaces.is_some() {
            let in_grace = (&own & &rotated).len();
            return (in_grace > MAX_ROTATED_PER_USER).then(|| {
                format!(
                    "A user may have {MAX_ROTATED_PER_USER} rotated API keys that still work: rotate with a shorter grace \
                     period, or revoke some."
                )
            });
        }
        let counted = directory.len() - (expired(directory, now) | &rotated).len();
        if (own - rotated).len() >= MAX_PER_USER {
            return Some(format!("A user may have {MAX_PER_USER} API keys: revoke one to make room."));
        }
        (counted >= Self::CAPACITY).then(|| {
            format!("An organization may have {} API keys: revoke one to make room.", Self::CAPACITY)
        })
    }
}

const EXPIRES_AT: &str = "expires_at";

/// Selects the keys of one user.
pub fn created_by(user: UserId) -> Filter {
    Filter::new("created_by", user)
}

/// Selects the keys that were rotated out, whether or not they still work.
fn rotated() -> Filter {
    Filter::new("rotated", true)
}

/// The keys that have expired.
fn expired(directory: &Directory, now: Timestamp) -> RoaringBitmap {
    let ends = directory.values(EXPIRES_AT);
    let over = ends.filter(|(end, _)| end.parse::<i64>().is_ok_and(|end| end <= now.as_second()));
    over.fold(RoaringBitmap::new(), |all, (_, ids)| all | ids)
}
