//! Draws results: charts as SVG, and what reports are made of.

mod content;
#[cfg(feature = "csv")]
pub mod csv;
mod data;
#[cfg(any(feature = "csv", feature = "xlsx"))]
mod exact;
pub mod font;
pub mod format;
pub mod options;
mod report;
pub mod theme;
mod value;
#[cfg(feature = "xlsx")]
pub mod xlsx;

pub use content::Content;
pub use data::Data;
pub use options::ChartOptions;
pub use report::{Outcome, Part, Report};
pub use theme::Theme;
pub use value::Value;
