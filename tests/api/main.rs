//! The API's specification, as requests and what must come back: a folder for each group, and beside them what is about all of
//! them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admission;
mod analytics;
mod api_keys;
mod athena;
mod attacks;
mod auth;
mod bodies;
mod collections;
mod conditional;
mod console;
mod costs;
mod dashboards;
mod data_sources;
mod databases;
mod docs;
mod events;
mod failures;
mod fetched;
mod idempotency;
mod imports;
mod mail;
mod openapi;
mod permissions;
mod rate_limits;
mod reports;
mod restore;
mod rotation;
mod routing;
mod schedules;
mod status;
mod template;
mod tenancy;
mod tokens;
mod usage;
