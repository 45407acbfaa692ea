//! Walking through a document to where the records are, and past everything else.

use std::fmt;
use std::io::Write;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::state::State;

/// Where the records are, seen from a value.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// At the end of this path.
    Path(&'a [String]),
    /// In this value or one of its members: it is the whole, and nothing was said.
    Whole,
    /// Here, if this member of the whole is an array of objects.
    Member(&'a str),
    /// Somewhere else.
    Elsewhere,
}

/// Reads a value.
pub(super) struct At<'s, 'a, 'o, W> {
    pub(super) state: &'s mut State<'o, W>,
    pub(super) records: Target<'a>,
    /// The rest of the path to what leads to the next document, if that is within this value.
    pub(super) next: Option<&'a [String]>,
}

impl<'de, W: Write> DeserializeSeed<'de> for At<'_, '_, '_, W> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.state.meter.allow(self.state.wanted.record_bytes);
        deserializer.deserialize_any(self)
    }
}

impl<W: Write> At<'_, '_, '_, W> {
    /// Refuses a value where an array or a text should be.
    fn check<E: Error>(&mut self, what: &str) -> Result<(), E> {
        let wanted = self.state.wanted;
        match (self.records, wanted.records) {
            (Target::Path([]), Some(path)) => {
                return Err(self.state.fault(format!("has no array at {path}, but {what}.")));
            }
            (Target::Whole, _) if what != OBJECT => {
                return Err(self.state.fault("is neither an array nor an object."));
            }
            _ => {}
        }
        match (self.next, wanted.next) {
            (Some([]), Some(path)) => Err(self.state.fault(format!("has no URL at {path}, but {what}."))),
            _ => Ok(()),
        }
    }

    /// Takes all elements as records.
    fn take_all<'de, A: SeqAccess<'de>>(self, elements: &mut A) -> Result<(), A::Error> {
        loop {
            self.state.meter.allow(self.state.wanted.record_bytes);
            let Some(record) = elements.next_element::<Box<RawValue>>()? else { return Ok(()) };
            self.state.write(record.get())?;
        }
    }

    /// Takes all elements as records if the first one is an object.
    fn take_objects<'de, A: SeqAccess<'de>>(self, name: &str, elements: &mut A) -> Result<(), A::Error> {
        self.state.meter.allow(self.state.wanted.record_bytes);
        let Some(first) = elements.next_element::<Box<RawValue>>()? else {
            self.state.has_records = true;
            return Ok(());
        };
        if !first.get().starts_with('{') {
            return self.pass(elements);
        }
        if let Some(other) = self.state.array.replace(name.to_owned()) {
            let what = format!(
                "has several arrays of objects: {other} and {name}. Name one with connection.records."
            );
            return Err(self.state.fault(what));
        }
        self.state.has_records = true;
        self.state.write(first.get())?;
        self.take_all(elements)
    }

    fn pass<'de, A: SeqAccess<'de>>(self, elements: &mut A) -> Result<(), A::Error> {
        self.state.meter.allow_all();
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// What an object is called in sentences.
const OBJECT: &str = "an object";

impl<'de, W: Write> Visitor<'de> for At<'_, '_, '_, W> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.check(OBJECT)?;
        loop {
            self.state.meter.allow(self.state.wanted.record_bytes);
            let Some(name) = members.next_key::<String>()? else { return Ok(()) };
            let records = match self.records {
                Target::Path([first, rest @ ..]) if *first == name => Target::Path(rest),
                Target::Whole => Target::Member(&name),
                _ => Target::Elsewhere,
            };
            let next = match self.next {
                Some([first, rest @ ..]) if *first == name => Some(rest),
                _ => None,
            };
            if matches!(records, Target::Elsewhere) && next.is_none() {
                self.state.meter.allow_all();
                members.next_value::<IgnoredAny>()?;
            } else {
                members.next_value_seed(At { state: self.state, records, next })?;
            }
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        match self.records {
            Target::Path([]) | Target::Whole => {
                self.state.has_records = true;
                self.take_all(&mut elements)
            }
            Target::Member(name) => self.take_objects(name, &mut elements),
            Target::Path(_) | Target::Elsewhere => {
                self.check("an array")?;
                self.pass(&mut elements)
            }
        }
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        if let Some([]) = self.next {
            self.state.next = Some(text.to_owned()).filter(|text| !text.is_empty());
            return Ok(());
        }
        self.check("a text")
    }

    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        match (self.records, self.next) {
            (Target::Path([]), _) => self.state.has_records = true,
            (_, Some([])) => {}
            _ => self.check("null")?,
        }
        Ok(())
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<(), E> {
        if !value && matches!(self.next, Some([])) { Ok(()) } else { self.check("true or false") }
    }

    fn visit_u64<E: Error>(mut self, _: u64) -> Result<(), E> {
        self.check("a number")
    }

    fn visit_i64<E: Error>(mut self, _: i64) -> Result<(), E> {
        self.check("a number")
    }

    fn visit_f64<E: Error>(mut self, _: f64) -> Result<(), E> {
        self.check("a number")
    }
}
