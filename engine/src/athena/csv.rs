//! Rows as Athena writes them into objects: each value in quotes, a quote within as two, and nothing at all for null. Readers of CSV in
//! general take the last for an empty text, which here is two quotes.

use std::borrow::Cow;
use std::ops::Range;

use crate::sql::Value;

/// Bytes that Athena does not write.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("it is not written as Athena writes results")]
pub(super) struct Malformed;

/// Rows of bytes that come in pieces, wherever these begin and end.
#[derive(Debug, Default)]
pub(super) struct Rows {
    position: Position,
    /// The bytes of all values of the row, without quotes.
    text: Vec<u8>,
    /// Which of them each value has; None for null.
    values: Vec<Option<Range<usize>>>,
    /// Where those of the next value begin.
    start: usize,
    is_complete: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Position {
    /// Before a value.
    #[default]
    Before,
    /// Within quotes.
    Within,
    /// After a quote that ends the value, unless another follows.
    After,
}

impl Rows {
    /// Reads on to the end of a row, and takes what was read off the bytes. Whether the row is complete; if not, nothing is left.
    pub(super) fn read(&mut self, bytes: &mut &[u8]) -> Result<bool, Malformed> {
        if self.is_complete {
            self.text.clear();
            self.values.clear();
            self.start = 0;
            self.is_complete = false;
        }
        loop {
            if let Position::Within = self.position {
                let quote = memchr::memchr(b'"', bytes);
                self.text.extend_from_slice(&bytes[..quote.unwrap_or(bytes.len())]);
                *bytes = quote.map_or(&[][..], |quote| &bytes[quote + 1..]);
                if quote.is_none() {
                    return Ok(false);
                }
                self.position = Position::After;
            }
            let Some((byte, rest)) = bytes.split_first() else { return Ok(false) };
            *bytes = rest;
            match (self.position, byte) {
                (Position::Before, b'"') => self.position = Position::Within,
                (Position::After, b'"') => {
                    self.text.push(b'"');
                    self.position = Position::Within;
                }
                (_, b',') => self.end_value(),
                (_, b'\n') => {
                    self.end_value();
                    self.is_complete = true;
                    return Ok(true);
                }
                _ => return Err(Malformed),
            }
        }
    }

    /// Ends the last row. Whether there is one that no line's end has followed.
    pub(super) fn end(&mut self) -> Result<bool, Malformed> {
        match self.position {
            Position::Within => return Err(Malformed),
            Position::Before if self.is_complete || self.values.is_empty() => return Ok(false),
            Position::Before | Position::After => self.end_value(),
        }
        self.is_complete = true;
        Ok(true)
    }

    /// How many bytes are held of the row.
    pub(super) fn size(&self) -> usize {
        self.text.len() + self.values.len() * size_of::<Option<Range<usize>>>()
    }

    /// How many values the row has.
    pub(super) fn width(&self) -> usize {
        self.values.len()
    }

    /// The values of the row.
    pub(super) fn values(&self) -> impl Iterator<Item = Result<Value<'_>, Malformed>> {
        self.values.iter().map(|range| {
            let Some(range) = range else { return Ok(Value::Null) };
            let text = str::from_utf8(&self.text[range.clone()]).map_err(|_| Malformed)?;
            Ok(Value::Text(Cow::Borrowed(text)))
        })
    }

    fn end_value(&mut self) {
        let range = self.start..self.text.len();
        self.start = range.end;
        self.values.push(match self.position {
            Position::Before => None,
            Position::Within | Position::After => Some(range),
        });
        self.position = Position::Before;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows of these pieces.
    fn rows<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Vec<Option<String>>>, Malformed> {
        let text = |value: Result<Value<'_>, Malformed>| match value? {
            Value::Text(text) => Ok(Some(text.into_owned())),
            _ => Ok(None),
        };
        let (mut rows, mut all) = (Rows::default(), Vec::new());
        for mut piece in pieces {
            while rows.read(&mut piece)? {
                all.push(rows.values().map(text).collect::<Result<Vec<_>, _>>()?);
            }
        }
        if rows.end()? {
            all.push(rows.values().map(text).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(all)
    }

    #[test]
    fn nulls_and_empty_texts_are_told_apart() {
        let text = |text: &str| Some(text.to_owned());
        let all = rows([b"\"n\",\"t\"\n\"1\",\n,\"\"\n,".as_slice()]).unwrap();
        let expected = [[text("n"), text("t")], [text("1"), None], [None, text("")], [None, None]];
        assert_eq!(all, expected);
        // A row of one null is an empty line.
        assert_eq!(rows([b"\"n\"\n\n\"x\"".as_slice()]).unwrap(), [[text("n")], [None], [text("x")]]);
        assert_eq!(rows([b"".as_slice()]).unwrap(), Vec::<Vec<_>>::new());
    }

    #[test]
    fn what_athena_does_not_write_is_refused() {
        for bytes in ["a\n", "\"a\"b\n", "\"a\"\r\n", "\"a", " \"a\"\n", "\"\u{ff}"] {
            assert_eq!(rows([bytes.as_bytes()]), Err(Malformed), "{bytes:?}");
        }
        assert_eq!(rows([b"\"\xff\"\n".as_slice()]), Err(Malformed));
    }

    proptest! {
        #[test]
        fn rows_are_those_that_were_written_however_they_are_cut(
            all in prop::collection::vec(prop::collection::vec(prop::option::of("[\",\n\r;a🎉]{0,6}"), 2), 0..6),
            size in 1_usize..9,
        ) {
            let mut written = String::new();
            for row in &all {
                let values = row.iter().map(|value| {
                    value.as_ref().map_or_else(String::new, |text| format!("\"{}\"", text.replace('"', "\"\"")))
                });
                written += &(values.collect::<Vec<_>>().join(",") + "\n");
            }
            let read = rows(written.as_bytes().chunks(size)).unwrap();
            prop_assert_eq!(read, all);
        }
    }
}
