//! The whole API in one process, over stores that need nothing installed.
//!
//! Production code has no local branch: the functions' own routers are merged into one server, and pointed at an
//! embedded DynamoDB, S3, SQS, Secrets Manager, EventBridge Scheduler and SES on loopback ports.

pub mod background;
pub mod data_dir;
pub mod demo;
pub mod dynamodb;
pub mod endpoints;
pub mod files;
mod http_client;
pub mod outbox;
pub mod queue;
pub mod scheduler;
pub mod secrets_manager;
pub mod server;
mod start_error;
pub mod stores;
pub mod tables;

pub use start_error::StartError;
pub use stores::{Storage, Stores};
