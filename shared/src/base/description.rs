//! Longer texts that people write.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Invalid;

const MAX_CHARACTERS: usize = 2_000;

/// A text of up to 2,000 characters, perhaps none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(value_type = String, max_length = 2000, default = "")]
#[serde(transparent)]
#[deserr(try_from(String) = Description::parse -> Invalid)]
pub struct Description(String);

impl Description {
    /// Refuses what is too long.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        if text.chars().count() > MAX_CHARACTERS {
            return Err(Invalid(format!("Must not be longer than {MAX_CHARACTERS} characters.").into()));
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
