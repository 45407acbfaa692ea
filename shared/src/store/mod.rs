//! How things rest: entities and counters in DynamoDB, secrets in Secrets Manager.

pub mod collection;
pub mod directory;
mod error;
mod key;
mod secret;
mod table;

pub use error::StoreError;
pub use key::Key;
pub use secret::{Secrets, SigningKey, SigningKeys};
pub use table::{Item, Store, Tables, Write};
pub(crate) use table::{attribute, read};

pub use collection::{Collection, CollectionError, Versioned};
pub use directory::Directory;
