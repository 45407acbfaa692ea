//! Imports: what is in a file, or behind a connection, becomes the tables of a data source.
//!
//! An import of a file waits until that is sent. Any other begins at once: all that it needs is in the connection.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{DashboardId, ImportId, Line, Timestamp, UserId};
use crate::string_enum;

/// How many of an import's mistakes are kept. All are counted.
pub const MAX_ERRORS: usize = 100;

/// How long the value of a mistake is that is shown, in characters.
pub const MAX_VALUE_CHARACTERS: usize = 100;

/// How long a file may take to arrive after its import was made, in seconds.
pub const UPLOAD_SECONDS: i64 = 3_600;

/// How much of the mistakes of an import is kept at most, and as much of its warnings, in bytes of JSON: a page of 100 imports must fit
/// into an answer of Lambda's.
pub const MAX_KEPT_BYTES: usize = 30_000;

/// How many warnings an import has.
pub const MAX_WARNINGS: usize = 100;

/// How long an import may run, in seconds: after that, all of its attempts are over. Of one that needs no file it is counted from when
/// it was made, since each time of a schedule begins another attempt.
pub const RUN_SECONDS: i64 = 6 * 3_600;

/// How long an attempt may work, in seconds: as long as Lambda lets a function run.
pub const ATTEMPT_SECONDS: i64 = 900;

/// The name of a file.
pub type FileName = Line<255>;

string_enum! {
    /// How far an import is.
    #[schema(as = ImportStatus)]
    pub enum Status {
        /// For its file, or for its turn where it needs none.
        Waiting = "waiting",
        /// The data is being read.
        Running = "running",
        /// The tables are in place.
        Done = "done",
        /// The tables are as they were before.
        Failed = "failed",
    }
}

/// A mistake in what was imported. What does not apply is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportError {
    /// The table.
    #[schema(required)]
    pub table: Option<String>,
    /// The row, counted from 1 as a text editor or spreadsheet shows it: the header is row 1 where there is one.
    #[schema(required)]
    pub row: Option<u64>,
    /// The column.
    #[schema(required)]
    pub column: Option<String>,
    /// What is there: its first 100 characters.
    #[schema(required)]
    pub value: Option<String>,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

/// A table that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedTable {
    /// The table's name.
    pub name: String,
    /// How many rows it has; null where they stay where they are.
    #[schema(required)]
    pub row_count: Option<u64>,
}

/// A column, named by its table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct ColumnName {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// A widget that asks for a column that is not there any more, or of another type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Break {
    /// The widget's dashboard.
    pub dashboard: DashboardId,
    /// The widget.
    pub widget: u64,
    /// The field that its query names.
    pub field: String,
}

/// What an import changes of the tables that were there before: of each list the first 100.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// Columns that are new.
    pub added: Vec<ColumnName>,
    /// Columns that are gone.
    pub removed: Vec<ColumnName>,
    /// Columns that have another type.
    pub retyped: Vec<ColumnName>,
    /// Widgets that do not work with it.
    pub breaks: Vec<Break>,
}

/// An import as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Import {
    /// The import's ID, counted from 1 in its data source.
    pub id: ImportId,
    /// How far it is.
    pub status: Status,
    /// What the file is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<FileName>,
    /// How large it is: of imports that need a file, and of no others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// Whether columns that widgets use may go.
    pub allow_breaking: bool,
    /// How many rows were read, in all tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The tables that it made.
    pub tables: Vec<ImportedTable>,
    /// The first mistakes.
    pub errors: Vec<ImportError>,
    /// How many mistakes there are.
    pub error_count: u64,
    /// What is worth knowing although it is no mistake.
    pub warnings: Vec<String>,
    /// What it changes, once that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// Who works on it, and until when nobody else does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Attempt>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was done or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}

/// One run of an import's work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Tells it from all others.
    pub id: String,
    /// When it began.
    pub started_at: Timestamp,
}

impl Attempt {
    /// Whether it is certainly over at this time.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.started_at.plus_seconds(ATTEMPT_SECONDS) <= now
    }
}

impl Import {
    /// One that waits, for its turn.
    pub fn new(id: ImportId, created_by: UserId, now: Timestamp) -> Self {
        Self {
            id,
            status: Status::Waiting,
            file_name: None,
            size_bytes: None,
            allow_breaking: false,
            rows: None,
            tables: Vec::new(),
            errors: Vec::new(),
            error_count: 0,
            warnings: Vec::new(),
            changes: None,
            attempt: None,
            created_by,
            created_at: now,
            finished_at: None,
        }
    }

    /// Whether nothing will change of it any more.
    pub fn is_finished(&self) -> bool {
        matches!(self.status, Status::Done | Status::Failed)
    }

    /// Whether a file is sent for it.
    pub fn needs_file(&self) -> bool {
        self.size_bytes.is_some()
    }

    /// Whether an attempt works on it that may still be at work at this time.
    pub fn is_worked_on(&self, now: Timestamp) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| !attempt.is_over(now))
    }

    /// Whether it has failed by the time alone, which is not written down yet.
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        !self.is_finished() && self.clone().at(now).is_finished()
    }

    /// Ends it without any change to the data.
    pub fn fail(&mut self, mut errors: Vec<ImportError>, error_count: u64, now: Timestamp) {
        self.status = Status::Failed;
        errors.truncate(room(&errors, MAX_ERRORS));
        self.errors = errors;
        self.error_count = error_count;
        self.attempt = None;
        self.finished_at = Some(now);
    }

    /// The import as it is at this time: one whose file did not come, or whose work did not end, has failed.
    pub fn at(mut self, now: Timestamp) -> Self {
        let (since, limit, reason) = match (self.status, &self.attempt) {
            (Status::Waiting, _) if self.needs_file() => (self.created_at, UPLOAD_SECONDS, NO_FILE),
            (Status::Waiting, _) => (self.created_at, RUN_SECONDS, NO_BEGINNING),
            (Status::Running, Some(attempt)) if self.needs_file() => {
                (attempt.started_at, RUN_SECONDS, NO_END)
            }
            (Status::Running, Some(_)) => (self.created_at, RUN_SECONDS, NO_END),
            _ => return self,
        };
        let end = since.plus_seconds(limit);
        // What came in the last moment is still on its way through the queue for a while, and what was begun then may be done yet.
        if end.plus_seconds(QUEUE_SECONDS) <= now && !self.is_worked_on(now) {
            self.fail(vec![ImportError::of_all(reason)], 1, end);
        }
        self
    }
}

const NO_FILE: &str =
    "No file arrived at the upload link within the hour that it was good for. Make another import.";
const NO_BEGINNING: &str =
    "The import did not begin within six hours. Make another one; if that fails too, report it.";
const NO_END: &str = "The import did not come to an end. Make another one; if that fails too, report it.";

/// How long a message may take.
const QUEUE_SECONDS: i64 = 600;

/// The warnings that an import has of these: the first, and how many more there are.
pub fn kept_warnings(mut warnings: Vec<String>) -> Vec<String> {
    let (count, room) = (warnings.len(), room(&warnings, MAX_WARNINGS));
    if room < count {
        let kept = room.min(MAX_WARNINGS - 1);
        warnings.truncate(kept);
        warnings.push(format!("And {} more.", count - kept));
    }
    warnings
}

/// How many of these, from the first on, have room in an import. One always has.
fn room(of: &[impl Serialize], most: usize) -> usize {
    let mut bytes = 0;
    let fits = of.iter().take(most).take_while(|one| {
        bytes += serde_json::to_string(one).map_or(0, |json| json.len());
        bytes <= MAX_KEPT_BYTES
    });
    fits.count().max(1)
}

impl ImportError {
    /// A mistake that is in no place of its own.
    pub fn of_all(reason: impl Into<String>) -> Self {
        Self { table: None, row: None, column: None, value: None, reason: reason.into() }
    }
}
