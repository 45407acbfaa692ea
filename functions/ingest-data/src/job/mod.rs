//! The job: takes what the queue hands over, has the file read, and puts the data source onto what it became.

mod changes;
mod error;
mod failure;
mod handle;
mod import_file;
mod publish;
mod sweep;
mod task;
mod work;

pub use handle::handle;
