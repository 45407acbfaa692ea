//! Runs of reports: a file that was made, or why it was not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Format;
use crate::base::{RunId, Timestamp, UserId};
use crate::model::import::Attempt;
use crate::string_enum;

/// How long a run may take, in seconds: after that, all of its attempts are over.
pub const RUN_SECONDS: i64 = 6 * 3_600;

/// How long a run and its file are kept, in seconds: 90 days.
pub const KEPT_SECONDS: i64 = 90 * 86_400;

string_enum! {
    /// How far a run is.
    #[schema(as = RunStatus)]
    pub enum Status {
        /// For its turn.
        Waiting = "waiting",
        /// The file is being made.
        Running = "running",
        /// The file is there.
        Done = "done",
        /// There is no file.
        Failed = "failed",
    }
}

string_enum! {
    /// Why a run was made.
    #[schema(as = RunTrigger)]
    pub enum Trigger {
        /// Somebody asked for it.
        Manual = "manual",
        /// It was time.
        Schedule = "schedule",
    }
}

string_enum! {
    /// What became of a mail.
    #[schema(as = DeliveryStatus)]
    pub enum DeliveryStatus {
        /// It was handed over for sending.
        Sent = "sent",
        /// It was not, and will not be.
        Failed = "failed",
    }
}

/// What became of the mail to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// The user.
    pub user: UserId,
    /// What became of it.
    #[schema(required)]
    pub status: DeliveryStatus,
    /// Why it was not sent.
    #[schema(required)]
    pub reason: Option<String>,
}

/// The file that a run has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it is in the bucket.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// How large it is.
    pub size_bytes: u64,
    /// How many pages it has, where it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u64>,
    /// How many rows of data are in it.
    pub rows: u64,
    /// Whether there are more rows than the format can hold.
    pub truncated: bool,
}

/// A run as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The run's ID, counted from 1 in its report.
    pub id: RunId,
    /// How far it is.
    pub status: Status,
    /// Why it was made.
    pub trigger: Trigger,
    /// The time of the schedule that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Timestamp>,
    /// What kind of file is made.
    pub format: Format,
    /// Who gets it by mail.
    pub recipients: Vec<UserId>,
    /// What became of the mails.
    pub deliveries: Vec<Delivery>,
    /// Who works on it, and until when nobody else does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Attempt>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
    /// Why there is no file, or what it lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When work on it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it was done or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}

impl Run {
    /// Whether its file is there, or will never be.
    pub fn is_finished(&self) -> bool {
        matches!(self.status, Status::Done | Status::Failed)
    }

    /// Who is still to be mailed.
    pub fn undelivered(&self) -> Vec<UserId> {
        let is_done = |user: &UserId| self.deliveries.iter().any(|delivery| delivery.user == *user);
        let users = self.recipients.iter().copied().filter(|user| !is_done(user));
        if self.status == Status::Done { users.collect() } else { Vec::new() }
    }

    /// Gives up on the mails that are still to be sent.
    pub fn give_up(&mut self, reason: &str) {
        let failed =
            |user| Delivery { user, status: DeliveryStatus::Failed, reason: Some(reason.to_owned()) };
        let failed: Vec<_> = self.undelivered().into_iter().map(failed).collect();
        self.deliveries.extend(failed);
        self.attempt = None;
    }

    /// Whether there is work left.
    pub fn is_open(&self) -> bool {
        !self.is_finished() || !self.undelivered().is_empty()
    }

    /// Ends it without a file.
    pub fn fail(&mut self, reason: String, now: Timestamp) {
        self.status = Status::Failed;
        self.reason = Some(reason);
        self.attempt = None;
        self.finished_at = Some(now);
    }

    /// The run as it is at this time: one whose work did not end has failed, and what was not mailed within the time of a run is news no
    /// more. While an attempt is at work, neither is so: it may still make the file, and what it mails is sent.
    pub fn at(mut self, now: Timestamp) -> Self {
        if self.attempt.as_ref().is_some_and(|attempt| !attempt.is_over(now)) {
            return self;
        }
        let end = self.finished_at.unwrap_or(self.created_at).plus_seconds(RUN_SECONDS);
        if end <= now {
            if self.is_finished() {
                self.give_up(NO_MAIL);
            } else {
                self.fail(NO_END.to_owned(), end);
            }
        }
        self
    }
}

const NO_MAIL: &str = "The mail service could not be reached for 6 hours.";
const NO_END: &str =
    "The report did not come to an end within 6 hours. Run it again; if that fails too, report it.";
