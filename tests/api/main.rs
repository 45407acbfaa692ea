//! The API's specification, as requests and what must come back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod events;
mod health;
mod login;
mod refresh;
mod routing;
mod status;
