//! What is wrong with each field of a body or a query.
//!
//! `deserr` reads them instead of `serde`, because it goes on after the first mistake and says where each one is
//! without a message that would have to be parsed back.
//!
//! A body of 1 MB can hold half a million mistakes, and an answer may have 6 MB: only the first [`MAX_MISTAKES`] are kept,
//! and reading ends with the one after them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use serde::Serialize;

/// How many mistakes an answer names.
const MAX_MISTAKES: usize = 100;

/// How long the summary in `detail` may get before the rest is left to `fields`, in bytes.
const MAX_SUMMARY_BYTES: usize = 2_000;

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
pub struct Fields {
    reasons: BTreeMap<String, Vec<String>>,
    /// How many reasons there are; one more than [`MAX_MISTAKES`] where others were left out.
    #[serde(skip)]
    count: usize,
}

impl Fields {
    /// Adds a reason to a field, unless there are 100 already. A path that is within nothing may begin with a dot.
    pub fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        if self.count < MAX_MISTAKES {
            let mut field = field.into();
            if field.starts_with('.') {
                field.remove(0);
            }
            self.reasons.entry(field).or_default().push(reason.into());
        }
        self.count = (self.count + 1).min(MAX_MISTAKES + 1);
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether more was added than is kept, so that looking further is in vain.
    fn is_full(&self) -> bool {
        self.count > MAX_MISTAKES
    }

    /// `Ok` when nothing was added, the validation error otherwise.
    pub fn into_result(self) -> Result<(), super::Error> {
        if self.is_empty() { Ok(()) } else { Err(super::Error::validation(self)) }
    }

    /// All of it in one line, for `detail`; only the beginning, where there is much of it.
    pub(super) fn summary(&self) -> String {
        let (mut sentences, mut length, mut told) = (Vec::new(), 0, 0);
        for (field, reasons) in &self.reasons {
            let sentence = format!("{field}: {}", reasons.join(" "));
            if told > 0 && length + sentence.len() > MAX_SUMMARY_BYTES {
                break;
            }
            length += sentence.len();
            told += reasons.len();
            sentences.push(sentence);
        }
        if self.is_full() {
            sentences.push(format!("The first {MAX_MISTAKES} mistakes are in fields; there are more."));
        } else if told < self.count {
            sentences.push(format!("There are {} mistakes: all are in fields.", self.count));
        }
        sentences.join(" ")
    }

    /// These and others.
    pub fn and(self, other: Self) -> Self {
        match Self::merged(Some(self), other) {
            ControlFlow::Continue(all) | ControlFlow::Break(all) => all,
        }
    }

    fn at(location: ValuePointerRef, reason: impl Into<String>) -> Self {
        let mut fields = Self::default();
        fields.add(path(location), reason);
        fields
    }

    fn merged(into: Option<Self>, other: Self) -> ControlFlow<Self, Self> {
        let mut all = into.unwrap_or_default();
        let left_out = other.count - other.reasons.values().map(Vec::len).sum::<usize>();
        for (field, reasons) in other.reasons {
            for reason in reasons {
                all.add(field.clone(), reason);
            }
        }
        all.count = (all.count + left_out).min(MAX_MISTAKES + 1);
        if all.is_full() { ControlFlow::Break(all) } else { ControlFlow::Continue(all) }
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
                Self::at(at.push_key(&excerpt(key)), unknown_name(accepted))
            }
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                Self::at(at, format!("Expected {}, got {}.", kind_names(accepted), kind_name(actual.kind())))
            }
            ErrorKind::UnknownValue { value, accepted } => {
                Self::at(at, format!("Unknown value {:?}; {}.", excerpt(value), expected(accepted)))
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

/// The first 64 characters of a text that the sender chose: short enough to repeat to them.
pub(crate) fn excerpt(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 64;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The reason for a name that is none of the accepted ones.
pub(crate) fn unknown_name(accepted: &[&str]) -> String {
    format!("Unknown; {}.", expected(accepted))
}

fn expected(names: &[&str]) -> String {
    match names {
        [] => "nothing is expected here".to_owned(),
        [name] => format!("expected {name}"),
        names => format!("expected one of {}", names.join(", ")),
    }
}

fn kind_names(kinds: &[ValueKind]) -> String {
    let mut names: Vec<_> = kinds.iter().map(|kind| kind_name(*kind)).collect();
    names.dedup();
    names.join(" or ")
}

/// A kind of JSON value, with its article.
pub(crate) fn kind_name(kind: ValueKind) -> &'static str {
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

#[cfg(test)]
mod tests {
    use deserr::Deserr;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserr)]
    #[deserr(error = Fields, deny_unknown_fields)]
    struct Item {
        #[deserr(default)]
        _name: Option<String>,
    }

    #[derive(Debug, Deserr)]
    #[deserr(error = Fields, deny_unknown_fields)]
    struct List {
        #[deserr(rename = "items")]
        _items: Vec<Item>,
    }

    fn mistakes(items: &Value) -> Fields {
        deserr::deserialize::<List, _, Fields>(json!({ "items": items })).unwrap_err()
    }

    #[test]
    fn the_first_hundred_mistakes_are_kept() {
        let few = mistakes(&vec![0; MAX_MISTAKES].into());
        assert_eq!((few.reasons.len(), few.is_full()), (MAX_MISTAKES, false));
        assert!(few.summary().ends_with("There are 100 mistakes: all are in fields."), "{}", few.summary());
        let many = mistakes(&vec![0; 500_000].into());
        assert_eq!((many.reasons.len(), many.is_full()), (MAX_MISTAKES, true));
        assert!(many.reasons.contains_key("items[0]") && many.reasons.contains_key("items[99]"));
        assert!(
            many.summary().ends_with("The first 100 mistakes are in fields; there are more."),
            "{}",
            many.summary()
        );
    }

    #[test]
    fn an_answer_stays_small_whatever_the_names() {
        let unknown: serde_json::Map<_, _> =
            (0..1_000).map(|number| (format!("{number}{}", "💥".repeat(10_000)), Value::Null)).collect();
        let many = deserr::deserialize::<List, _, Fields>(Value::Object(unknown)).unwrap_err();
        assert!(serde_json::to_string(&many).unwrap().len() < 100_000);
        assert!(many.summary().len() < 3_000);
    }
}
