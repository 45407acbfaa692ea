//! What is known while a document is read.

use std::io::{self, Write};

use super::meter::Meter;
use super::{Found, Wanted, Wrong};

/// What is known while a document is read.
pub(super) struct State<'a, W> {
    pub(super) wanted: Wanted<'a>,
    out: &'a mut W,
    pub(super) meter: Meter,
    /// How many records were written before this document.
    before: u64,
    pub(super) count: u64,
    pub(super) next: Option<String>,
    /// Whether an array was there that may be the one of records, or a null where it should be.
    pub(super) has_records: bool,
    /// The member of the whole that is an array of objects.
    pub(super) array: Option<String>,
    fault: Option<Wrong>,
}

impl<'a, W: Write> State<'a, W> {
    pub(super) fn new(wanted: Wanted<'a>, out: &'a mut W, meter: Meter, before: u64) -> Self {
        Self {
            wanted,
            out,
            meter,
            before,
            count: 0,
            next: None,
            has_records: false,
            array: None,
            fault: None,
        }
    }

    /// Notes what is wrong, and ends the reading.
    pub(super) fn fault<E: serde::de::Error>(&mut self, what: impl Into<String>) -> E {
        self.fault.get_or_insert(Wrong::Document(what.into()));
        E::custom("a document that is not as it should be")
    }

    /// Writes a record as a line.
    pub(super) fn write<E: serde::de::Error>(&mut self, record: &str) -> Result<(), E> {
        self.count += 1;
        if !record.starts_with('{') {
            let ordinal = ordinal(self.count);
            return Err(self.fault(format!("has a record that is no object: the {ordinal} of the page.")));
        }
        self.try_write(record).map_err(|error| {
            self.fault.get_or_insert(Wrong::Disk(error));
            E::custom("the disk")
        })
    }

    fn try_write(&mut self, record: &str) -> io::Result<()> {
        if self.before + self.count > 1 {
            self.out.write_all(b",")?;
        }
        // Line breaks are between the tokens: texts have none.
        for line in record.split_inclusive(['\n', '\r']) {
            let text = line.trim_end_matches(['\n', '\r']);
            self.out.write_all(text.as_bytes())?;
            if text.len() < line.len() {
                self.out.write_all(b" ")?;
            }
        }
        self.out.write_all(b"\n")
    }

    /// What came of it.
    pub(super) fn finish(self, read: serde_json::Result<()>) -> Result<Found, Wrong> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        match read {
            Err(_) if self.meter.is_exceeded() => {
                let limit = self.wanted.record_bytes;
                return Err(Wrong::Document(format!(
                    "has a record or a name that is longer than {limit} bytes."
                )));
            }
            Err(error) if error.is_io() => return Err(Wrong::Disk(error.into())),
            Err(error) => return Err(Wrong::Document(format!("is no JSON: {error}."))),
            Ok(()) => {}
        }
        match (self.has_records, self.wanted.records) {
            (true, _) => Ok(Found { count: self.count, next: self.next }),
            (false, Some(path)) => Err(Wrong::Document(format!("has nothing at {path}."))),
            (false, None) => Err(Wrong::Document(
                "is an object without an array of objects. Say with connection.records where the records are.".to_owned(),
            )),
        }
    }
}

fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
