//! Axes: where values are, and what is written beside them.

pub(super) mod band;
pub(super) mod ticks;
pub(super) mod time;

/// A label at a place along an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AxisLabel {
    /// Where its middle is, in pixels.
    pub(super) at: f64,
    /// What it says.
    pub(super) text: String,
    /// What is under that, like the year under a month.
    pub(super) below: Option<String>,
}
