//! What a handler is given, and what stands around it.

pub mod app;
pub mod cors;
mod create;
mod idempotency;
mod kept_answer;
mod list;
pub mod queue_event;
mod request_log;
mod routes;
pub mod runtime;
pub mod scratch;
mod spending;

pub use app::App;
pub use create::CreateRequest;
pub use list::{Filters, ListRequest, NoFilters};
pub use routes::{Route, Routes};
pub use spending::Spending;

/// What `tests/fuzz` reaches.
#[cfg(fuzzing)]
pub mod fuzzing {
    use axum::http::Uri;

    use super::Filters;
    use crate::base::Error;
    use crate::http::page::Paging;

    /// Reads the parameters of a list.
    pub fn read_list<F: Filters>(uri: &Uri) -> Result<Paging, Error> {
        super::list::read::<F>(uri).map(|(paging, _)| paging)
    }
}
