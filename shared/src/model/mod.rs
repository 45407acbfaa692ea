//! What several route groups know: organizations and their users.

mod email;
mod ids;
pub mod organization;
pub mod user;

pub use email::Email;
pub use ids::{OrganizationId, UserId};
pub use organization::{Organization, Plan};
pub use user::{Role, User};
