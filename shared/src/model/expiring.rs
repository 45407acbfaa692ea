//! Amounts that end by themselves: nobody has to take them away once their time is over.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

/// Amounts by when they end. Those that end at the same time are one, so that who adds many chooses few ends: full minutes, or days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expiring(Vec<(i64, u64)>);

impl Expiring {
    /// Adds an amount until that time, and forgets those that are over by now.
    pub fn add(&mut self, amount: u64, end: Timestamp, now: Timestamp) {
        self.0.retain(|(end, _)| *end > now.as_second());
        let end = end.as_second();
        match self.0.binary_search_by_key(&end, |(end, _)| *end) {
            Ok(place) => self.0[place].1 = self.0[place].1.saturating_add(amount),
            Err(place) => self.0.insert(place, (end, amount)),
        }
    }

    /// Takes away from what ends at that time; what is over already is none to take from.
    pub fn remove(&mut self, amount: u64, end: Timestamp) {
        if let Some((_, sum)) = self.0.iter_mut().find(|(other, _)| *other == end.as_second()) {
            *sum = sum.saturating_sub(amount);
        }
        self.0.retain(|(_, amount)| *amount > 0);
    }

    /// The sum of those that are not over.
    pub fn sum(&self, now: Timestamp) -> u64 {
        let amounts = self.0.iter().filter(|(end, _)| *end > now.as_second()).map(|(_, amount)| *amount);
        amounts.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_is_over_counts_no_more_and_is_forgotten_with_the_next() {
        let mut amounts = Expiring::default();
        amounts.add(5, at(60), at(0));
        amounts.add(2, at(60), at(1));
        amounts.add(1, at(120), at(1));
        assert_eq!((amounts.sum(at(59)), amounts.sum(at(60)), amounts.sum(at(120))), (8, 1, 0));
        amounts.add(3, at(180), at(60));
        assert_eq!(amounts, Expiring(vec![(120, 1), (180, 3)]));
    }

    #[test]
    fn what_is_taken_away_is_never_more_than_there_is() {
        let mut amounts = Expiring::default();
        amounts.add(5, at(60), at(0));
        amounts.remove(3, at(60));
        amounts.remove(1, at(120));
        assert_eq!(amounts.sum(at(0)), 2);
        amounts.remove(9, at(60));
        assert_eq!(amounts, Expiring::default());
    }
}
