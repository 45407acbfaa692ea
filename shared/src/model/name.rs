//! Names that people give to things.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Invalid;

const MAX_CHARACTERS: usize = 100;

/// One line of 1 to 100 characters, without surrounding space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, max_length = 100, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", examples("Sales"))]
#[serde(transparent)]
#[deserr(try_from(&String) = Name::parse -> Invalid)]
pub struct Name(String);

impl Name {
    /// Cuts surrounding space, and refuses what is empty, too long or not one line.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let name = name.trim();
        if name.is_empty() {
            return Err("Must not be empty.".into());
        }
        if name.chars().count() > MAX_CHARACTERS {
            return Err(Invalid(format!("Must not be longer than {MAX_CHARACTERS} characters.").into()));
        }
        if name.contains(char::is_control) {
            return Err("Must not have control characters or line breaks.".into());
        }
        Ok(Self(name.to_owned()))
    }

    /// What a copy is called.
    pub fn copy(&self) -> Self {
        const SUFFIX: &str = " (copy)";
        let kept: String = self.0.chars().take(MAX_CHARACTERS - SUFFIX.len()).collect();
        Self(kept.trim_end().to_owned() + SUFFIX)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
