//! Draws results: charts as SVG, and what reports are made of.

mod data;
pub mod font;
pub mod format;
pub mod options;
pub mod theme;
mod value;

pub use data::Data;
pub use options::ChartOptions;
pub use theme::Theme;
pub use value::Value;
