//! The job: takes what the queue hands over, fetches and reads what is to be imported, and puts the data source onto what it became.

mod changes;
mod claim;
mod error;
mod failure;
mod fetch;
mod handle;
mod import;
mod log;
mod publish;
mod put;
mod refresh;
mod sweep;
mod task;
mod unchanged;
mod work;

pub use handle::handle;
