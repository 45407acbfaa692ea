//! The job that turns files into tables: reads what was uploaded, writes Parquet, and puts the data source onto it.

mod job;
mod tables;

pub use job::{Failure, Message, QueueAnswer, QueueEvent, handle};
