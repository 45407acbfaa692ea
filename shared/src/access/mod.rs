//! Who is calling, and what they may do.

pub mod admission;
mod credential;
pub mod password;
pub mod permission;
pub mod token;

pub use admission::{Caller, Tenant};
pub use credential::Credential;
pub use password::Password;
pub use permission::{Access, Permission};
