//! Draws results: charts as SVG, and what reports are made of.

mod content;
#[cfg(feature = "csv")]
pub mod csv;
mod data;
#[cfg(any(feature = "csv", feature = "xlsx", feature = "pdf"))]
mod exact;
mod report;
mod value;

pub use content::Content;
pub use data::Data;
pub use report::{Outcome, Part, Report};
pub use value::Value;
