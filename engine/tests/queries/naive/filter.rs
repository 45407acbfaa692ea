//! Conditions on values, and groups of conditions.

use jiff::tz::TimeZone;
use regex::RegexBuilder;
use serde_json::Value;
use shared::model::query::{Clause, Filter, Operator};

use super::datum::Datum;

/// Whether a filter holds for a row, whose value of a field is looked up.
pub(crate) fn holds(filter: &Filter, field: &impl Fn(&str) -> Datum, zone: &TimeZone) -> bool {
    match filter.clause().expect("a condition or a group") {
        Clause::Compare(name, operator, values) => matches(&field(name.as_str()), operator, values, zone),
        Clause::And(filters) => filters.iter().all(|filter| holds(filter, field, zone)),
        Clause::Or(filters) => filters.iter().any(|filter| holds(filter, field, zone)),
    }
}

/// Whether a condition holds for a value.
pub(crate) fn matches(datum: &Datum, operator: Operator, values: &[Value], zone: &TimeZone) -> bool {
    match operator {
        Operator::IsNull => return datum.is_null(),
        Operator::IsNotNull => return !datum.is_null(),
        _ if datum.is_null() => return false,
        Operator::Contains => return contains(datum, values[0].as_str().expect("a text")),
        _ => {}
    }
    let operands: Vec<Datum> = values.iter().map(|value| datum.operand(value, zone)).collect();
    match operator {
        Operator::Eq => *datum == operands[0],
        Operator::Ne => *datum != operands[0],
        Operator::Gt => *datum > operands[0],
        Operator::Gte => *datum >= operands[0],
        Operator::Lt => *datum < operands[0],
        Operator::Lte => *datum <= operands[0],
        Operator::In => operands.contains(datum),
        Operator::NotIn => !operands.contains(datum),
        Operator::Between => *datum >= operands[0] && *datum <= operands[1],
        Operator::Contains | Operator::IsNull | Operator::IsNotNull => unreachable!("answered above"),
    }
}

/// Whether a text has another in it. Case is ignored as in Unicode's simple case folding, which is what regular expressions do.
fn contains(datum: &Datum, part: &str) -> bool {
    let Datum::Text(text) = datum else { panic!("{datum:?} is no text") };
    let pattern = RegexBuilder::new(&regex::escape(part)).case_insensitive(true).build().unwrap();
    pattern.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contains_folds_case_as_unicode_s_simple_case_folding() {
        let contains = |text: &str, part: &str| contains(&Datum::Text(text.to_owned()), part);
        for (text, part) in [
            ("North", "ORT"),
            ("ΟΔΟΣ", "δος"),
            ("ß", "ẞ"),
            ("\u{212a}elvin", "k"),
            ("ſ", "S"),
            ("É", "é"),
            ("x", ""),
            ("a.b", "."),
            ("İ", "İ"),
        ] {
            assert!(contains(text, part), "{text} {part}");
        }
        // Full folding would find these: "ss" in "ß", "i" with a dot in "İ".
        for (text, part) in
            [("ß", "ss"), ("STRASSE", "ß"), ("İ", "i"), ("ı", "I"), ("e\u{301}", "é"), ("a_b", "a%b")]
        {
            assert!(!contains(text, part), "{text} {part}");
        }
    }
}
