//! Draws results: charts as SVG, and what reports are made of.

pub mod chart;
mod data;
pub mod font;
pub mod format;
pub mod options;
#[cfg(feature = "png")]
mod png;
mod svg;
pub mod theme;
mod value;

pub use chart::{Content, Size, chart};
pub use data::Data;
pub use options::ChartOptions;
#[cfg(feature = "png")]
pub use png::{PngError, png};
pub use theme::Theme;
pub use value::Value;
