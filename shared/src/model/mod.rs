//! What several route groups know: organizations, their users and API keys, and how dashboards use data sources.

pub mod api_key;
pub mod dashboard;
pub mod data_source;
mod description;
mod email;
mod ids;
mod name;
pub mod organization;
pub mod user;

pub use api_key::ApiKey;
pub use description::Description;
pub use email::Email;
pub use ids::{ApiKeyId, DashboardId, DataSourceId, OrganizationId, UserId};
pub use name::Name;
pub use organization::{Organization, Plan};
pub use user::{Role, User};
