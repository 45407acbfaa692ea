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
    /// What it was made of, where that can be fetched again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
}

/// Tells what was fetched from anything else: while it is the same, there is nothing to import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// A digest of the settings that it was fetched and read by.
    pub settings: String,
    /// A digest of what came.
    pub content: String,
    /// What tells a server that it is there already.
    #[serde(default)]
    pub validators: Validators,
}

/// What a server said to know its answer by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// Its `ETag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether it said nothing.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
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
