//! How things rest: entities and counters in DynamoDB, secrets in Secrets Manager.

pub mod api_keys;
pub mod aws;
mod backoff;
pub mod claim;
pub mod collection;
pub mod dashboards;
pub mod data_sources;
pub mod directory;
mod dns;
mod entity;
mod error;
pub mod item;
mod key;
pub mod meter;
pub mod organizations;
mod secret;
mod secret_value;
mod table;
mod transaction;
mod update_expression;
pub mod users;
mod versioned;

pub use collection::CollectionError;
pub use directory::{Directory, Filter};
pub use entity::{Collection, Summary};
pub use error::StoreError;
pub use item::Item;
pub use key::Key;
pub use secret::{Keys, Secrets};
pub use secret_value::{SecretValue, SigningKey, SigningKeys};
pub use table::{GetItem, Store, Tables};
pub use transaction::{Expect, Write};
pub use versioned::Versioned;
