//! Names of columns, as a table has them.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Invalid;
use crate::model::table::MAX_NAME_CHARACTERS;

/// The name of a column, a table or a measure: 1 to 255 characters of any kind, since it is whatever a file's header says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 255)]
#[serde(transparent)]
#[deserr(try_from(&String) = FieldName::parse -> Invalid)]
pub struct FieldName(String);

impl FieldName {
    /// Refuses what is empty or too long.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        if name.is_empty() {
            return Err("Must not be empty.".into());
        }
        if name.chars().count() > MAX_NAME_CHARACTERS {
            return Err(Invalid(format!("Must not be longer than {MAX_NAME_CHARACTERS} characters.").into()));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
