//! Finds where the elements of a JSON file end, without reading what is in them.

/// What there is at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// An element.
    Element {
        /// Where it begins, ...
        start: usize,
        /// ... where it ends ...
        end: usize,
        /// ... and where reading goes on.
        next: usize,
    },
    /// The bracket that closes the array.
    End {
        /// Where reading goes on.
        next: usize,
    },
    /// The beginning of an element.
    More,
    /// Something that cannot be there.
    Wrong {
        /// Where it is.
        at: usize,
        /// What is wrong with it, as the end of a sentence.
        reason: String,
    },
}

/// How many spaces and line breaks there are at the beginning.
pub(super) fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(bytes.len())
}

/// Looks at the place where an element should begin, with the comma before it if it is not the first of an array.
pub(super) fn element(
    bytes: &[u8],
    at: usize,
    in_array: bool,
    follows: bool,
    is_last: bool,
    depth: usize,
) -> Scan {
    let mut start = at;
    if in_array {
        match bytes[at] {
            b']' => return Scan::End { next: at + 1 },
            b',' if follows => {
                start = at + 1 + spaces(&bytes[at + 1..]);
                if start == bytes.len() {
                    return Scan::More;
                }
            }
            _ if follows => {
                return Scan::Wrong { at, reason: "should be a comma or the end of the array".into() };
            }
            _ => {}
        }
    }
    match end(&bytes[start..], is_last, depth) {
        Err(reason) => Scan::Wrong { at: start, reason },
        Ok(None) => Scan::More,
        Ok(Some(0)) => Scan::Wrong { at: start, reason: "is no JSON".into() },
        Ok(Some(length)) => Scan::Element { start, end: start + length, next: start + length },
    }
}

/// How long the element is that begins here. None if it does not end here.
fn end(bytes: &[u8], is_last: bool, max_depth: usize) -> Result<Option<usize>, String> {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => {
                depth += 1;
                if depth > max_depth {
                    return Err(format!("has arrays and objects more than {max_depth} deep in each other"));
                }
            }
            b'}' | b']' if depth == 0 => return Ok(Some(at)),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some(at + 1));
                }
            }
            b'"' => {
                let Some(length) = string(&bytes[at + 1..]) else { return Ok(None) };
                at += length;
                if depth == 0 {
                    return Ok(Some(at + 1));
                }
            }
            b',' if depth == 0 => return Ok(Some(at)),
            byte if depth == 0 && byte.is_ascii_whitespace() => return Ok(Some(at)),
            _ => {}
        }
        at += 1;
    }
    Ok((is_last && depth == 0).then_some(at))
}

/// How long a string is after its opening quote, with the closing one.
fn string(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Whether there are objects in arrays in an object: it is rather a document than a row.
pub(super) fn has_nested_objects(element: &[u8]) -> bool {
    let mut last = 0;
    for &byte in element.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        if last == b'[' && byte == b'{' {
            return true;
        }
        last = byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Scan {
        element(text.as_bytes(), 0, false, false, true, 4)
    }

    #[test]
    fn elements_end_with_their_last_bracket() {
        for text in [r#"{"a":1}"#, r#"{"a":"}\"","b":[{}]}"#, r#""x\\""#, "12", "[1,[2]]"] {
            let length = text.len();
            assert_eq!(
                first(&format!("{text} {{")),
                Scan::Element { start: 0, end: length, next: length },
                "{text}"
            );
        }
    }

    #[test]
    fn what_does_not_end_is_more() {
        for text in [r#"{"a":1"#, r#"{"a":"}"#, r#"{"a":"\"#] {
            assert_eq!(first(text), Scan::More, "{text}");
        }
    }

    #[test]
    fn arrays_have_commas() {
        let after = |text: &str| element(text.as_bytes(), 0, true, true, true, 4);
        assert_eq!(after(", {}]"), Scan::Element { start: 2, end: 4, next: 4 });
        assert_eq!(after("]"), Scan::End { next: 1 });
        assert!(matches!(after("{}"), Scan::Wrong { .. }));
        assert!(matches!(after(",]"), Scan::Wrong { .. }));
    }

    #[test]
    fn depth_is_bounded() {
        assert!(matches!(first("{{{{{"), Scan::Wrong { .. }));
    }
}
