//! What everything is made of: errors and their envelope, identifiers, texts, time, logs and metrics. No I/O, no AWS types.

pub mod description;
pub mod email;
pub mod error;
pub mod ids;
pub mod line;
pub mod log;
pub mod metrics;
pub mod name;
pub mod sealed;
pub mod string_enum;
pub mod time;

pub use description::Description;
pub use email::Email;
pub use error::{Code, Error, Fields, Invalid};
pub use ids::{ApiKeyId, DashboardId, DataSourceId, ImportId, OrganizationId, ReportId, RunId, UserId};
pub use line::Line;
pub use name::Name;
pub use sealed::{DataKeys, SealError, Sealed};
pub use time::{Clock, Timestamp};
