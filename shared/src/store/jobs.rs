//! The queue of jobs: what is done after a request is answered, in a function of its own.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::SharedHttpClient;
use serde::{Deserialize, Serialize};

use crate::base::{DataSourceId, OrganizationId};
use crate::store::StoreError;
use crate::store::aws::{self, Settings};

/// The longest that SQS keeps a message back
/// ([`DelaySeconds`](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html)).
pub const MAX_DELAY: Duration = Duration::from_mins(15);

/// Something to do. At least once: doing it again must change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Remove what is left of a data source's data that nothing points at any more.
    Sweep {
        /// The organization.
        organization: OrganizationId,
        /// The data source.
        data_source: DataSourceId,
    },
}

/// The queue. Cheap to clone; its client is made by the first call.
#[derive(Clone, Debug)]
pub struct Jobs(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    settings: Settings,
    http_client: SharedHttpClient,
    queue_url: String,
    client: OnceLock<Client>,
}

impl Jobs {
    /// The queue at that URL.
    pub fn new(settings: Settings, http_client: SharedHttpClient, queue_url: String) -> Self {
        Self(Arc::new(Parts { settings, http_client, queue_url, client: OnceLock::new() }))
    }

    /// Has a job done once `delay` is over.
    pub async fn send(&self, job: Job, delay: Duration) -> Result<(), StoreError> {
        let Parts { settings, http_client, queue_url, client } = &*self.0;
        let client = client.get_or_init(|| aws::sqs(settings, http_client.clone()));
        let seconds = i32::try_from(delay.min(MAX_DELAY).as_secs()).map_err(StoreError::unreadable)?;
        let body = serde_json::to_string(&job).map_err(StoreError::unreadable)?;
        client.send_message().queue_url(queue_url).message_body(body).delay_seconds(seconds).send().await?;
        Ok(())
    }
}
