//! Schedules in EventBridge Scheduler: each sends a message to a queue whenever it is due.
//!
//! Only the jobs that take these messages may change schedules, so they alone are told where they are ([`Target::from_env`]).

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use axum::http::StatusCode;
use serde::Serialize;

use crate::model::query::ZoneName;
use crate::model::report::Cron;
use crate::store::StoreError;
use crate::store::aws::{self, Settings, Unset, variable};
use crate::store::backoff::Backoff;
use crate::store::signed_request::{Answer, Service, Signer};

/// What the Scheduler puts the time in place of that a schedule was due at, as in `2027-01-15T08:00:00Z`
/// ([context attributes](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html)).
pub const SCHEDULED_TIME: &str = "<aws.scheduler.scheduled-time>";

/// How long to go on while others change the same schedule, and the first pause.
const CONFLICT_LIMIT: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A message that could not be sent is sent later, for a day: the most there is, and the Scheduler's own default.
const RETRIES: RetryPolicy =
    RetryPolicy { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 };

/// The schedules of a group. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Schedules(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    signer: Signer,
    endpoint: String,
    target: Target,
}

/// Where schedules belong, and what they send to.
#[derive(Clone, Debug)]
pub struct Target {
    /// The group that the schedules are in.
    pub group: String,
    /// The ARN of the role in which the Scheduler sends.
    pub role_arn: String,
    /// The ARN of the queue that it sends to.
    pub queue_arn: String,
    /// The ARN of the queue for what it could not send.
    pub dead_letters_arn: String,
}

impl Target {
    /// That queue, and as `SCHEDULE_GROUP`, `SCHEDULE_ROLE_ARN` and `SCHEDULE_DEAD_LETTERS_ARN` say.
    pub fn from_env(queue_arn: String) -> Result<Self, Unset> {
        Ok(Self {
            group: variable("SCHEDULE_GROUP")?,
            role_arn: variable("SCHEDULE_ROLE_ARN")?,
            queue_arn,
            dead_letters_arn: variable("SCHEDULE_DEAD_LETTERS_ARN")?,
        })
    }
}

/// The body of `CreateSchedule` and `UpdateSchedule`: the latter forgets whatever it is not told again. It has no `ClientToken`: to update
/// twice is to update once, and to create what has just been created is a conflict, after which it is updated.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Put<'a> {
    group_name: &'a str,
    schedule_expression: String,
    schedule_expression_timezone: &'a str,
    state: &'static str,
    flexible_time_window: FlexibleTimeWindow,
    target: PutTarget<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FlexibleTimeWindow {
    mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PutTarget<'a> {
    arn: &'a str,
    role_arn: &'a str,
    input: &'a str,
    retry_policy: RetryPolicy,
    dead_letter_config: DeadLetterConfig<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RetryPolicy {
    maximum_event_age_in_seconds: u32,
    maximum_retry_attempts: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeadLetterConfig<'a> {
    arn: &'a str,
}

/// What became of a call.
enum Outcome {
    Done,
    /// There is no such schedule, or no such group.
    Missing,
    /// Somebody else changes the schedule, or has made it.
    Conflict,
}

impl Schedules {
    /// The schedules that send there.
    pub fn new(settings: &Settings, connector: SharedHttpConnector, target: Target) -> Self {
        let Settings { region, scheduler_endpoint, .. } = settings;
        let endpoint = scheduler_endpoint.clone();
        let endpoint =
            endpoint.unwrap_or_else(|| format!("https://scheduler.{region}.{}", aws::domain(region)));
        let signer = Signer::new(Service::Scheduler, settings, connector);
        Self(Arc::new(Parts { signer, endpoint, target }))
    }

    /// Has `input` sent whenever the expression is due in that time zone, [`SCHEDULED_TIME`] in it replaced; in place of what the
    /// schedule did before, if it is there. Doing it again changes nothing. A name has 1 to 64 letters, digits and `-_.`.
    pub async fn put(
        &self,
        name: &str,
        cron: &Cron,
        timezone: &ZoneName,
        input: &str,
    ) -> Result<(), StoreError> {
        let Target { group, role_arn, queue_arn, dead_letters_arn } = &self.0.target;
        let put = Put {
            group_name: group,
            schedule_expression: cron.to_aws(),
            schedule_expression_timezone: timezone.as_str(),
            state: "ENABLED",
            flexible_time_window: FlexibleTimeWindow { mode: "OFF" },
            target: PutTarget {
                arn: queue_arn,
                role_arn,
                input,
                retry_policy: RETRIES,
                dead_letter_config: DeadLetterConfig { arn: dead_letters_arn },
            },
        };
        let body = serde_json::to_vec(&put).map_err(StoreError::unreadable)?;
        let url = self.url(name);
        let mut backoff = Backoff::new(FIRST_PAUSE, CONFLICT_LIMIT);
        loop {
            match self.call("PUT", &url, &body).await? {
                Outcome::Done => return Ok(()),
                Outcome::Missing => match self.call("POST", &url, &body).await? {
                    Outcome::Done => return Ok(()),
                    Outcome::Missing => return Err(StoreError::Refused("there is no such group".into())),
                    Outcome::Conflict => {}
                },
                Outcome::Conflict => {}
            }
            if !backoff.pause().await {
                return Err(StoreError::Conflict);
            }
        }
    }

    /// Removes the schedule; one that is not there is none to remove.
    pub async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let url = format!("{}?groupName={}", self.url(name), self.0.target.group);
        let mut backoff = Backoff::new(FIRST_PAUSE, CONFLICT_LIMIT);
        loop {
            match self.call("DELETE", &url, &[]).await? {
                Outcome::Done | Outcome::Missing => return Ok(()),
                Outcome::Conflict if backoff.pause().await => {}
                Outcome::Conflict => return Err(StoreError::Conflict),
            }
        }
    }

    async fn call(&self, method: &str, url: &str, body: &[u8]) -> Result<Outcome, StoreError> {
        let answer = self.0.signer.send(method, url, &[("content-type", "application/json")], body).await?;
        match (answer.status, answer.error_name().as_deref()) {
            (StatusCode::NOT_FOUND, Some("ResourceNotFoundException")) => Ok(Outcome::Missing),
            (StatusCode::CONFLICT, Some("ConflictException")) => Ok(Outcome::Conflict),
            _ => Answer::succeeded(answer).map(|_| Outcome::Done),
        }
    }

    /// Names are of characters that URLs take as they are.
    fn url(&self, name: &str) -> String {
        format!("{}/schedules/{name}", self.0.endpoint)
    }
}
