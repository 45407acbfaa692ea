//! Splits bytes into records and their fields, as RFC 4180 and its many relatives write them.
//!
//! `csv-core` splits the same way (a test holds them against each other), but it passes over empty lines, and does not tell whether
//! quotes were closed and what came after them.

use memchr::{memchr, memchr3};

/// Splits records at a delimiter.
pub(crate) struct Splitter {
    delimiter: u8,
    /// The fields of the record that have doubled quotes.
    doubled: Vec<usize>,
    has_quotes: bool,
    stray_quote: Option<usize>,
}

/// What there is at a place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// A whole record.
    Whole {
        /// Where the next one begins.
        next: usize,
    },
    /// The beginning of a record whose end is not there.
    Incomplete {
        /// The field that does not end.
        column: usize,
        /// Whether it is in quotes.
        in_quotes: bool,
    },
}

impl Splitter {
    pub(crate) fn new(delimiter: u8) -> Self {
        Self { delimiter, doubled: Vec::new(), has_quotes: false, stray_quote: None }
    }

    /// Whether fields of the last record were in quotes.
    pub(crate) fn has_quotes(&self) -> bool {
        self.has_quotes
    }

    /// The first field of the last record that has more text after its closing quote.
    pub(crate) fn stray_quote(&self) -> Option<usize> {
        self.stray_quote
    }

    /// Splits the record that begins at a place, and adds where its fields are. Doubled quotes are made one in the bytes themselves.
    /// Only if these are the last bytes, a record ends with them.
    pub(crate) fn split(
        &mut self,
        bytes: &mut [u8],
        start: usize,
        is_last: bool,
        spans: &mut Vec<(u32, u32)>,
    ) -> Record {
        let first = spans.len();
        self.doubled.clear();
        self.has_quotes = false;
        self.stray_quote = None;
        let mut at = start;
        loop {
            let column = spans.len() - first;
            let quoted = bytes.get(at) == Some(&b'"');
            let end = if quoted {
                let Some(closing) = self.closing_quote(bytes, at + 1, is_last, spans.len()) else {
                    spans.truncate(first);
                    return Record::Incomplete { column, in_quotes: true };
                };
                spans.push(span(at + 1, closing));
                closing + 1
            } else {
                at
            };
            let end = match memchr3(self.delimiter, b'\n', b'\r', &bytes[end..]) {
                Some(length) => end + length,
                None if is_last => bytes.len(),
                None => {
                    spans.truncate(first);
                    return Record::Incomplete { column, in_quotes: false };
                }
            };
            if !quoted {
                spans.push(span(at, end));
            } else if spans.last().is_some_and(|&(_, closing)| closing as usize + 1 != end) {
                self.stray_quote.get_or_insert(column);
            }
            match bytes.get(end) {
                Some(&byte) if byte == self.delimiter => at = end + 1,
                Some(b'\r') if end + 1 == bytes.len() && !is_last => {
                    spans.truncate(first);
                    return Record::Incomplete { column, in_quotes: false };
                }
                Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => {
                    return self.finish(bytes, end + 2, spans);
                }
                Some(_) => return self.finish(bytes, end + 1, spans),
                None => return self.finish(bytes, end, spans),
            }
        }
    }

    /// Where the quote is that closes a field. None if it is not there, or could still be the first of two.
    fn closing_quote(&mut self, bytes: &[u8], start: usize, is_last: bool, span: usize) -> Option<usize> {
        self.has_quotes = true;
        let mut at = start;
        loop {
            let quote = at + memchr(b'"', &bytes[at..])?;
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    if self.doubled.last() != Some(&span) {
                        self.doubled.push(span);
                    }
                    at = quote + 2;
                }
                None if !is_last => return None,
                _ => return Some(quote),
            }
        }
    }

    fn finish(&self, bytes: &mut [u8], next: usize, spans: &mut [(u32, u32)]) -> Record {
        for &index in &self.doubled {
            let (start, end) = spans[index];
            let field = &mut bytes[start as usize..end as usize];
            let mut written = 0;
            let mut read = 0;
            while read < field.len() {
                field[written] = field[read];
                written += 1;
                // The second of two quotes.
                read += if field[read] == b'"' { 2 } else { 1 };
            }
            spans[index] = span(start as usize, start as usize + written);
        }
        Record::Whole { next }
    }
}

/// Blocks are far smaller than 4 GB.
fn span(start: usize, end: usize) -> (u32, u32) {
    let small = |place: usize| u32::try_from(place).expect("a block has less than 4 GB");
    (small(start), small(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut bytes = text.as_bytes().to_vec();
        let mut splitter = Splitter::new(delimiter);
        let (mut at, mut records) = (0, Vec::new());
        while at < bytes.len() {
            let mut spans = Vec::new();
            let Record::Whole { next } = splitter.split(&mut bytes, at, true, &mut spans) else { break };
            let field = |&(start, end): &(u32, u32)| {
                String::from_utf8(bytes[start as usize..end as usize].to_vec()).unwrap()
            };
            records.push(spans.iter().map(field).collect());
            at = next;
        }
        records
    }

    #[test]
    fn fields_are_between_delimiters() {
        assert_eq!(records("a,b\nc,\n", b','), [["a", "b"], ["c", ""]]);
        assert_eq!(records("a;b,c\r\nd;e", b';'), [["a", "b,c"], ["d", "e"]]);
        assert_eq!(records("a\rb\r\nc\n", b','), [["a"], ["b"], ["c"]]);
        assert_eq!(records("\n\na\n", b','), [[""], [""], ["a"]]);
        assert_eq!(records("a,", b','), [["a", ""]]);
    }

    #[test]
    fn quotes_hold_anything() {
        assert_eq!(records("\"a,\n\"\"b\"\"\",\"\"\n", b','), [["a,\n\"b\"", ""]]);
        assert_eq!(records("a\"b,c", b','), [["a\"b", "c"]]);
        assert_eq!(records("\"\"\"\"\"\"", b','), [["\"\""]]);
    }

    #[test]
    fn what_is_incomplete_is_left_as_it_is() {
        let mut splitter = Splitter::new(b',');
        for (text, in_quotes) in
            [("a,\"x\"\"y", true), ("a,b", false), ("a\r", false), ("a,\"b\"", true), ("a,\"b\"c", false)]
        {
            let mut bytes = text.as_bytes().to_vec();
            let mut spans = Vec::new();
            let record = splitter.split(&mut bytes, 0, false, &mut spans);
            assert!(
                matches!(record, Record::Incomplete { in_quotes: is, .. } if is == in_quotes),
                "{text}: {record:?}"
            );
            assert!(spans.is_empty());
            assert_eq!(bytes, text.as_bytes());
        }
    }

    #[test]
    fn text_after_a_closing_quote_is_noted() {
        let mut splitter = Splitter::new(b',');
        let mut spans = Vec::new();
        splitter.split(&mut b"a,\"b\" c,\"d\"\n".to_vec(), 0, true, &mut spans);
        assert_eq!(splitter.stray_quote(), Some(1));
        splitter.split(&mut b"\"b\",c\n".to_vec(), 0, true, &mut spans);
        assert_eq!(splitter.stray_quote(), None);
    }

    /// What `csv-core` makes of a text that ends with a line break: it leaves empty lines out.
    fn expected(text: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv_core::Reader::new();
        let (mut fields, mut ends) = (vec![0; text.len() + 16], vec![0; text.len() + 16]);
        let (mut records, mut rest) = (Vec::new(), text);
        loop {
            let (result, read, _, count) = reader.read_record(rest, &mut fields, &mut ends);
            match result {
                csv_core::ReadRecordResult::Record => {
                    let starts = std::iter::once(0).chain(ends.iter().copied());
                    let record = starts.zip(&ends).take(count);
                    records.push(
                        record
                            .map(|(start, &end)| String::from_utf8_lossy(&fields[start..end]).into_owned())
                            .collect(),
                    );
                }
                csv_core::ReadRecordResult::End => return records,
                _ => {}
            }
            rest = &rest[read..];
        }
    }

    proptest::proptest! {
        #[test]
        fn csv_core_splits_the_same_way(text in "[ab,\"\n\r]{0,40}") {
            let mut bytes = text.as_bytes().to_vec();
            let mut splitter = Splitter::new(b',');
            let (mut at, mut records, mut comparable) = (0, Vec::new(), true);
            while at < bytes.len() {
                let mut spans = Vec::new();
                let Record::Whole { next } = splitter.split(&mut bytes, at, true, &mut spans) else {
                    comparable = false;
                    break;
                };
                comparable &= splitter.stray_quote().is_none();
                let field = |&(start, end): &(u32, u32)| {
                    String::from_utf8_lossy(&bytes[start as usize..end as usize]).into_owned()
                };
                let record: Vec<String> = spans.iter().map(field).collect();
                let is_blank = record == [""] && !splitter.has_quotes();
                if !is_blank {
                    records.push(record);
                }
                at = next;
            }
            if comparable {
                proptest::prop_assert_eq!(records, expected(format!("{text}\n").as_bytes()));
            }
        }
    }
}
