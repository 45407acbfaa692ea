//! Names that people give to things.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::error::Invalid;
use crate::base::line::Line;

const MAX_CHARACTERS: usize = 100;

/// One line of 1 to 100 characters, without surrounding space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, max_length = 100, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", examples("Sales"))]
#[serde(transparent)]
#[deserr(try_from(&String) = Name::parse -> Invalid)]
pub struct Name(Line<MAX_CHARACTERS>);

impl Name {
    /// Cuts surrounding space, and refuses what is empty, too long or not one line.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        Line::parse(name.trim()).map(Self)
    }

    /// What a copy is called.
    pub fn copy(&self) -> Self {
        const SUFFIX: &str = " (copy)";
        let kept: String = self.as_str().chars().take(MAX_CHARACTERS - SUFFIX.len()).collect();
        let copy = kept.trim_end().to_owned() + SUFFIX;
        // A part of a name, with a suffix that fits, is a name.
        Line::parse(&copy).map_or_else(|_| self.clone(), Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}
