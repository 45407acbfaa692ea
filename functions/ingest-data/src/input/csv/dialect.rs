//! Finds out what separates the fields of a CSV file.

use super::split::{Record, Splitter};

/// What separates fields, the rarer in texts first: of those that fit equally well, this one is taken.
const DELIMITERS: [u8; 4] = [b'\t', b'|', b';', b','];

/// How many records are looked at.
const SAMPLE_RECORDS: usize = 200;

/// The delimiter that splits the first record, and most of the others into as many fields. A comma if none splits the first one: it
/// has one column then, or else the row that has more will be told of.
pub(super) fn delimiter(start: &mut [u8], is_last: bool) -> u8 {
    let mut best = (b',', 0.0);
    for delimiter in DELIMITERS {
        let share = share_alike(&mut start.to_vec(), is_last, delimiter);
        if share > best.1 {
            best = (delimiter, share);
        }
    }
    best.0
}

/// How many of the records have as many fields as the first, if that has more than one.
fn share_alike(start: &mut [u8], is_last: bool, delimiter: u8) -> f64 {
    let mut splitter = Splitter::new(delimiter);
    let (mut at, mut first, mut alike, mut count) = (0, 0, 0, 0);
    let mut spans = Vec::new();
    while at < start.len() && count < SAMPLE_RECORDS {
        spans.clear();
        let Record::Whole { next } = splitter.split(start, at, is_last, &mut spans) else { break };
        at = next;
        if spans.len() == 1 && spans[0].0 == spans[0].1 {
            continue;
        }
        if count == 0 {
            first = spans.len();
        }
        alike += u32::from(spans.len() == first);
        count += 1;
    }
    // A first record that does not end in the sample has the fields that it has so far.
    if count == 0 {
        return if start.contains(&delimiter) { 0.5 } else { 0.0 };
    }
    if first < 2 { 0.0 } else { f64::from(alike) / f64::from(u32::try_from(count).unwrap_or(u32::MAX)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_seen_from_the_rows() {
        for (text, expected) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n", b';'),
            ("a\tb\n1,2\t3\n", b'\t'),
            ("a|b\nx,y|z;w\n", b'|'),
            ("a,b\n\"x;y\",z\n", b','),
            ("Price, EUR;Amount, kg\n1,5;2,5\n", b';'),
            ("a,b;c\n1,2\n1,3\n", b','),
            ("name\nAda\n", b','),
            ("\n\na;b\n", b';'),
            ("", b','),
        ] {
            assert_eq!(delimiter(&mut text.as_bytes().to_vec(), true), expected, "{text}");
        }
    }
}
