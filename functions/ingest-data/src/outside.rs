//! What the job reaches beside the app's stores: hosts and buckets of customers, and the Scheduler.

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use shared::service::runtime::AnyError;
use shared::store::aws::{Settings, variable};
use shared::store::schedules::Target;
use shared::store::{Buckets, Schedules};

use crate::web::{Patience, Trust};

/// What the job reaches beside the app's stores. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Hosts of customers.
    pub web: Web,
    /// Buckets of customers.
    pub buckets: Buckets,
    /// The Scheduler.
    pub schedules: Schedules,
}

/// How hosts of customers are reached.
#[derive(Clone, Debug)]
pub struct Web {
    /// Whose certificates are trusted.
    pub trust: Trust,
    /// How long each step may take.
    pub patience: Patience,
    /// How to wait before something is tried again.
    pub sleep: SharedAsyncSleep,
}

impl Web {
    /// Hosts with certificates that browsers trust.
    pub fn public() -> Result<Self, AnyError> {
        let sleep = SharedAsyncSleep::new(TokioSleep::new());
        Ok(Self { trust: Trust::public()?, patience: Patience::default(), sleep })
    }
}

impl Outside {
    /// What the environment says (`JOBS_QUEUE_ARN`, [`Target::from_env`]).
    pub fn from_env(settings: &Settings, connector: SharedHttpConnector) -> Result<Self, AnyError> {
        Ok(Self {
            web: Web::public()?,
            buckets: Buckets::new(settings.clone(), connector.clone()),
            schedules: Schedules::new(settings, connector, Target::from_env(variable("JOBS_QUEUE_ARN")?)?),
        })
    }
}
