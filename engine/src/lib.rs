//! What is in tables: how column types rest in Arrow, and how their values are written in JSON.

pub mod calendar;
pub mod cell;
pub mod types;
