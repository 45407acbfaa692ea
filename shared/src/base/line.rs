//! Texts of one line.

use std::borrow::Cow;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::base::error::Invalid;

/// A text of one line, 1 to `MAX` characters, not all of them space. Kept as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Deserr)]
#[serde(transparent)]
#[deserr(try_from(&String) = Line::parse -> Invalid)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Refuses what is blank, too long or not one line.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.trim().is_empty() {
            return Err("Must not be empty.".into());
        }
        if text.chars().count() > MAX {
            return Err(Invalid(format!("Must not be longer than {MAX} characters.").into()));
        }
        if text.contains(char::is_control) {
            return Err("Must not have control characters or line breaks.".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What `parse` accepts, as a pattern: a character that is neither space nor control, among any that are not control.
const PATTERN: &str =
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";

impl<const MAX: usize> PartialSchema for Line<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX)).pattern(Some(PATTERN)).into()
    }
}

impl<const MAX: usize> ToSchema for Line<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Line{MAX}").into()
    }
}
