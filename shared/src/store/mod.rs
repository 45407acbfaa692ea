//! How things rest: entities and counters in DynamoDB, secrets in Secrets Manager.

mod error;
mod key;
mod secret;
mod table;

pub use error::StoreError;
pub use key::Key;
pub use secret::{Secrets, SigningKey, SigningKeys};
pub use table::{Item, Store, Tables, Write};
