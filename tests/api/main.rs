//! The API's specification, as requests and what must come back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admission;
mod api_keys;
mod events;
mod failures;
mod health;
mod login;
mod permissions;
mod rate_limits;
mod refresh;
mod routing;
mod status;
mod tenancy;
