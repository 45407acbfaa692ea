//! The queues of jobs: what is done after a request is answered, in functions of their own.
//!
//! Imports and reports have a queue each: neither waits for the other, and each is done by the function that can do it.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use serde::{Deserialize, Serialize};

use crate::base::{DataSourceId, ImportId, OrganizationId, ReportId, Timestamp};
use crate::store::StoreError;
use crate::store::aws::Settings;
use crate::store::signed_request::{Service, Signer};

/// The longest that SQS keeps a message back
/// ([`DelaySeconds`](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html)).
pub const MAX_DELAY: Duration = Duration::from_mins(15);

/// Something to do for data sources. At least once: doing it again must change nothing.
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
    /// Do an import that needs no file.
    Import {
        /// The organization.
        organization: OrganizationId,
        /// The data source.
        data_source: DataSourceId,
        /// The import.
        import: ImportId,
    },
    /// The same for all imports of a data source after one. It is sent before an import is made, whose ID nobody knows yet.
    ImportsAfter {
        /// The organization.
        organization: OrganizationId,
        /// The data source.
        data_source: DataSourceId,
        /// The import before the first.
        after: ImportId,
    },
    /// Do the import that a data source's schedule asks for. The Scheduler sends it.
    Refresh {
        /// The organization.
        organization: OrganizationId,
        /// The data source.
        data_source: DataSourceId,
        /// When it was due, as the Scheduler writes it: RFC 3339, in UTC.
        scheduled_for: Timestamp,
    },
    /// Give the Scheduler the schedule that a data source has now, or none.
    SyncRefresh {
        /// The organization.
        organization: OrganizationId,
        /// The data source.
        data_source: DataSourceId,
    },
    /// The same for all data sources of an organization after one.
    SyncRefreshes {
        /// The organization.
        organization: OrganizationId,
        /// The data source before the first.
        after: DataSourceId,
    },
}

/// Something to do for reports. At least once: doing it again must change nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum ReportJob {
    /// Do the runs of a report that are waiting.
    Run {
        /// The organization.
        organization: OrganizationId,
        /// The report.
        report: ReportId,
    },
    /// Do the run that a report's schedule asks for. The Scheduler sends it.
    Scheduled {
        /// The organization.
        organization: OrganizationId,
        /// The report.
        report: ReportId,
        /// When it was due, as the Scheduler writes it: RFC 3339, in UTC.
        scheduled_for: Timestamp,
    },
    /// Give the Scheduler the schedule that a report has now, or none.
    SyncSchedule {
        /// The organization.
        organization: OrganizationId,
        /// The report.
        report: ReportId,
    },
    /// The same for all reports of an organization, from one on.
    SyncSchedules {
        /// The organization.
        organization: OrganizationId,
        /// The report before the first.
        after: ReportId,
    },
}

/// A queue of such jobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Jobs<J> {
    parts: Arc<Parts>,
    job: PhantomData<fn(J)>,
}

#[derive(Debug)]
struct Parts {
    signer: Signer,
    /// Where SQS is.
    endpoint: String,
    queue_url: String,
}

impl<J: Serialize> Jobs<J> {
    /// The queue at that URL.
    pub fn new(settings: &Settings, connector: SharedHttpConnector, queue_url: String) -> Self {
        let signer = Signer::new(Service::Sqs, settings, connector);
        let endpoint = settings.sqs_endpoint.clone().unwrap_or_else(|| origin(&queue_url).to_owned());
        Self { parts: Arc::new(Parts { signer, endpoint, queue_url }), job: PhantomData }
    }

    /// Has a job done once `delay` is over: at most [`MAX_DELAY`].
    pub async fn send(&self, job: J, delay: Duration) -> Result<(), StoreError> {
        let Parts { signer, endpoint, queue_url } = &*self.parts;
        let message = SendMessage {
            queue_url,
            message_body: serde_json::to_string(&job).map_err(StoreError::unreadable)?,
            delay_seconds: delay.min(MAX_DELAY).as_secs(),
        };
        let body = serde_json::to_vec(&message).map_err(StoreError::unreadable)?;
        let url = format!("{endpoint}/");
        // A message that is sent twice is a job that is done twice, which changes nothing.
        signer.send("POST", &url, &SEND_MESSAGE, &body).await?.succeeded()?;
        Ok(())
    }
}

/// The call, in [SQS's JSON protocol](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html).
const SEND_MESSAGE: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.SendMessage")];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessage<'a> {
    queue_url: &'a str,
    message_body: String,
    delay_seconds: u64,
}

/// The beginning of a URL, without its path.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url[host..].find('/').map_or(url.len(), |path| host + path);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_says_where_sqs_is() {
        let url = "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs";
        assert_eq!(origin(url), "https://sqs.eu-central-1.amazonaws.com");
        assert_eq!(origin("http://127.0.0.1:99"), "http://127.0.0.1:99");
    }

    #[test]
    fn jobs_of_reports_are_named_in_the_message() {
        let (organization, report) = (1.into(), 2.into());
        let due = "2027-01-15T08:00:00Z";
        for (job, written) in [
            (
                ReportJob::Run { organization, report },
                r#"{"job":"run","organization":1,"report":2}"#.to_owned(),
            ),
            (
                ReportJob::Scheduled { organization, report, scheduled_for: due.parse().unwrap() },
                format!(r#"{{"job":"scheduled","organization":1,"report":2,"scheduled_for":"{due}"}}"#),
            ),
            (
                ReportJob::SyncSchedule { organization, report },
                r#"{"job":"sync_schedule","organization":1,"report":2}"#.to_owned(),
            ),
            (
                ReportJob::SyncSchedules { organization, after: report },
                r#"{"job":"sync_schedules","organization":1,"after":2}"#.to_owned(),
            ),
        ] {
            assert_eq!(serde_json::to_string(&job).unwrap(), written);
            assert_eq!(serde_json::from_str::<ReportJob>(&written).unwrap(), job);
        }
    }
}
