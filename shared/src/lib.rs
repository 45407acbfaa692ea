//! What every function of the API has in common.
//!
//! In layers, each of which uses only those before it: `base`, `model`, `http`, `store`, `access`, `service`
//! (`docs/architecture.md`). A test reads the imports and holds them to it.

pub mod access;
pub mod base;
pub mod http;
pub mod model;
pub mod service;
pub mod store;

#[doc(hidden)]
pub use pastey;

pub use base::Error;
pub use service::App;
