//! The fonts that are shipped: which characters they have, and how wide text is in them.
//!
//! Everything is laid out with these, so that a picture and a page come out the same on every machine. `fonts/README.md` says where
//! they are from and which scripts they cover.

#[cfg(any(feature = "pdf", feature = "png"))]
mod database;
mod faces;
mod layout;
mod width;

#[cfg(any(feature = "pdf", feature = "png"))]
pub(crate) use database::database;
pub use faces::{FACES, Face, Weight};
pub use layout::{shorten, wrap};
pub use width::{covers, face_for, width};

/// What `font-family` is in drawings: the shipped font, then its fallbacks, then what the viewer has.
pub const FAMILIES: &str = "Noto Sans, system-ui, sans-serif";
