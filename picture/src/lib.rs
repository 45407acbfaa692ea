//! Draws results: charts as SVG, and what reports are made of.

mod data;
mod value;

pub use data::Data;
pub use value::Value;
