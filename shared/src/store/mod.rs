//! How things rest: entities and counters in DynamoDB, secrets in Secrets Manager.

pub mod claim;
pub mod collection;
pub mod directory;
mod error;
mod key;
pub mod meter;
mod sealed;
mod secret;
mod secret_value;
mod table;
mod transaction;
mod versioned;

pub use error::StoreError;
pub use key::Key;
pub use sealed::{DataKeys, Sealed};
pub use secret::{Keys, Secrets, SigningKey, SigningKeys};
pub use secret_value::SecretValue;
pub use table::{GetItem, Item, Store, Tables, item};
pub(crate) use table::{attribute, read};
pub use transaction::{Expect, Write};

pub use collection::{Collection, CollectionError, Row};
pub use directory::Directory;
pub use versioned::Versioned;
