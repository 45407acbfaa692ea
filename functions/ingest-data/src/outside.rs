//! What the job reaches beside the app's stores: hosts of customers, and the Scheduler.

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use engine::web::Web;
use shared::service::runtime::AnyError;
use shared::store::Schedules;
use shared::store::aws::{Settings, variable};
use shared::store::schedules::Target;

/// What the job reaches beside the app's stores. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Hosts of customers.
    pub web: Web,
    /// The Scheduler.
    pub schedules: Schedules,
}

impl Outside {
    /// What the environment says (`JOBS_QUEUE_ARN`, [`Target::from_env`]).
    pub fn from_env(settings: &Settings, connector: SharedHttpConnector) -> Result<Self, AnyError> {
        Ok(Self {
            web: Web::public()?,
            schedules: Schedules::new(settings, connector, Target::from_env(variable("JOBS_QUEUE_ARN")?)?),
        })
    }
}
