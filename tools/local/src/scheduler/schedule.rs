//! A schedule: what the Scheduler is told of it, what it refuses, and when it is due.

use std::io;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::base::Timestamp;
use shared::model::query::ZoneName;
use shared::model::report::Cron;
use shared::store::schedules::SCHEDULED_TIME;

/// A schedule, as `CreateSchedule` and `UpdateSchedule` have it
/// ([its fields](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html)), as far as we use it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) group_name: Option<String>,
    schedule_expression: String,
    #[serde(default = "utc")]
    schedule_expression_timezone: String,
    #[serde(default = "enabled")]
    state: String,
    flexible_time_window: FlexibleTimeWindow,
    target: Target,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_token: Option<String>,
    /// Up to when everything was sent, and when it was made, in seconds since 1970. Ours.
    #[serde(default)]
    sent_until: i64,
    #[serde(default)]
    creation_date: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FlexibleTimeWindow {
    mode: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    arn: String,
    role_arn: String,
    #[serde(default)]
    input: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_policy: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dead_letter_config: Option<serde_json::Value>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn enabled() -> String {
    "ENABLED".to_owned()
}

/// The longest name, and the longest input, in bytes.
const MAX_NAME: usize = 64;
const MAX_INPUT: usize = 256 * 1_024;

/// Why a call is refused, as the Scheduler says it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) name: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, name: "ValidationException", message: message.into() }
    }

    pub(super) fn conflict(name: &str) -> Self {
        let message = format!("Schedule {name} already exists.");
        Self { status: StatusCode::CONFLICT, name: "ConflictException", message }
    }

    pub(super) fn missing(name: &str) -> Self {
        let message = format!("Schedule {name} does not exist.");
        Self { status: StatusCode::NOT_FOUND, name: "ResourceNotFoundException", message }
    }

    pub(super) fn not_saved(error: &io::Error) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, name: "InternalServerException", message: error.to_string() }
    }
}

/// Refuses what is no name.
pub(super) fn check_name(name: &str) -> Result<(), Refusal> {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(is_fit) {
        return Err(Refusal::invalid("Name must be 1 to 64 of the characters 0-9 a-z A-Z - _ ."));
    }
    Ok(())
}

impl Schedule {
    /// Refuses what the Scheduler would.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        Cron::from_aws(&self.schedule_expression).map_err(|error| {
            Refusal::invalid(format!("Invalid Schedule Expression {}. {error}", self.schedule_expression))
        })?;
        ZoneName::parse(&self.schedule_expression_timezone)
            .map_err(|error| Refusal::invalid(format!("Invalid ScheduleExpressionTimezone. {error}")))?;
        if !["ENABLED", "DISABLED"].contains(&self.state.as_str()) {
            return Err(Refusal::invalid("State must be ENABLED or DISABLED."));
        }
        if self.flexible_time_window.mode != "OFF" {
            return Err(Refusal::invalid("FlexibleTimeWindow.Mode must be OFF: nothing else is there."));
        }
        let Target { arn, role_arn, input, .. } = &self.target;
        if !arn.starts_with("arn:aws:sqs:") || !role_arn.starts_with("arn:aws:iam::") {
            return Err(Refusal::invalid("Target must have the Arn of a queue and the RoleArn of a role."));
        }
        if input.len() > MAX_INPUT {
            return Err(Refusal::invalid("Target.Input must not be longer than 256 KB."));
        }
        Ok(())
    }

    /// What it sends to.
    pub(super) fn queue_arn(&self) -> &str {
        &self.target.arn
    }

    /// What it sends for a time that it was due at.
    pub(super) fn message(&self, due: Timestamp) -> String {
        self.target.input.replace(SCHEDULED_TIME, &due.to_string())
    }

    /// Whatever was due before is none of its business.
    pub(super) fn begin(&mut self, now: Timestamp) {
        (self.sent_until, self.creation_date) = (now.as_second(), now.as_second());
    }

    pub(super) fn keep_creation(&mut self, earlier: &Self) {
        self.creation_date = earlier.creation_date;
    }

    /// It has sent for that time, and those before.
    pub(super) fn fired(&mut self, due: Timestamp) {
        self.sent_until = due.as_second();
    }

    /// The last time until now that it was due and has not sent for.
    pub(super) fn last_due(&self, now: Timestamp) -> Option<Timestamp> {
        let sent_until = Timestamp::from_second(self.sent_until)?;
        let times = std::iter::successors(self.next_after(sent_until), |due| self.next_after(*due));
        times.take_while(|due| *due <= now).last()
    }

    /// When it is due next, unless it is disabled.
    pub(super) fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        if self.state != "ENABLED" {
            return None;
        }
        let cron = Cron::from_aws(&self.schedule_expression).ok()?;
        cron.next_after(time, ZoneName::parse(&self.schedule_expression_timezone).ok()?.zone())
    }
}
