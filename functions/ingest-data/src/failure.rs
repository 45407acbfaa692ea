//! Why a file does not become tables: mistakes in it, which its owner can mend, or something that went wrong here.

use shared::model::import::{ImportError, MAX_ERRORS, MAX_VALUE_CHARACTERS};

/// Why there are no tables.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// The file has mistakes.
    #[error("the file has {count} mistakes, the first of them: {}", errors.first().map_or("none", |error| &error.reason))]
    Rejected {
        /// The first mistakes, in the order of rows.
        errors: Vec<ImportError>,
        /// How many there are.
        count: u64,
    },
    /// Reading or writing failed for a reason that is not in the file.
    #[error("the import failed: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What comes of a step of an import.
pub(crate) type Outcome<T> = Result<T, ImportFailure>;

impl ImportFailure {
    /// The whole file is wrong.
    pub(crate) fn of_file(reason: impl Into<String>) -> Self {
        Self::of(ImportError::of_all(reason))
    }

    /// This is wrong, and nothing after it was looked at.
    pub(crate) fn of(error: ImportError) -> Self {
        Self::Rejected { errors: vec![error], count: 1 }
    }

    /// The same, of this file among several.
    pub(crate) fn in_file(self, file: Option<&str>) -> Self {
        match (self, file) {
            (Self::Rejected { mut errors, count }, Some(file)) => {
                for error in &mut errors {
                    name_file(error, file);
                }
                Self::Rejected { errors, count }
            }
            (failure, _) => failure,
        }
    }

    /// Something failed that is not the file's fault.
    pub(crate) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<std::io::Error> for ImportFailure {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}

impl From<arrow::error::ArrowError> for ImportFailure {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::internal(error)
    }
}

/// Mistakes as they are found: the first of them are kept, all are counted.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    first: Vec<ImportError>,
    count: u64,
}

impl Mistakes {
    /// Notes a mistake in a row.
    pub(crate) fn add(
        &mut self,
        row: u64,
        column: Option<&str>,
        value: Option<&[u8]>,
        reason: impl Into<String>,
    ) {
        self.count += 1;
        if self.first.len() < MAX_ERRORS {
            self.first.push(ImportError {
                table: None,
                row: Some(row),
                column: column.map(str::to_owned),
                value: value.map(shown),
                reason: reason.into(),
            });
        }
    }

    /// Says which of several files they are in.
    pub(crate) fn name_file(&mut self, file: &str) {
        for error in &mut self.first {
            name_file(error, file);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether more mistakes are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.first.len() >= MAX_ERRORS
    }

    /// Counts a mistake of which nothing is kept.
    pub(crate) fn count_one(&mut self) {
        self.count += 1;
    }

    /// Takes over the mistakes of the rows that follow, which were found by several who did not know of each other.
    pub(crate) fn append(&mut self, found: Vec<Self>) {
        self.count += found.iter().map(|mistakes| mistakes.count).sum::<u64>();
        let mut errors: Vec<_> = found.into_iter().flat_map(|mistakes| mistakes.first).collect();
        errors.sort_by_key(|error| error.row);
        let room = MAX_ERRORS.saturating_sub(self.first.len());
        self.first.extend(errors.into_iter().take(room));
    }

    /// Refuses the file if there are any.
    pub(crate) fn into_outcome(self, table: &str) -> Outcome<()> {
        if self.is_empty() {
            return Ok(());
        }
        let mut errors = self.first;
        for error in &mut errors {
            error.table = Some(table.to_owned());
        }
        Err(ImportFailure::Rejected { errors, count: self.count })
    }
}

fn name_file(error: &mut ImportError, file: &str) {
    error.reason = format!("{file}: {}", error.reason);
}

/// The beginning of a value, for people.
pub(crate) fn shown(value: &[u8]) -> String {
    // A character has at most four bytes.
    let start = &value[..value.len().min(4 * MAX_VALUE_CHARACTERS + 4)];
    String::from_utf8_lossy(start).chars().take(MAX_VALUE_CHARACTERS).collect()
}
