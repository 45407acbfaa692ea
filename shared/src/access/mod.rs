//! Who is calling, and what they may do.

pub mod admission;
pub mod api_key;
mod caller;
mod credential;
mod hs256;
mod identity;
pub mod password;
pub mod permission;
mod proved_keys;
pub mod rate_limit;
mod tally;
mod tenant;
pub mod token;
pub mod usage;

pub use admission::Admission;
pub use caller::{Caller, LoggedCaller};
pub use credential::Credential;
pub use password::Password;
pub use permission::{Access, Permission};
pub use tenant::Tenant;
