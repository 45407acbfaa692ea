//! The data that a source holds: which version of it, and what is in that.

use serde::{Deserialize, Serialize};

use crate::base::{ImportId, Timestamp};

/// What an import put in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// Names what was imported: never that of anything else.
    pub version: String,
    /// The import.
    pub import: ImportId,
    /// The names of the tables, in the order of their files.
    pub tables: Vec<String>,
    /// What it takes in the bucket.
    pub bytes: u64,
    /// When it was put in place.
    pub imported_at: Timestamp,
}

impl Data {
    /// The place of a table among the tables: that of the only one where none is named.
    pub fn table_index(&self, name: Option<&str>) -> Option<usize> {
        match name {
            None if self.tables.len() == 1 => Some(0),
            None => None,
            Some(name) => self.tables.iter().position(|table| table == name),
        }
    }
}
