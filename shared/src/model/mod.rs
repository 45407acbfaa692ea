//! What the API talks about, one folder or file each. No HTTP, no storage.

pub mod api_key;
pub mod calendar;
pub mod dashboard;
pub mod data_source;
pub mod import;
pub mod json_text;
pub mod number;
pub mod organization;
pub mod plan;
pub mod query;
pub mod report;
pub mod resolve;
pub mod resolved;
pub mod result;
pub mod table;
pub mod user;

pub use api_key::ApiKey;
pub use dashboard::Dashboard;
pub use data_source::DataSource;
pub use import::Import;
pub use organization::Organization;
pub use plan::Plan;
pub use report::{Report, Run};
pub use user::{Role, User};
