//! Types are inferred from all values, wherever they are.

use ingest_data::Limits;
use serde_json::json;
use shared::model::data_source::engine::Engine::Csv;
use shared::model::data_source::file_options::FileOptions;

use super::{import_file, import_with, options};

/// The type of a column of these values, and the first value.
fn column(values: &[&str], settings: &FileOptions) -> (String, String) {
    // One value a block, so that each of them meets what is known from those before.
    for block_bytes in [1 << 20, 8] {
        let limits = Limits { block_bytes, ..Limits::default() };
        let mut orders = vec![values.to_vec(), values.iter().rev().copied().collect()];
        let mut found = Vec::new();
        for order in &mut orders {
            let text = format!("v|w\n{}|x\n", order.join("|x\n"));
            let done = import_with(Csv, text.as_bytes(), settings, &limits).unwrap();
            let mut rows = done.rows();
            rows.sort();
            found.push((done.types()[0].clone(), rows));
        }
        assert_eq!(found[0], found[1], "the order does not matter: {values:?}");
    }
    let text = format!("v|w\n{}|x\n", values.join("|x\n"));
    let done = import_with(Csv, text.as_bytes(), settings, &Limits::default()).unwrap();
    let rows = done.rows();
    let first = rows[0].trim_start_matches('[').trim_end_matches(r#","x"]"#).to_owned();
    (done.types()[0].trim_start_matches("v ").to_owned(), first)
}

#[track_caller]
fn assert_type(values: &[&str], expected: &str, first: &str) {
    assert_eq!(column(values, &FileOptions::default()), (expected.into(), first.into()), "{values:?}");
}

#[test]
fn integers_and_what_looks_like_them() {
    assert_type(&["1", "-2", "0"], "integer", "1");
    assert_type(&["1", "", "3"], "integer?", "1");
    assert_type(&["9223372036854775807"], "integer", "9223372036854775807");
    assert_type(&["9223372036854775808", "1"], "number", "9223372036854775808");
    assert_type(&["1", "007"], "text", "\"1\"");
    assert_type(&["1", "+2"], "text", "\"1\"");
    assert_type(&["1", "x"], "text", "\"1\"");
    assert_type(&["", ""], "text?", "null");
}

#[test]
fn numbers_are_exact_while_they_can_be() {
    assert_type(&["1", "2.50"], "number", "1");
    assert_type(&["0.1", "0.12345"], "number", "0.1");
    assert_type(&["0.1", "123456789012345678901234567890"], "number", "0.1");
    assert_type(&["1.5", "1e3"], "number", "1.5");
    assert_type(&["1e-3", "2"], "number", "0.001");
    let digits = "1234567890123456789012345678901234567890";
    assert_type(&["0.5", digits], "number", "0.5");
    assert_type(&["1.5", "x"], "text", "\"1.5\"");
    assert_type(&["1.50", "NaN"], "text", "\"1.50\"");
}

#[test]
fn separators_are_what_the_column_s_own_values_say() {
    assert_type(&["1,234.56", "1,234"], "number", "1234.56");
    assert_type(&["1.234,56", "1.234"], "number", "1234.56");
    assert_type(&["1,5", "2"], "number", "1.5");
    assert_type(&["1,234,567"], "number", "1234567");
    assert_type(&["1,5", "1.5"], "text", "\"1,5\"");
    let done = import_file(Csv, b"a|b\n1,234|x\n");
    assert_eq!(done.rows(), [r#"[1234,"x"]"#]);
    assert!(done.imported.warnings[0].contains("\"a\""));
    let done = import_file(Csv, b"a;b\n1,234;x\n");
    assert_eq!(done.rows(), [r#"[1.234,"x"]"#], "semicolons go with commas");
    let comma = options(json!({"decimal": ","}));
    assert_eq!(column(&["1,234"], &comma), ("number".into(), "1.234".into()));
    assert_eq!(column(&["1.5"], &comma), ("text".into(), "\"1.5\"".into()));
    let number = options(json!({"columns": {"v": "number"}}));
    assert_eq!(column(&["1,234", "1,5"], &number), ("number".into(), "1.234".into()));
}

#[test]
fn dates_and_datetimes() {
    assert_type(&["2025-06-15", "0001-01-01"], "date", "\"0001-01-01\"");
    assert_type(&["2025-06-15", "2025-06-14T10:00:00Z"], "datetime", "\"2025-06-14T10:00:00Z\"");
    assert_type(&["2025-06-15 10:00:00.25+02:00"], "datetime", "\"2025-06-15T08:00:00.25Z\"");
    assert_type(&["2025-06-15", "2025-02-30"], "text", "\"2025-06-15\"");
    assert_type(&["2025-06-15T10:00Z", "later"], "text", "\"2025-06-15T10:00Z\"");
    assert_type(&["20250615"], "integer", "20250615");
    let german = options(json!({"date_format": "%d.%m.%Y"}));
    assert_eq!(column(&["15.06.2025", "01.02.2025"], &german), ("date".into(), "\"2025-02-01\"".into()));
    assert_eq!(column(&["2025-06-15"], &german), ("date".into(), "\"2025-06-15\"".into()));
    assert_eq!(column(&["15.06.2025", "2025-06-15"], &german), ("text".into(), "\"15.06.2025\"".into()));
    let clock = options(json!({"date_format": "%m/%d/%Y %I:%M %p"}));
    assert_eq!(
        column(&["06/15/2025 07:46 PM"], &clock),
        ("datetime".into(), "\"2025-06-15T19:46:00Z\"".into())
    );
}

#[test]
fn truth_values() {
    assert_type(&["true", "FALSE", "True"], "boolean", "true");
    assert_type(&["true", "yes"], "text", "\"true\"");
    assert_type(&["TRUE", "1"], "text", "\"TRUE\"");
    assert_type(&["1", "0"], "integer", "1");
}
