//! Questions: what a query means for a data source, and the name of its answer.
//!
//! Answers of files are good as long as the version of their data is. Those of databases are good for some seconds: time is cut into
//! windows of that length, and which window it is names the answer, so that all instances agree.

use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use shared::Error;
use shared::base::{Code, DataSourceId, Fields, OrganizationId, Timestamp};
use shared::model::DataSource;
use shared::model::data_source::Data;
use shared::model::query::Query;
use shared::model::resolve::resolve;
use shared::model::resolved::Resolved;
use shared::model::result::ResultEngine;
use shared::model::table::Table;
use shared::store::StoreError;
use shared::store::files::{data_key, result_key, rows_part};

use crate::engine::TableAt;
use crate::live::{self, LiveTable};
use crate::result::Answer;

/// A query, resolved for a data source at a time.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose data it is.
    pub organization: OrganizationId,
    /// The data source.
    pub data_source: DataSourceId,
    /// The data that is asked.
    pub data: Data,
    /// What the query means.
    pub resolved: Arc<Resolved>,
    /// Names the answer: the same one for whoever asks the same of the same data, in one organization.
    pub digest: String,
    /// Whether the query says how many rows it wants: then there is no more to an answer than these.
    pub has_limit: bool,
    /// When it is asked.
    pub asked_at: Timestamp,
    /// Whether it was asked before, and who asks wants that answer.
    pub(crate) is_followed: bool,
    pub(crate) place: Place,
    /// Where the answer is kept in the bucket.
    pub(crate) kept_at: String,
}

/// Where a table's rows are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a file.
    File(TableAt),
    /// Where they always were.
    Live(Arc<LiveTable>),
}

impl Question {
    /// What a query means for a data source whose data is in these tables. `path` is where the query is in what a client sent, for names of
    /// fields.
    pub(crate) fn of(
        organization: OrganizationId,
        source: &DataSource,
        data: Data,
        tables: &[Table],
        query: &Query,
        path: &str,
        now: Timestamp,
    ) -> Result<Self, QuestionError> {
        let resolved = resolve(query, tables, now.into(), path).map_err(QuestionError::Invalid)?;
        let rows = data_key(organization, source.id, &data.version, &rows_part(resolved.table));
        let table = tables[resolved.table].clone();
        let (digest, place) = if source.engine.is_live() {
            let (digest, table) =
                live::ask(organization, source, table, query, &digest(&rows, &resolved), now)?;
            (digest, Place::Live(Arc::new(table)))
        } else {
            (digest(&rows, &resolved), Place::File(TableAt { key: rows, table }))
        };
        let kept_at = result_key(organization, source.id, &data.version, &digest);
        Ok(Self {
            organization,
            data_source: source.id,
            data,
            resolved: Arc::new(resolved),
            digest,
            has_limit: query.limit.is_some(),
            asked_at: now,
            is_followed: false,
            place,
            kept_at,
        })
    }

    /// The table that is asked.
    pub fn table(&self) -> &str {
        match &self.place {
            Place::File(table) => &table.table.name,
            Place::Live(table) => &table.table.name,
        }
    }

    /// Whether the data may be other data the next time, though nothing was imported.
    pub fn is_live(&self) -> bool {
        matches!(self.place, Place::Live(_))
    }

    /// What computes the answer.
    pub fn engine(&self) -> ResultEngine {
        match &self.place {
            Place::File(_) => ResultEngine::DataFusion,
            Place::Live(table) => table.engine(),
        }
    }

    /// Names the answer, once it is there: of what is live, another one after a while.
    pub fn version(&self, answer: &Answer) -> String {
        match answer.asked_at {
            Some(asked_at) => format!("{}-{:x}", self.digest, asked_at.as_second()),
            None => self.digest.clone(),
        }
    }
}

/// Why a query cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The data source is paused.
    #[error("data source {0} is paused")]
    Paused(DataSourceId),
    /// Nothing was imported into the data source yet.
    #[error("nothing was imported yet")]
    Empty,
    /// What was imported is not there any more: where it was.
    #[error("{0} is not in the bucket")]
    Gone(String),
    /// The query does not fit the data.
    #[error("the query is not valid for the data")]
    Invalid(Fields),
    /// The bucket failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored of the data source makes no sense.
    #[error("{0:?}")]
    Other(Error),
}

impl From<Error> for QuestionError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<QuestionError> for Error {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::Paused(id) => {
                let detail = format!("Data source {id} is paused: set its status to active first.");
                Self::new(Code::Conflict, detail)
            }
            QuestionError::Empty => Self::new(Code::Conflict, "Nothing has been imported yet."),
            QuestionError::Gone(key) => {
                let detail = "The data that was imported last is not there any more: import it again.";
                Self::new(Code::Conflict, detail).caused_by(format!("{key} is not in the bucket"))
            }
            QuestionError::Invalid(fields) => Self::validation(fields),
            QuestionError::Store(error) => error.into(),
            QuestionError::Other(error) => error,
        }
    }
}

/// The key of a table's rows says the organization, the data source and the version of its data.
fn digest(rows: &str, resolved: &Resolved) -> String {
    // A resolved query is plain data, which always has a form as JSON.
    name(&format!("{rows} {}", serde_json::to_string(resolved).unwrap_or_default()))
}

/// A short name for a text, which no other has: half of its SHA-256.
pub fn name(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).fold(String::new(), |mut digest, byte| {
        let _ = write!(digest, "{byte:02x}");
        digest
    })
}
