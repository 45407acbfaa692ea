//! What is wrong with each field of a body or a query.
//!
//! `deserr` reads them instead of `serde`, because it goes on after the first mistake and says where each one is
//! without a message that would have to be parsed back.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use serde::Serialize;

/// Why a value was refused, in words for its sender. Domain types return it from their `parse`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub Cow<'static, str>);

impl From<&'static str> for Invalid {
    fn from(reason: &'static str) -> Self {
        Self(reason.into())
    }
}

/// The envelope's `fields`: reasons by field, a nested one named by its path (`widgets[0].title`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// Adds a reason to a field.
    pub fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(reason.into());
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was added, the validation error otherwise.
    pub fn into_result(self) -> Result<(), super::Error> {
        if self.is_empty() { Ok(()) } else { Err(super::Error::validation(self)) }
    }

    /// All of it in one line, for `detail`.
    pub(super) fn summary(&self) -> String {
        let lines: Vec<_> =
            self.0.iter().map(|(field, reasons)| format!("{field}: {}", reasons.join(" "))).collect();
        lines.join(" ")
    }

    fn at(location: ValuePointerRef, reason: impl Into<String>) -> Self {
        let mut fields = Self::default();
        fields.add(path(location), reason);
        fields
    }

    fn merged(into: Option<Self>, other: Self) -> ControlFlow<Self, Self> {
        let mut all = into.unwrap_or_default();
        for (field, reasons) in other.0 {
            all.0.entry(field).or_default().extend(reasons);
        }
        ControlFlow::Continue(all)
    }
}

impl MergeWithError<Fields> for Fields {
    fn merge(into: Option<Self>, other: Self, _: ValuePointerRef) -> ControlFlow<Self, Self> {
        Self::merged(into, other)
    }
}

impl MergeWithError<Invalid> for Fields {
    fn merge(into: Option<Self>, other: Invalid, at: ValuePointerRef) -> ControlFlow<Self, Self> {
        Self::merged(into, Self::at(at, other.0))
    }
}

impl DeserializeError for Fields {
    fn error<V: IntoValue>(
        into: Option<Self>,
        error: ErrorKind<V>,
        at: ValuePointerRef,
    ) -> ControlFlow<Self, Self> {
        let fields = match error {
            ErrorKind::MissingField { field } => Self::at(at.push_key(field), "This field is required."),
            ErrorKind::UnknownKey { key, accepted } => {
                Self::at(at.push_key(&shown(key)), format!("Unknown; {}.", expected(accepted)))
            }
            ErrorKind::IncorrectValueKind { actual, accepted } => Self::at(
                at,
                format!("Expected {}, got {}.", kinds_listed(accepted), kind_named(actual.kind())),
            ),
            ErrorKind::UnknownValue { value, accepted } => {
                Self::at(at, format!("Unknown value {:?}; {}.", shown(value), expected(accepted)))
            }
            ErrorKind::BadSequenceLen { expected, .. } => {
                Self::at(at, format!("Expected exactly {expected} items."))
            }
            ErrorKind::Unexpected { msg } => Self::at(at, msg),
        };
        Self::merged(into, fields)
    }
}

fn path(location: ValuePointerRef) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev: ValuePointerRef::Origin } => key.to_owned(),
        ValuePointerRef::Key { key, prev } => format!("{}.{key}", path(*prev)),
        ValuePointerRef::Index { index, prev } => format!("{}[{index}]", path(*prev)),
    }
}

/// A name the sender chose, short enough to repeat to them.
pub(crate) fn shown(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 64;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]).into(),
        None => name.into(),
    }
}

fn expected(names: &[&str]) -> String {
    match names {
        [] => "nothing is expected here".to_owned(),
        [name] => format!("expected {name}"),
        names => format!("expected one of {}", names.join(", ")),
    }
}

fn kinds_listed(kinds: &[ValueKind]) -> String {
    let mut names: Vec<_> = kinds.iter().map(|kind| kind_named(*kind)).collect();
    names.dedup();
    names.join(" or ")
}

/// A kind of JSON value, with its article.
pub(crate) fn kind_named(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "null",
        ValueKind::Boolean => "a boolean",
        ValueKind::Integer => "an integer",
        ValueKind::NegativeInteger => "a negative integer",
        ValueKind::Float => "a number with a fraction",
        ValueKind::String => "a string",
        ValueKind::Sequence => "an array",
        ValueKind::Map => "an object",
    }
}
