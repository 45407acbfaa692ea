//! What requests and responses are made of. Nobody's identity, no storage.

mod created;
pub mod etag;
pub mod event;
mod input;
pub(crate) mod json;
mod merge_patch;
pub mod page;
pub mod path;
pub(crate) mod query;
mod request_context;
pub(crate) mod response;

pub use created::Created;
pub use etag::{IfMatch, Tag, Tagged};
pub use input::{Input, Inputs};
pub use json::JsonBody;
pub use merge_patch::MergePatch;
pub use query::Query;
pub use request_context::{PeerAddress, RequestContext};

/// A path in its canonical form, which ends in a slash.
pub(crate) fn canonical(path: &str) -> String {
    if path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
}
