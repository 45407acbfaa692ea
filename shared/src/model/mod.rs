//! What several route groups know: organizations, their users and their API keys.

pub mod api_key;
mod email;
mod ids;
mod name;
pub mod organization;
pub mod user;

pub use api_key::ApiKey;
pub use email::Email;
pub use ids::{ApiKeyId, OrganizationId, UserId};
pub use name::Name;
pub use organization::{Organization, Plan};
pub use user::{Role, User};
