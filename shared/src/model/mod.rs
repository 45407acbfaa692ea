//! What the API talks about, one folder or file each. No HTTP, no storage.

pub mod api_key;
pub mod calendar;
pub mod credits;
pub mod dashboard;
pub mod data_source;
pub mod expiring;
pub mod import;
pub mod json_text;
pub mod month;
pub mod number;
pub mod organization;
pub mod plan;
pub mod query;
pub mod report;
pub mod resolve;
pub mod resolved;
pub mod result;
pub mod storage;
pub mod table;
pub mod usage;
pub mod user;

pub use api_key::ApiKey;
pub use dashboard::Dashboard;
pub use data_source::DataSource;
pub use import::Import;
pub use month::{Day, Month};
pub use organization::Organization;
pub use plan::{Plan, PlanLimit};
pub use report::{Report, Run};
pub use usage::Counts;
pub use user::{Role, User};
