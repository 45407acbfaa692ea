//! The whole API in one process, over stores that need nothing installed.
//!
//! Production code has no local branch: the functions' own routers are merged into one server, and pointed at an
//! embedded DynamoDB and Secrets Manager on loopback ports.

pub mod data_dir;
pub mod demo;
pub mod dynamodb;
pub mod endpoints;
pub mod secrets_manager;
pub mod server;
pub mod stores;
pub mod tables;

pub use stores::{Storage, Stores};

use shared::http::Routes;

/// The routes of every function.
pub fn routes() -> Routes {
    Routes::new()
        .merge(auth::routes())
        .merge(api_keys::routes())
        .merge(data_sources::routes())
        .merge(dashboards::routes())
        .merge(status::routes())
        .merge(docs::routes())
}
