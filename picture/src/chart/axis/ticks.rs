//! Ticks of axes of values: round numbers that cover the data.

use crate::format::{self, NumberFormat};

/// Steps between ticks, as tenths of a power of ten.
const STEPS: [i128; 4] = [10, 20, 25, 50];

/// Axes whose greatest number is at least this have compact labels.
const COMPACT_FROM: f64 = 10_000.0;

/// What an axis of values must show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    /// The least value.
    pub(crate) least: f64,
    /// The greatest value.
    pub(crate) most: f64,
    /// Whether zero must be on it.
    pub(crate) with_zero: bool,
    /// Whether there are only whole numbers.
    pub(crate) is_whole: bool,
    /// Where the client wants it to begin.
    pub(crate) minimum: Option<f64>,
    /// Where the client wants it to end.
    pub(crate) maximum: Option<f64>,
    /// How many ticks there are to be about.
    pub(crate) count: u32,
}

/// An axis of values.
#[derive(Clone, Debug)]
pub(crate) struct ValueAxis {
    /// Where it begins.
    pub(crate) low: f64,
    /// Where it ends.
    pub(crate) high: f64,
    /// How many steps from zero each tick is.
    counts: Vec<i128>,
    /// The step: so many units of ten to a power.
    units: i128,
    power: i32,
}

impl ValueAxis {
    /// The axis that shows what is demanded. Its ends are ticks, but where the client has set them.
    pub(crate) fn new(demand: Demand) -> Self {
        let (minimum, maximum) = match (demand.minimum, demand.maximum) {
            (Some(minimum), Some(maximum)) if minimum >= maximum => (None, None),
            bounds => bounds,
        };
        let (mut low, mut high) = (demand.least, demand.most);
        if demand.with_zero || is_flat(low, high) {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        low = minimum.unwrap_or(low);
        high = maximum.unwrap_or(high);
        if low >= high || is_flat(low, high) {
            // One end is the client's and the data are beyond it, or everything is zero.
            let span = if low.abs().max(high.abs()) > 0.0 { low.abs().max(high.abs()) } else { 1.0 };
            match (minimum, maximum) {
                (None, Some(maximum)) => low = maximum - span,
                _ => high = low + span,
            }
        }
        let (units, power) = round_step((high - low) / f64::from(demand.count.max(1)), demand.is_whole);
        let step = step_size(units, power);
        let first = if minimum.is_some() { (low / step - 1e-9).ceil() } else { (low / step + 1e-9).floor() };
        let last = if maximum.is_some() { (high / step + 1e-9).floor() } else { (high / step - 1e-9).ceil() };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "there are about `count` steps between, and few to zero"
        )]
        let (first, last) = (first as i128, last as i128);
        let last = if maximum.is_none() { last.max(first + 1) } else { last };
        #[expect(clippy::cast_precision_loss, reason = "counts of steps are small")]
        let at = |count: i128| count as f64 * step;
        let low = minimum.unwrap_or_else(|| at(first));
        let high = maximum.unwrap_or_else(|| at(last));
        let counts = (first..=last).take(MAX_TICKS).collect();
        Self { low, high, counts, units, power }
    }

    /// The ticks and what is written at them.
    pub(crate) fn ticks(&self, format: NumberFormat) -> Vec<(f64, String)> {
        let step = step_size(self.units, self.power);
        let is_compact = self.low.abs().max(self.high.abs()) >= COMPACT_FROM;
        let write = |count: &i128| {
            #[expect(clippy::cast_precision_loss, reason = "counts of steps are small")]
            let value = *count as f64 * step;
            (value, format::tick(count.saturating_mul(self.units), self.power, is_compact, format))
        };
        self.counts.iter().map(write).collect()
    }

    /// Where a value is on it: 0 is its beginning, 1 its end. Values far beyond it are a few lengths of it away.
    pub(crate) fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(-3.0, 4.0)
    }

    /// Whether a value is on it.
    pub(crate) fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// No axis has more.
const MAX_TICKS: usize = 24;

/// Whether two numbers are too close for ticks between them.
fn is_flat(low: f64, high: f64) -> bool {
    (high - low).abs() <= low.abs().max(high.abs()) * 1e-9
}

/// The least round step that is not below a size, as units of a power of ten.
fn round_step(size: f64, is_whole: bool) -> (i128, i32) {
    #[expect(clippy::cast_possible_truncation, reason = "exponents are small")]
    let mut power = size.log10().floor() as i32;
    let scaled = |power: i32| size / 10_f64.powi(power);
    if scaled(power) > 10.0 * (1.0 - 1e-9) {
        power += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "they are tens")]
    let fits = |units: &&i128| **units as f64 >= scaled(power) * 10.0 * (1.0 - 1e-9);
    let (units, power) = STEPS.iter().find(fits).map_or((10, power), |units| (*units, power - 1));
    if is_whole && step_size(units, power) < 1.0 {
        return (1, 0);
    }
    // Between 2 and 3 no whole number is a tick at 2.5.
    if is_whole && units == 25 && power < 0 { (5, 0) } else { (units, power) }
}

fn step_size(units: i128, power: i32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "they are at most two digits")]
    let units = units as f64;
    // Dividing by a power is exact where multiplying by its inverse is not.
    if power < 0 && power > -300 { units / 10_f64.powi(-power) } else { units * 10_f64.powi(power) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn axis(least: f64, most: f64, with_zero: bool) -> ValueAxis {
        ValueAxis::new(Demand {
            least,
            most,
            with_zero,
            is_whole: false,
            minimum: None,
            maximum: None,
            count: 5,
        })
    }

    fn labels(axis: &ValueAxis) -> Vec<String> {
        axis.ticks(NumberFormat::default()).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(labels(&axis(3.0, 97.0, true)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(&axis(0.0, 1.0, true)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(labels(&axis(-40.0, 60.0, true)), ["-40", "-20", "0", "20", "40", "60"]);
        assert_eq!(labels(&axis(0.0, 1_234_567.0, true)), ["0", "250K", "500K", "750K", "1M", "1.25M"]);
        assert_eq!(labels(&axis(0.0, 0.0, true)).len(), 6);
        assert_eq!(labels(&axis(1_010_000.0, 1_090_000.0, false))[..2], ["1M", "1.02M"]);
    }

    #[test]
    fn whole_numbers_have_whole_ticks() {
        let axis = ValueAxis::new(Demand { is_whole: true, most: 2.0, ..demand() });
        assert_eq!(labels(&axis), ["0", "1", "2"]);
        let axis = ValueAxis::new(Demand { is_whole: true, most: 11.0, ..demand() });
        assert_eq!(labels(&axis), ["0", "5", "10", "15"]);
    }

    fn demand() -> Demand {
        Demand {
            least: 0.0,
            most: 10.0,
            with_zero: true,
            is_whole: false,
            minimum: None,
            maximum: None,
            count: 5,
        }
    }

    #[test]
    fn a_client_sets_the_ends() {
        let axis = ValueAxis::new(Demand { minimum: Some(3.0), maximum: Some(47.0), ..demand() });
        assert_eq!((axis.low, axis.high), (3.0, 47.0));
        assert_eq!(labels(&axis), ["10", "20", "30", "40"]);
        // Ends that are the wrong way round are none.
        let axis = ValueAxis::new(Demand { minimum: Some(5.0), maximum: Some(5.0), ..demand() });
        assert_eq!((axis.low, axis.high), (0.0, 10.0));
        let axis = ValueAxis::new(Demand { minimum: Some(500.0), ..demand() });
        assert!(axis.high > 500.0);
        let axis = ValueAxis::new(Demand { maximum: Some(-500.0), ..demand() });
        assert!(axis.low < -500.0);
    }

    proptest! {
        #[test]
        fn axes_cover_the_data_with_few_round_ticks(
            mantissas in (-10.0..10.0_f64, -10.0..10.0_f64),
            exponents in (-279..299_i32, -279..299_i32),
            with_zero: bool,
            is_whole: bool,
            count in 1..9_u32,
        ) {
            let a = mantissas.0 * 10_f64.powi(exponents.0);
            let b = mantissas.1 * 10_f64.powi(exponents.1);
            let (least, most) = (a.min(b), a.max(b));
            let axis = ValueAxis::new(Demand { least, most, with_zero, is_whole, count, ..demand() });
            let slack = (axis.high - axis.low) * 1e-6;
            prop_assert!(axis.low < axis.high && axis.low.is_finite() && axis.high.is_finite());
            prop_assert!(axis.low <= least + slack && most - slack <= axis.high, "{axis:?}");
            prop_assert!(!with_zero || (axis.low <= 0.0 && 0.0 <= axis.high));
            let ticks = axis.ticks(NumberFormat::default());
            prop_assert!((2..=10).contains(&ticks.len()), "{} ticks", ticks.len());
            prop_assert!([1, 2, 5, 10, 20, 25, 50].contains(&axis.units));
            prop_assert!(ticks.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1), "{ticks:?}");
        }
    }
}
