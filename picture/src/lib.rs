//! Draws results: charts as SVG, and what reports are made of.

pub mod chart;
#[cfg(feature = "csv")]
pub mod csv;
mod data;
mod exact;
pub mod font;
pub mod format;
pub mod options;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(feature = "png")]
mod png;
mod report;
mod svg;
pub mod theme;
mod total;
mod value;
#[cfg(feature = "xlsx")]
pub mod xlsx;

pub use chart::{Content, Size, chart};
pub use data::Data;
pub use options::ChartOptions;
#[cfg(feature = "png")]
pub use png::{PngError, png};
pub use report::{Outcome, Part, Report, reading_order};
pub use theme::Theme;
pub use value::Value;
