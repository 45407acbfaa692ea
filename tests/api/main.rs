//! The API's specification, as requests and what must come back.

#![expect(clippy::too_many_lines, reason = "tables of cases are long")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admission;
mod api_keys;
mod attacks;
mod collections;
mod conditional;
mod costs;
mod dashboards;
mod data_sources;
mod docs;
mod events;
mod failures;
mod health;
mod idempotency;
mod login;
mod openapi;
mod permissions;
mod rate_limits;
mod refresh;
mod restore;
mod rotation;
mod routing;
mod status;
mod template;
mod tenancy;
