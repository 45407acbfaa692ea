//! The job: takes what the queue hands over, has the file read, and puts the data source onto what it became.

mod changes;
mod error;
mod failure;
mod handle;
mod import_file;
mod publish;
mod queue_event;
mod sweep;
mod work;

pub use handle::handle;
pub use queue_event::{Failure, Message, QueueAnswer, QueueEvent};
