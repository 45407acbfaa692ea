//! What every function of the API has in common.
//!
//! Inside, `access` knows `store`, `model` and `http`, which know `error`; nothing here knows a function.

pub mod access;
pub mod app;
pub mod aws;
pub mod clock;
mod dns;
pub mod error;
pub mod http;
pub mod log;
pub mod metrics;
pub mod model;
pub mod runtime;
pub mod store;
mod words;

#[doc(hidden)]
pub use pastey;

pub use app::App;
pub use error::Error;
