//! What the tests have in common: an app over real stores, an organization of each test's own, and requests.
//!
//! The stores are embedded and shared by all tests of a run, which keep apart by organization. Where
//! `AWS_ENDPOINT_URL_DYNAMODB` is set, that DynamoDB is used instead.

#![expect(clippy::missing_panics_doc, reason = "it panics where the test that uses it has failed")]

mod actor;
mod app;
mod clock;
mod cloud;
mod contract;
pub mod databases;
pub mod entities;
pub mod https;
mod jobs;
mod log_guard;
pub mod own_network;
pub mod paths;
mod reply;
mod reports;
mod request;
mod router_wire;
mod stores;
pub mod token;
mod users;
pub mod widget;
mod wire;

pub use actor::{Actor, Instance, TestKey, TestUser};
pub use app::{TestApp, config};
pub use clock::TestClock;
pub use reply::Reply;
pub use request::TestRequest;
pub use router_wire::{RouterWire, ServiceCall, ServiceFault};
pub use stores::{settings, table_names};
pub use users::{PASSWORD, password_hash};
pub use wire::{Call, Fault, Wire};
