//! Questions that take longer than a request may: what is kept of them, so that whoever asks again, of whatever instance, goes on with
//! what was started.
//!
//! Such a question has an ID, which says its data source and names the question in it, whenever it is asked. Under it, the bucket has
//! what was asked and when; what Athena runs for it, to be ended; and in the end the answer. All of that is under the organization's own
//! prefix: another organization's ID leads nowhere.

mod asking;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::base::{DataSourceId, OrganizationId, Timestamp};
use shared::model::query::Query;
use shared::store::files::results_prefix;
use shared::store::{Files, StoreError};

use crate::answers::ARROW;

pub(crate) use asking::{answer, cancel, first_rows, forget, records};

/// How long a question is gone on with. Athena ends queries after half an hour, unless its quota was raised.
/// <https://docs.aws.amazon.com/athena/latest/ug/service-limits.html>
pub(crate) const LONGEST: Duration = Duration::from_hours(4);

/// How long is waited for one that is known to take longer.
const FOLLOWED: Duration = Duration::from_secs(3);

/// How many characters a question's name has.
const NAME_LENGTH: usize = 32;

/// The ID of a question that takes longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingId {
    /// The data source.
    pub data_source: DataSourceId,
    name: String,
}

impl StandingId {
    /// That of a question, by what names it in its data source.
    pub(crate) fn new(data_source: DataSourceId, name: String) -> Self {
        Self { data_source, name }
    }
}

impl fmt::Display for StandingId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.data_source, self.name)
    }
}

/// A text that is no ID.
#[derive(Debug, thiserror::Error)]
#[error("it is no ID of a query")]
pub struct NoId;

impl FromStr for StandingId {
    type Err = NoId;

    fn from_str(text: &str) -> Result<Self, NoId> {
        let (source, name) = text.split_once('-').ok_or(NoId)?;
        let is_number = !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_digit());
        let source: u64 = source.parse().ok().filter(|id| is_number && *id > 0).ok_or(NoId)?;
        let is_name = name.len() == NAME_LENGTH
            && name.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if is_name { Ok(Self { data_source: source.into(), name: name.to_owned() }) } else { Err(NoId) }
    }
}

/// What is kept of a question.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// What was asked.
    pub(crate) query: Query,
    /// When.
    pub(crate) asked_at: Timestamp,
    /// Whether it has an answer, or none will come.
    pub(crate) ended: bool,
    /// What was answered before is forgotten: what is started then has other names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) forgotten: Option<Forgotten>,
}

/// That answers are forgotten.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Forgotten {
    /// Tells one time from another.
    pub(crate) nonce: String,
    /// When it was.
    pub(crate) at: Timestamp,
}

impl Standing {
    /// Whether it is still being computed.
    pub(crate) fn is_running(&self, now: Timestamp) -> bool {
        let age = now.as_second().saturating_sub(self.asked_at.as_second());
        !self.ended && age < LONGEST.as_secs().cast_signed()
    }
}

/// Where a question's things are.
#[derive(Clone, Debug)]
pub(crate) struct Place(String);

impl Place {
    pub(crate) fn of(organization: OrganizationId, id: &StandingId) -> Self {
        Self(format!("{}queries/{}", results_prefix(organization, id.data_source), id.name))
    }

    pub(crate) async fn read(&self, files: &Files) -> Result<Option<Standing>, StoreError> {
        let bytes = files.get(&format!("{}.json", self.0)).await?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(StoreError::unreadable)).transpose()
    }

    pub(crate) async fn write(&self, files: &Files, standing: &Standing) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(standing).map_err(StoreError::unreadable)?;
        files.put(format!("{}.json", self.0), "application/json", bytes).await
    }

    pub(crate) async fn remove(&self, files: &Files) -> Result<(), StoreError> {
        for execution in self.executions(files).await? {
            files.delete(&self.execution(&execution)).await?;
        }
        files.delete(&format!("{}.arrow", self.0)).await?;
        files.delete(&format!("{}.json", self.0)).await
    }

    /// The answer, once it is there.
    pub(crate) async fn answer(&self, files: &Files) -> Result<Option<Vec<u8>>, StoreError> {
        files.get(&format!("{}.arrow", self.0)).await
    }

    pub(crate) async fn put_answer(&self, files: &Files, answer: Vec<u8>) -> Result<(), StoreError> {
        files.put(format!("{}.arrow", self.0), ARROW, answer).await
    }

    /// What was started for it. Each is an object of its own: those who add to them at once take nothing from each other.
    pub(crate) async fn executions(&self, files: &Files) -> Result<Vec<String>, StoreError> {
        let prefix = format!("{}/", self.0);
        let keys = files.list(&prefix).await?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix(&prefix)).map(str::to_owned).collect())
    }

    pub(crate) async fn add_execution(&self, files: &Files, execution: &str) -> Result<(), StoreError> {
        files.put(self.execution(execution), "text/plain", Vec::new()).await
    }

    fn execution(&self, execution: &str) -> String {
        format!("{}/{execution}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written_and_nothing_else_is() {
        let id = StandingId::new(7.into(), "0123456789abcdef0123456789abcdef".to_owned());
        assert_eq!(id.to_string().parse::<StandingId>().unwrap(), id);
        for other in [
            "",
            "7",
            "7-",
            "0-0123456789abcdef0123456789abcdef",
            "7-../../x",
            "+7-0123456789abcdef0123456789abcdef",
        ] {
            assert!(other.parse::<StandingId>().is_err(), "{other}");
        }
    }
}
