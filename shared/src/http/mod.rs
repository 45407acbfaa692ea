//! What every request and every response has in common.

mod created;
pub mod etag;
pub mod event;
mod id;
mod idempotency;
mod json;
mod list;
mod merge_patch;
pub mod page;
mod query;
mod request_context;
mod request_log;
mod routes;

pub use created::Created;
pub use etag::{IfMatch, Tagged};
pub use id::PathId;
pub use idempotency::Idempotency;
pub use json::JsonBody;
pub use list::ListRequest;
pub use merge_patch::MergePatch;
pub use query::Query;
pub use request_context::{PeerAddress, RequestContext};
pub use request_log::LoggedCaller;
pub use routes::{Route, Routes};

/// A path in its canonical form, which ends in a slash.
pub(crate) fn canonical(path: &str) -> String {
    if path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
}
