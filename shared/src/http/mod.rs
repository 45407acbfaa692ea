//! What every request and every response has in common.

pub mod event;
mod json;
mod query;
mod request_context;
mod request_log;
mod routes;

pub use json::JsonBody;
pub use query::Query;
pub use request_context::{PeerAddress, RequestContext};
pub use routes::{Route, Routes};
