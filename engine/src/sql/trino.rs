//! Trino's dialect, as Athena's engine speaks it from version 3 on.
//!
//! Texts are compared by code points, which is the order of their bytes. All types are written out: Trino has no constants of unknown
//! type, and sums of 64-bit integers that do not fit end the query, so they are added as decimals of 38 digits.
//!
//! Each parameter is a text in quotes, and is cast where it stands: Athena puts parameters into the statement as they are written
//! ([`literals`]), and takes none that is longer than 1,024 characters, so a longer text is several.

use shared::model::query::TimeUnit;
use shared::model::table::{Column, ColumnType};

use super::dialect::{ColumnText, Dialect, Kind, scale};
use super::parameter::{Parameter, instant};
use super::statement::Statement;

/// How many digits a decimal has at most.
const MAX_DIGITS: usize = 38;

/// How many characters a parameter may have, with its quotes.
/// <https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html#athena-StartQueryExecution-request-ExecutionParameters>
const MAX_LITERAL_CHARACTERS: usize = 1_024;

/// Trino, as in Athena.
#[derive(Debug)]
pub(crate) struct Trino;

impl Dialect for Trino {
    fn name(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn parameter(&self, _place: usize, parameter: &Parameter) -> String {
        match parameter {
            Parameter::Integer(_) => "CAST(? AS BIGINT)".to_owned(),
            Parameter::Float(_) => "CAST(? AS DOUBLE)".to_owned(),
            Parameter::Decimal(digits) => {
                let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
                let whole = whole.trim_start_matches(['-', '0']).len();
                format!("CAST(? AS DECIMAL({}, {}))", (whole + fraction.len()).max(1), fraction.len())
            }
            Parameter::Boolean(_) => "CAST(? AS BOOLEAN)".to_owned(),
            Parameter::Text(text) => match pieces(text).len() {
                1 => "CAST(? AS VARCHAR)".to_owned(),
                count => format!("CAST({} AS VARCHAR)", vec!["?"; count].join(" || ")),
            },
            Parameter::Day(_) => "CAST(? AS DATE)".to_owned(),
            Parameter::Instant(_) => "CAST(? AS TIMESTAMP(6))".to_owned(),
        }
    }

    fn has_nul(&self) -> bool {
        true
    }

    fn column(&self, name: &str, column: &Column) -> ColumnText {
        let native = column.native_type.as_deref().unwrap_or_default();
        let plain = ColumnText::plain(name, Kind::of(column.column_type));
        match column.column_type {
            // Spaces at the end are no part of what is of a fixed length.
            ColumnType::Text if native.starts_with("char") => {
                let value = format!("rtrim(CAST({name} AS VARCHAR))");
                ColumnText { exact: value.clone(), value, ..plain }
            }
            ColumnType::Text | ColumnType::Boolean => plain,
            ColumnType::Integer => ColumnText { value: format!("CAST({name} AS BIGINT)"), ..plain },
            ColumnType::Number if native.starts_with("decimal") => {
                ColumnText { kind: Kind::Decimal(Some(scale(native).unwrap_or(0))), ..plain }
            }
            ColumnType::Number => ColumnText {
                // Not a minus before a zero.
                value: format!("(CAST({name} AS DOUBLE) + 0e0)"),
                is_taken: Some(format!("is_finite(CAST({name} AS DOUBLE))")),
                ..plain
            },
            ColumnType::Date => ColumnText {
                is_taken: Some(format!("{name} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'")),
                ..plain
            },
            ColumnType::Datetime => {
                let is_zoned = native.ends_with("with time zone");
                let value = if is_zoned { format!("({name} AT TIME ZONE 'UTC')") } else { name.to_owned() };
                let zone = if is_zoned { " UTC" } else { "" };
                ColumnText {
                    value: format!("CAST({value} AS TIMESTAMP(6))"),
                    is_taken: Some(format!(
                        "{name} >= TIMESTAMP '0001-01-01 00:00:00{zone}' AND {name} < TIMESTAMP '9999-12-31 23:59:59.999999{zone}'"
                    )),
                    is_zoned,
                    ..plain
                }
            }
        }
    }

    fn matches(&self, column: &ColumnText, pattern: &str) -> String {
        format!("regexp_like({}, {pattern})", column.value)
    }

    fn zoned(&self, instant: &str) -> String {
        format!("with_timezone({instant}, 'UTC')")
    }

    fn instant(&self, microseconds: i64) -> String {
        format!("TIMESTAMP '{}'", instant(microseconds))
    }

    fn seconds(&self, seconds: i64) -> String {
        seconds.to_string()
    }

    fn later(&self, time: &str, seconds: &str) -> String {
        format!("date_add('second', {seconds}, {time})")
    }

    fn moved(&self, time: &str, count: u32, unit: TimeUnit) -> String {
        format!("date_add('{}', {count}, {time})", unit.as_str())
    }

    fn moved_day(&self, day: &str, count: u32, unit: TimeUnit) -> String {
        self.moved(day, count, unit)
    }

    fn start(&self, time: &str, unit: TimeUnit) -> String {
        match unit {
            TimeUnit::Hour | TimeUnit::Day => format!("CAST({time} AS DATE)"),
            _ => format!("CAST(date_trunc('{}', {time}) AS DATE)", unit.as_str()),
        }
    }

    fn hour(&self, time: &str) -> String {
        format!("date_trunc('hour', {time})")
    }

    fn sum_of_integers(&self, values: &str) -> String {
        format!("SUM(CAST({values} AS DECIMAL(38, 0)))")
    }

    fn scale(&self, kind: Kind) -> u32 {
        match kind {
            // What is compared is brought to a common scale, and must have no more than 38 digits there.
            Kind::Decimal(Some(scale)) => scale.unsigned_abs().into(),
            _ => 0,
        }
    }

    fn exact(&self, digits: String, kind: Kind) -> Option<Parameter> {
        let Kind::Decimal(scale) = kind else {
            // A column of integers has none that is more than these.
            return digits.parse().ok().map(Parameter::Integer);
        };
        let whole = digits.split('.').next().unwrap_or_default().trim_start_matches(['-', '0']).len();
        let most = MAX_DIGITS.saturating_sub(usize::from(scale.unwrap_or(0).unsigned_abs()));
        (whole <= most).then_some(Parameter::Decimal(digits))
    }

    fn reply(&self, value: &str, _kind: Kind) -> String {
        value.to_owned()
    }
}

/// The parameters of a statement as Athena takes them: constants of SQL, in their order.
pub(crate) fn literals(statement: &Statement) -> Vec<String> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut literals = Vec::new();
    for parameter in &statement.parameters {
        match parameter {
            Parameter::Text(text) => literals.extend(pieces(text).into_iter().map(quoted)),
            other => literals.push(quoted(&other.to_text())),
        }
    }
    literals
}

/// A text in pieces, each of which fits into a parameter: a quote takes two characters. Empty text is one piece.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut begin, mut length) = (0, 2);
    for (index, character) in text.char_indices() {
        // Characters are those of Java: what is beyond 16 bits is two.
        let takes = if character == '\'' { 2 } else { character.len_utf16() };
        if length + takes > MAX_LITERAL_CHARACTERS {
            pieces.push(&text[begin..index]);
            (begin, length) = (index, 2);
        }
        length += takes;
    }
    pieces.push(&text[begin..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(parameters: Vec<Parameter>) -> Statement {
        Statement {
            text: String::new(),
            parameters,
            columns: Vec::new(),
            outputs: Vec::new(),
            keys: 0,
            most_rows: None,
        }
    }

    #[test]
    fn parameters_are_constants_in_quotes() {
        let parameters = vec![
            Parameter::Text("it's '' \\ ?".to_owned()),
            Parameter::Text(String::new()),
            Parameter::Integer(-5),
            Parameter::Float(-1.5e300),
            Parameter::Day(0),
            Parameter::Boolean(true),
        ];
        let written = literals(&statement(parameters));
        assert_eq!(written[..3], ["'it''s '''' \\ ?'", "''", "'-5'"]);
        assert_eq!(written[4..], ["'1970-01-01'", "'true'"]);
        assert!(written.iter().all(|literal| literal.len() <= MAX_LITERAL_CHARACTERS));
    }

    #[test]
    fn long_texts_are_several_parameters() {
        let text = "'🎉a".repeat(600);
        let parameter = Parameter::Text(text.clone());
        let written = literals(&statement(vec![parameter.clone()]));
        assert_eq!(Trino.parameter(1, &parameter).matches('?').count(), written.len());
        assert!(written.len() > 1);
        assert!(written.iter().all(|literal| literal.encode_utf16().count() <= MAX_LITERAL_CHARACTERS));
        let read: String = written.iter().map(|it| it[1..it.len() - 1].replace("''", "'")).collect();
        assert_eq!(read, text);
    }

    #[test]
    fn exact_numbers_fit_beside_their_column() {
        let cents = Kind::Decimal(Some(2));
        assert_eq!(Trino.exact("12.50".to_owned(), cents), Some(Parameter::Decimal("12.50".to_owned())));
        assert_eq!(Trino.exact("1".repeat(37), cents), None);
        assert_eq!(Trino.exact("1".repeat(20), Kind::Integer), None);
        assert_eq!(Trino.parameter(1, &Parameter::Decimal("-0.05".to_owned())), "CAST(? AS DECIMAL(2, 2))");
    }
}
