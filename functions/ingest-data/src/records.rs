//! Taking records out of a JSON document, one after the other: a document may be larger than the memory.

mod meter;
mod state;
mod value;

use std::io::{BufReader, Read, Write};

use shared::model::data_source::json_path::JsonPath;

use meter::{Meter, Metered};
use state::State;
use value::{At, Target};

/// What is taken out of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// Where the array of records is. Without it, the document is that array, or an object with one array of objects.
    pub(crate) records: Option<&'a JsonPath>,
    /// Where the text is that leads to the next document.
    pub(crate) next: Option<&'a JsonPath>,
    /// How large one record may be, in bytes.
    pub(crate) record_bytes: usize,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// How many records there are.
    pub(crate) count: u64,
    /// What leads to the next document.
    pub(crate) next: Option<String>,
}

/// Why records were not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Wrong {
    /// What is wrong with the document, in words that go on after what it is.
    #[error("{0}")]
    Document(String),
    /// It could not be read, or the records could not be written.
    #[error(transparent)]
    Disk(std::io::Error),
}

/// Writes each record of a document as a line, and a comma before it if `count` records were written before.
pub(crate) fn take(
    document: impl Read,
    wanted: Wanted<'_>,
    before: u64,
    out: &mut impl Write,
) -> Result<Found, Wrong> {
    let meter = Meter::default();
    let reader = Metered::new(BufReader::with_capacity(1 << 16, document), meter.clone());
    let mut reader = serde_json::Deserializer::from_reader(reader);
    let mut state = State::new(wanted, out, meter, before);
    let records = wanted.records.map_or(Target::Whole, |path| Target::Path(path.names()));
    let at = At { state: &mut state, records, next: wanted.next.map(JsonPath::names) };
    let read = serde::de::DeserializeSeed::deserialize(at, &mut reader).and_then(|()| reader.end());
    state.finish(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(document: &str, records: Option<&str>, next: Option<&str>) -> Result<(String, Found), String> {
        let path = |path: &str| JsonPath::parse(path).unwrap();
        let (records, next) = (records.map(path), next.map(path));
        let wanted = Wanted { records: records.as_ref(), next: next.as_ref(), record_bytes: 50 };
        let mut out = Vec::new();
        let found = take(document.as_bytes(), wanted, 0, &mut out).map_err(|wrong| wrong.to_string())?;
        Ok((String::from_utf8(out).unwrap(), found))
    }

    fn lines(document: &str, records: Option<&str>, next: Option<&str>) -> (String, u64, Option<String>) {
        let (lines, Found { count, next }) = taken(document, records, next).unwrap();
        (lines, count, next)
    }

    #[test]
    fn records_are_where_the_path_says_or_where_they_must_be() {
        let two = ("{\"a\":1}\n,{\"a\": [2]}\n".to_owned(), 2, None);
        for (document, records) in [
            (r#"[{"a":1},{"a": [2]}]"#, None),
            (r#" [ {"a":1} , {"a": [2]} ] "#, Some("$")),
            (r#"{"items":[{"a":1},{"a": [2]}],"count":2,"tags":["x"],"none":[]}"#, None),
            (r#"{"x":{"items":[1]},"data":{"more":[],"items":[{"a":1},{"a": [2]}]}}"#, Some("$.data.items")),
        ] {
            assert_eq!(lines(document, records, None), two, "{document}");
        }
        for (document, records) in [
            ("[]", None),
            (r#"{"items":[]}"#, None),
            (r#"{"items":null}"#, Some("$.items")),
            (r#"{"items":[]}"#, Some("$.items")),
        ] {
            assert_eq!(lines(document, records, None), (String::new(), 0, None), "{document}");
        }
        assert_eq!(lines("[{\"a\":\n\t\"x\\ny\"}]", None, None).0, "{\"a\": \t\"x\\ny\"}\n");
    }

    #[test]
    fn the_next_document_is_a_text_before_or_after_the_records() {
        for document in
            [r#"{"page":{"next":"/b"},"items":[{"a":1}]}"#, r#"{"items":[{"a":1}],"page":{"next":"/b"}}"#]
        {
            let (_, count, next) = lines(document, None, Some("$.page.next"));
            assert_eq!((count, next.as_deref()), (1, Some("/b")));
        }
        for next in ["null", "\"\"", "false"] {
            let document = format!(r#"{{"items":[{{"a":1}}],"next":{next}}}"#);
            assert_eq!(lines(&document, Some("$.items"), Some("$.next")).2, None, "{next}");
        }
        assert_eq!(lines("[]", None, Some("$.next")).2, None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let long = format!(r#"[{{"a":"{}"}}]"#, "x".repeat(60));
        let key = format!(r#"{{"{}":1,"items":[]}}"#, "x".repeat(60));
        for (document, records, reason) in [
            ("", None, "is no JSON: EOF while parsing a value at line 1 column 0"),
            ("<html>", None, "is no JSON: expected value at line 1 column 1"),
            (r#"[{"a":1}"#, None, "is no JSON: EOF while parsing a list"),
            (r#"[{"a":1}] x"#, None, "is no JSON: trailing characters"),
            (r#"[{"a":1},]"#, None, "is no JSON: trailing comma"),
            (r#"[{"a":1},2]"#, None, "has a record that is no object: the 2nd of the page"),
            ("1", None, "is neither an array nor an object"),
            (r#"{"a":1}"#, None, "is an object without an array of objects"),
            (
                r#"{"a":[{}],"b":[{}]}"#,
                None,
                "has several arrays of objects: a and b. Name one with connection.records",
            ),
            (r#"{"data":{}}"#, Some("$.data.items"), "has nothing at $.data.items"),
            (r#"{"data":[]}"#, Some("$.data.items"), "has nothing at $.data.items"),
            (r#"{"data":{"items":{}}}"#, Some("$.data.items"), "has no array at $.data.items, but an object"),
            (r#"{"items":"x"}"#, Some("$.items"), "has no array at $.items, but a text"),
            (&long, None, "has a record or a name that is longer than 50 bytes"),
            (&key, None, "has a record or a name that is longer than 50 bytes"),
        ] {
            let wrong = taken(document, records, None).unwrap_err();
            assert!(wrong.contains(reason), "{document}: {wrong}");
        }
        for next in ["1", "true", "[]", "{}"] {
            let document = format!(r#"{{"items":[],"next":{next}}}"#);
            let wrong = taken(&document, Some("$.items"), Some("$.next")).unwrap_err();
            assert!(wrong.contains("has no URL at $.next"), "{wrong}");
        }
    }
}
