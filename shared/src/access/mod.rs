//! Who is calling, and what they may do.

pub mod admission;
pub mod api_key;
mod credential;
mod hs256;
pub mod key_usage;
pub mod password;
pub mod permission;
pub mod rate_limit;
mod tenant;
pub mod token;

pub use admission::Caller;
pub use credential::Credential;
pub use password::Password;
pub use permission::{Access, Permission};
pub use tenant::Tenant;
