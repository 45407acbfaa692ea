//! Databases that are asked where they are: connecting to them, what is in them, and answers of theirs.
//!
//! A connection is made to an address that was looked up once and checked. It is for one source of one organization, asks in read-only
//! transactions with a time limit that the server keeps, too, and is closed after anything that went wrong.

mod address;
mod catalog;
mod error;
mod mysql;
mod postgresql;
mod session;
mod target;
mod tls;

#[cfg(feature = "queries")]
mod cancel;
#[cfg(feature = "queries")]
mod connections;
#[cfg(feature = "queries")]
mod sessions;

pub use catalog::{Catalog, catalog};
pub(crate) use catalog::{Listed, MAX_TABLES, gather};
pub use error::SourceError;
pub(crate) use error::message;
pub(crate) use session::within;
pub use session::{PATIENCE, greet};
pub use target::Target;

#[cfg(feature = "queries")]
pub(crate) use {
    connections::{Asked, Connections, dialect, first_instant},
    sessions::Begun,
};
