//! Data sources that are imported again by themselves.

mod scheduled;
mod sync;

pub(crate) use scheduled::refresh;
pub(crate) use sync::{forget, sync, sync_after};
