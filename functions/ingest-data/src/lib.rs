//! Files, REST APIs and buckets become tables. The job takes what the queue hands over, fetches and reads it, and puts the data source
//! onto what it became.
//!
//! Reading is [`import`]'s: it reads one file, whatever kind it is of, and writes a Parquet file for each table in it.
//!
//! The way of a CSV, JSON or XLSX file: an `input` splits it into `cells` on a thread of its own; a `pass` over these finds out the
//! type of each `column` and makes Arrow arrays; the `store` keeps them, in memory or on disk, sorted by time; `write` makes the
//! Parquet file. What a Parquet file holds has types already and goes to the store at once.

pub mod failure;
pub mod limits;

mod cells;
mod column;
mod input;
mod job;
mod names;
mod outside;
mod pass;
mod records;
mod store;
mod tables;
mod value;
mod write;

pub use failure::ImportFailure;
pub use job::handle;
pub use limits::Limits;
pub use outside::Outside;
pub use tables::{Imported, WrittenTable, import, import_all};
