//! Objects of a JSON file as rows.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::cells::{Cells, Kind};
use crate::failure::{ImportFailure, Outcome};
use crate::input::Sink;
use crate::limits::Limits;
use crate::names;

/// The columns that objects have had, and the values of the last one.
pub(super) struct Elements<'a> {
    limits: &'a Limits,
    /// Where the column of each key is.
    places: HashMap<String, usize>,
    /// The keys in the order of their columns.
    keys: Vec<String>,
    taken: HashSet<String>,
    /// The names of the columns that are not in the rows before.
    new_names: Vec<String>,
    /// The row in which each column had its last value: a second one in the same row is a mistake.
    last_rows: Vec<u64>,
    /// Where the values of the last object are among the bytes.
    values: Vec<(usize, usize, usize, Kind)>,
    bytes: Vec<u8>,
}

/// Why an object is no row: what is wrong, and with which key.
enum Fault {
    Key(String, String),
    Stop(ImportFailure),
}

impl<'a> Elements<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            places: HashMap::new(),
            keys: Vec::new(),
            taken: HashSet::new(),
            new_names: Vec::new(),
            last_rows: Vec::new(),
            values: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// How many columns there are so far.
    pub(super) fn width(&self) -> usize {
        self.keys.len()
    }

    /// Goes on with another file, whose rows are counted from 1 again.
    pub(super) fn begin_file(&mut self) {
        self.last_rows.fill(0);
    }

    /// Adds an object as a row.
    pub(super) fn take(
        &mut self,
        element: &[u8],
        row: u64,
        cells: &mut Cells,
        sink: &mut Sink,
    ) -> Outcome<()> {
        self.values.clear();
        self.bytes.clear();
        let mut fault = None;
        let read = if element.first() == Some(&b'{') {
            let mut reader = serde_json::Deserializer::from_slice(element);
            let visitor = Object { elements: self, row, fault: &mut fault };
            reader.deserialize_map(visitor).and_then(|()| reader.end()).map_err(|error| error.to_string())
        } else {
            Err("it is no object".to_owned())
        };
        match (fault, read) {
            (Some(Fault::Stop(failure)), _) => return Err(failure),
            (Some(Fault::Key(key, reason)), _) => {
                cells.mistakes.add(row, Some(&key), None, reason);
                return Ok(());
            }
            (None, Err(error)) => {
                let reason = format!("The element is no JSON object: {error}, counted from where it begins.");
                cells.mistakes.add(row, None, Some(element), reason);
                return Ok(());
            }
            (None, Ok(())) => {}
        }
        if !self.new_names.is_empty() {
            if !cells.rows.is_empty() {
                sink.send(cells)?;
            }
            cells.names.append(&mut self.new_names);
            cells.width = self.keys.len();
        }
        self.add_row(row, cells)
    }

    fn add_row(&mut self, row: u64, cells: &mut Cells) -> Outcome<()> {
        let first = cells.spans.len();
        cells.spans.resize(first + cells.width, (0, 0));
        cells.kinds.resize(first + cells.width, Kind::Null);
        let offset = cells.bytes.len();
        cells.bytes.extend_from_slice(&self.bytes);
        for &(column, start, end, kind) in &self.values {
            let place = |at: usize| u32::try_from(offset + at).map_err(ImportFailure::internal);
            cells.spans[first + column] = (place(start)?, place(end)?);
            cells.kinds[first + column] = kind;
        }
        cells.rows.push(row);
        Ok(())
    }

    /// The column of a key, which has this place in its object.
    fn column(&mut self, key: &str, place: usize, row: u64) -> Result<usize, Fault> {
        // Objects mostly have the same keys in the same order.
        let column = match self.keys.get(place) {
            Some(known) if known == key => place,
            _ => match self.places.get(key) {
                Some(&column) => column,
                None => self.add_column(key, row).map_err(Fault::Stop)?,
            },
        };
        if std::mem::replace(&mut self.last_rows[column], row) == row {
            return Err(Fault::Key(key.to_owned(), "The object has this key twice.".to_owned()));
        }
        Ok(column)
    }

    fn add_column(&mut self, key: &str, row: u64) -> Outcome<usize> {
        let column = self.keys.len();
        names::check_count(column + 1, row, self.limits)?;
        names::check_length(key, row)?;
        let name = if key.is_empty() { format!("column_{}", column + 1) } else { key.to_owned() };
        self.new_names.push(names::free(&name, &mut self.taken));
        self.keys.push(key.to_owned());
        self.places.insert(key.to_owned(), column);
        self.last_rows.push(0);
        Ok(column)
    }

    fn add_value(&mut self, key: &str, column: usize, raw: &str) -> Result<(), Fault> {
        let start = self.bytes.len();
        let kind = match raw.as_bytes() {
            [b'n', ..] => return Ok(()),
            [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => {
                self.bytes.extend_from_slice(inner);
                Kind::String
            }
            [b'"', ..] => {
                let text: String = serde_json::from_str(raw).map_err(|error| {
                    Fault::Key(key.to_owned(), format!("The text is no valid JSON: {error}."))
                })?;
                self.bytes.extend_from_slice(text.as_bytes());
                Kind::String
            }
            [b't' | b'f', ..] => {
                self.bytes.extend_from_slice(raw.as_bytes());
                Kind::Boolean
            }
            [b'{' | b'[', ..] => {
                self.bytes.extend_from_slice(raw.as_bytes());
                Kind::Nested
            }
            _ => {
                self.bytes.extend_from_slice(raw.as_bytes());
                Kind::Number
            }
        };
        let limit = self.limits.value_bytes;
        if self.bytes.len() - start > limit {
            return Err(Fault::Key(key.to_owned(), format!("The value is longer than {limit} bytes.")));
        }
        self.values.push((column, start, self.bytes.len(), kind));
        Ok(())
    }
}

/// Reads an object, value by value.
struct Object<'e, 'a> {
    elements: &'e mut Elements<'a>,
    row: u64,
    fault: &'e mut Option<Fault>,
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut place = 0;
        while let Some(Key(key)) = map.next_key()? {
            let raw: &RawValue = map.next_value()?;
            // After the first fault the rest is read only to see whether it is JSON.
            if self.fault.is_none() {
                let added = self
                    .elements
                    .column(&key, place, self.row)
                    .and_then(|column| self.elements.add_value(&key, column, raw.get()));
                *self.fault = added.err();
            }
            place += 1;
        }
        Ok(())
    }
}

/// A key, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
