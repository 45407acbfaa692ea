//! Tables that Athena reads: as whom it is asked, what its catalog has, and answers of its.
//!
//! A statement is started and then asked after until it has ended, also across requests: it is named by a token that is made of the
//! statement and of the window of time that its answer is for, and Athena starts one execution for a token, whoever sends it. So nobody
//! has to remember which execution belongs to which question, and a question that is asked again goes on where it was.

mod catalog;
mod client;
mod error;
mod target;
mod types;

#[cfg(feature = "queries")]
mod ask;
#[cfg(feature = "queries")]
mod csv;
#[cfg(feature = "queries")]
mod object;
#[cfg(feature = "queries")]
mod pages;
#[cfg(feature = "queries")]
mod scan;

pub use catalog::{catalog, greet};
pub use error::AthenaError;
pub use target::AthenaTarget;

#[cfg(feature = "queries")]
pub(crate) use ask::{Asking, Outcome, Window, first_rows, records, stop};
#[cfg(feature = "queries")]
pub use scan::Scan;
