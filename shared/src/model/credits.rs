//! AI credits: an allowance each month, credits beyond it that stay until they are spent, and what is held for questions that are being
//! answered.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::model::expiring::Expiring;
use crate::model::month::Month;

/// The ledger of an organization's credits, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credits {
    /// The month that `used` and `used_extra` are of.
    month: Option<Month>,
    /// How many of the month's allowance are spent.
    used: u64,
    /// How many extra ones were spent in the month.
    used_extra: u64,
    /// The balance of extra ones: they are spent once the allowance is.
    extra: u64,
    /// What is held for what is not done yet, until it is spent or given back.
    held: Expiring,
}

/// What there is of credits at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// How many can be spent in the month: the allowance and the extra ones.
    pub limit: u64,
    /// How many of them are spent or held.
    pub used: u64,
    /// How many are left.
    pub remaining: u64,
    /// When the month's allowance begins anew.
    pub resets_at: Timestamp,
}

impl Credits {
    /// What there is with this allowance for a month.
    pub fn balance(&self, allowance: u64, now: Timestamp) -> Balance {
        let month = Month::of(now);
        let (used, used_extra) =
            if self.month == Some(month) { (self.used, self.used_extra) } else { (0, 0) };
        let unspent = allowance.saturating_sub(used).saturating_add(self.extra);
        let remaining = unspent.saturating_sub(self.held.sum(now));
        let limit = used.saturating_add(used_extra).saturating_add(unspent);
        Balance { limit, used: limit - remaining, remaining, resets_at: month.end() }
    }

    /// Holds an amount until then. Whether there is as much is the caller's to see.
    pub fn hold(&mut self, amount: u64, until: Timestamp, now: Timestamp) {
        self.held.add(amount, until, now);
    }

    /// Gives back what was held until then.
    pub fn release(&mut self, amount: u64, until: Timestamp) {
        self.held.remove(amount, until);
    }

    /// Spends: of the month's allowance first, then of the extra ones.
    pub fn spend(&mut self, amount: u64, allowance: u64, now: Timestamp) {
        let month = Month::of(now);
        if self.month != Some(month) {
            (self.month, self.used, self.used_extra) = (Some(month), 0, 0);
        }
        let beyond = amount.saturating_sub(allowance.saturating_sub(self.used));
        let extra = beyond.min(self.extra);
        self.extra -= extra;
        self.used_extra += extra;
        // What was held is spent also if a smaller plan does not have it any more.
        self.used += amount - extra;
    }

    /// Adds to the extra ones.
    pub fn give(&mut self, amount: u64) {
        self.extra = self.extra.saturating_add(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn told(credits: &Credits, allowance: u64, now: Timestamp) -> (u64, u64, u64) {
        let Balance { limit, used, remaining, .. } = credits.balance(allowance, now);
        assert_eq!(limit, used + remaining);
        (limit, used, remaining)
    }

    #[test]
    fn the_allowance_is_spent_before_what_stays() {
        let now = time("2026-11-10T12:00:00Z");
        let mut credits = Credits::default();
        credits.give(30);
        credits.spend(90, 100, now);
        assert_eq!(told(&credits, 100, now), (130, 90, 40));
        credits.spend(20, 100, now);
        assert_eq!(told(&credits, 100, now), (130, 110, 20));
        let next = time("2026-12-01T00:00:00Z");
        assert_eq!(told(&credits, 100, next), (120, 0, 120), "extra ones stay, the allowance begins anew");
        assert_eq!(credits.balance(100, now).resets_at, next);
    }

    #[test]
    fn what_is_held_is_used_until_it_is_given_back_or_over() {
        let (now, until) = (time("2026-11-30T23:59:00Z"), time("2026-12-01T00:04:00Z"));
        let mut credits = Credits::default();
        credits.hold(40, until, now);
        assert_eq!(told(&credits, 50, now), (50, 40, 10));
        assert_eq!(told(&credits, 50, until), (50, 0, 50));
        credits.release(40, until);
        assert_eq!(told(&credits, 50, now), (50, 0, 50));
    }

    #[test]
    fn a_smaller_plan_owes_nothing() {
        let now = time("2026-11-10T12:00:00Z");
        let mut credits = Credits::default();
        credits.spend(400, 500, now);
        assert_eq!(told(&credits, 50, now), (400, 400, 0));
        credits.give(7);
        assert_eq!(told(&credits, 50, now), (407, 400, 7));
    }
}
