//! An import as it is shown.

use serde::Serialize;
use shared::base::{DataSourceId, ImportId, Timestamp, UserId};
use shared::http::Tag;
use shared::model::Import;
use shared::model::import::{Changes, FileName, ImportError, ImportedTable, Status};
use shared::store::Versioned;
use utoipa::ToSchema;

shared::path! {
    /// The path of an import.
    pub(crate) struct ImportPath {
        /// The data source's ID.
        id: DataSourceId,
        /// The import's ID.
        import_id: ImportId,
    }
}

/// An import as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub(crate) struct ImportView {
    id: ImportId,
    status: Status,
    /// What the file is called, if that was said.
    #[schema(required)]
    file_name: Option<FileName>,
    /// How large the file is; null where none is sent.
    #[schema(required)]
    size_bytes: Option<u64>,
    /// How many rows were read, in all tables; null until it is done, and where rows stay where they are.
    #[schema(required)]
    rows: Option<u64>,
    /// The tables that it made.
    tables: Vec<ImportedTable>,
    /// Why it failed: the first 100 mistakes, or as many as fit in 30 KB.
    errors: Vec<ImportError>,
    /// How many mistakes there are.
    error_count: u64,
    /// What is worth knowing although it is no mistake.
    warnings: Vec<String>,
    /// What it changes of the tables that were there before; null until that is known.
    #[schema(required)]
    changes: Option<Changes>,
    created_by: UserId,
    created_at: Timestamp,
    /// When it was done or failed.
    #[schema(required)]
    finished_at: Option<Timestamp>,
}

impl ImportView {
    /// The import as it is at this time.
    pub(crate) fn at(import: Import, now: Timestamp) -> Self {
        let import = import.at(now);
        Self {
            id: import.id,
            status: import.status,
            file_name: import.file_name,
            size_bytes: import.size_bytes,
            rows: import.rows,
            tables: import.tables,
            errors: import.errors,
            error_count: import.error_count,
            warnings: import.warnings,
            changes: import.changes,
            created_by: import.created_by,
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}

/// The tag of an import at this time: it also fails by the time alone.
pub(crate) fn tag(import: &Versioned<Import>, now: Timestamp) -> Tag {
    let has_lapsed = import.entity.clone().at(now).status != import.entity.status;
    Tag { side_changes: has_lapsed.into(), ..import.tag() }
}
