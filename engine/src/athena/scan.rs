//! What Athena reads for an answer, and what that costs.

use serde::{Deserialize, Serialize};

/// What a terabyte costs, in US dollars, in most regions.
/// <https://aws.amazon.com/athena/pricing/>
const USD_PER_TERABYTE: f64 = 5.0;

const TERABYTE: f64 = 1e12;

/// What a query is charged for at least, in bytes.
const LEAST_BYTES: u64 = 10_000_000;

/// What was read for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// How many bytes.
    pub bytes: u64,
    /// How many bytes are charged for.
    pub billed_bytes: u64,
}

impl Scan {
    /// What one statement has read. One that was answered by a result that was there costs nothing.
    pub(super) fn of(bytes: u64, was_reused: bool) -> Self {
        Self { bytes, billed_bytes: if was_reused { 0 } else { bytes.max(LEAST_BYTES) } }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.billed_bytes = self.billed_bytes.saturating_add(other.billed_bytes);
    }

    /// What it costs, about, in US dollars.
    #[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
    pub fn cost_usd(self) -> f64 {
        let cost = self.billed_bytes as f64 / TERABYTE * USD_PER_TERABYTE;
        // To the millionth of a dollar.
        (cost * 1e6).round() / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_queries_are_charged_for_ten_megabytes_and_reused_results_for_nothing() {
        let mut scan = Scan::of(1, false);
        assert!((scan.cost_usd() - 0.000_05).abs() < 1e-12);
        scan.add(Scan::of(2_000_000_000_000, false));
        assert!((scan.cost_usd() - 10.000_05).abs() < 1e-9);
        assert_eq!(Scan::of(5, true).billed_bytes, 0);
    }
}
