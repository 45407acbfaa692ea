//! Databases that are asked live: real servers, of which every test has a database of its own.
//!
//! Transactions end after answers are out: on other threads, while a test waits for a server.

mod agree;
mod answer;
mod catalog;
mod data;
mod faults;
mod injection;
mod questions;
mod servers;
pub(crate) mod sources;
