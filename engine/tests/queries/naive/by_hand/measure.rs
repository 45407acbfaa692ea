//! Measures of rows, and what they are of none.

use serde_json::{Value as Json, json};
use shared::model::table::ColumnType;

use super::{NULL, ask, at, column, day, decimals, int, rows, table, text};
use crate::naive::table::{Table, Value};

/// One measure of the only column, of all rows.
fn measure(table: &Table, aggregation: &str) -> String {
    let measure = json!({"field": &table.columns[0].name, "aggregation": aggregation});
    rows(&ask(table, json!({ "measures": [measure] }))).swap_remove(0)
}

fn integers(integers: &[i64]) -> Table {
    table([column("n", ColumnType::Integer)], integers.iter().map(|&integer| [int(integer)]))
}

fn floats(floats: &[f64]) -> Table {
    table([column("f", ColumnType::Number)], floats.iter().map(|&float| [Value::Float(float)]))
}

#[test]
fn medians_of_even_counts_are_exactly_in_the_middle() {
    assert_eq!(measure(&integers(&[4, 1, 3, 2]), "median"), "2.5");
    assert_eq!(measure(&integers(&[5, 1, 3]), "median"), "3");
    assert_eq!(measure(&integers(&[i64::MAX, i64::MAX - 1]), "median"), "9223372036854775806.5");
    let cents = table([decimals("d", 2)], [[Value::Decimal(1)], [Value::Decimal(4)], [NULL]]);
    assert_eq!(measure(&cents, "median"), "0.025");
    assert_eq!(measure(&floats(&[0.1, 0.4, 1e300, -5.0]), "median"), "0.25");
}

#[test]
fn averages_are_rounded_half_away_from_zero_to_12_digits() {
    assert_eq!(measure(&integers(&[1, 1, 0]), "average"), "0.666666666667");
    assert_eq!(measure(&integers(&[-1, -1, 0]), "average"), "-0.666666666667");
    assert_eq!(measure(&integers(&[2, 4]), "average"), "3");
    // 0.000000000005 / 10 is 5 at the thirteenth digit.
    let tiny = |unscaled: i128| {
        let zeros = std::iter::repeat_n([Value::Decimal(0)], 9);
        table([decimals("d", 12)], zeros.chain([[Value::Decimal(unscaled)]]))
    };
    assert_eq!(measure(&tiny(5), "average"), "0.000000000001");
    assert_eq!(measure(&tiny(-5), "average"), "-0.000000000001");
    assert_eq!(measure(&tiny(4), "average"), "0");
    assert_eq!(measure(&tiny(15), "average"), "0.000000000002");
}

#[test]
fn sums_of_integers_and_decimals_are_exact() {
    assert_eq!(measure(&integers(&[i64::MAX, i64::MAX, 1]), "sum"), "18446744073709551615");
    assert_eq!(measure(&integers(&[i64::MIN, i64::MIN]), "sum"), "-18446744073709551616");
    let wide = 123_456_789_012_345_678_901_234_567_890_i128;
    let wide =
        table([decimals("d", 8)], [[Value::Decimal(wide)], [Value::Decimal(1)], [Value::Decimal(-wide)]]);
    assert_eq!(measure(&wide, "sum"), "0.00000001");
}

#[test]
fn sums_of_floats_are_rounded_once() {
    assert_eq!(measure(&floats(&[1e300, 0.1, -1e300]), "sum"), "0.1");
    assert_eq!(measure(&floats(&[0.1; 10]), "sum"), "1.0");
    assert_eq!(measure(&floats(&[-0.0]), "sum"), "0.0");
    assert_eq!(measure(&floats(&[1.0, 2.0]), "average"), "1.5");
    // Infinity is nothing in JSON.
    assert_eq!(measure(&floats(&[f64::MAX, f64::MAX]), "sum"), "null");
}

#[test]
fn nothing_summed_is_null_and_nothing_counted_0() {
    let none = table([column("n", ColumnType::Integer)], [[NULL], [NULL]]);
    for table in [none, integers(&[])] {
        for aggregation in ["sum", "average", "median", "min", "max"] {
            assert_eq!(measure(&table, aggregation), "null");
        }
        for aggregation in ["count", "distinct_count"] {
            assert_eq!(measure(&table, aggregation), "0");
        }
        let answer = ask(&table, json!({"measures": [{"aggregation": "count"}]}));
        assert_eq!(rows(&answer), [table.rows.len().to_string()]);
        assert_eq!(answer.columns, ["count"]);
    }
}

#[test]
fn distinct_counts_tell_case_and_know_one_zero() {
    let texts = table([column("t", ColumnType::Text)], ["a", "A", "a", "ß"].map(|of| [text(of)]));
    assert_eq!(measure(&texts, "distinct_count"), "3");
    assert_eq!(measure(&floats(&[0.0, -0.0, 1.0]), "distinct_count"), "2");
    let booleans = [Value::Boolean(true), NULL, Value::Boolean(true)].map(|is| [is]);
    assert_eq!(measure(&table([column("b", ColumnType::Boolean)], booleans), "distinct_count"), "1");
}

#[test]
fn extremes_are_of_the_field_s_type() {
    let texts = table(
        [column("t", ColumnType::Text)],
        ["b", "B", "é", "z", "\u{10000}", "\u{ffff}"].map(|of| [text(of)]),
    );
    assert_eq!(measure(&texts, "min"), "\"B\"");
    // By code points; in UTF-16, U+10000 would be less than U+FFFF.
    assert_eq!(measure(&texts, "max"), "\"\u{10000}\"");
    let days = table([column("d", ColumnType::Date)], [[day("2025-01-02")], [NULL], [day("1969-12-31")]]);
    assert_eq!(measure(&days, "min"), "\"1969-12-31\"");
    let instants = table([column("t", ColumnType::Datetime)], [[at("2025-01-02T00:00:00.5Z")], [NULL]]);
    assert_eq!(measure(&instants, "max"), "\"2025-01-02T00:00:00.5Z\"");
    let cents = table([decimals("d", 2)], [[Value::Decimal(-150)], [Value::Decimal(20)]]);
    assert_eq!(measure(&cents, "min"), "-1.5");
    assert_eq!(measure(&floats(&[-0.0, 1e300]), "min"), "0.0");
}

#[test]
fn ratios_divide_what_the_measures_say() {
    let columns =
        [column("a", ColumnType::Integer), column("b", ColumnType::Integer), column("f", ColumnType::Number)];
    let rows_of = [
        [int(1), int(0), Value::Float(0.5)],
        [int(0), int(0), Value::Float(0.25)],
        [int(0), NULL, Value::Float(0.25)],
    ];
    let table = table(columns, rows_of);
    let ratio = |first: Json, second: Json| {
        let answer = ask(&table, json!({"measures": [first, second, {"ratio": ["x", "y"]}]}));
        assert_eq!(answer.columns, ["x", "y", "x_per_y"]);
        answer.rows[0][2].clone()
    };
    let of = |field: &str, aggregation: &str, name: &str| json!({"field": field, "aggregation": aggregation, "as": name});
    assert_eq!(ratio(of("a", "sum", "x"), of("a", "count", "y")), "0.333333333333");
    assert_eq!(ratio(of("a", "count", "x"), of("b", "sum", "y")), "null");
    assert_eq!(ratio(of("a", "sum", "x"), of("f", "sum", "y")), "1.0");
    // The average is 0.333333333333 after its rounding: three of it are not 1.
    assert_eq!(ratio(of("a", "sum", "x"), of("a", "average", "y")), "3.000000000003");
}

#[test]
fn totals_are_of_rows_and_not_of_groups() {
    let columns = [column("k", ColumnType::Text), column("n", ColumnType::Integer)];
    let table = table(
        columns,
        [[text("a"), int(1)], [text("a"), int(2)], [text("a"), int(3)], [text("b"), int(2)], [NULL, int(10)]],
    );
    let query = json!({
        "dimensions": [{"field": "k"}],
        "measures": [
            {"field": "n", "aggregation": "average"},
            {"field": "n", "aggregation": "distinct_count"},
            {"aggregation": "count"},
        ],
        "filters": [{"field": "n", "operator": "lt", "values": [10]}],
        "having": [{"field": "count", "operator": "gt", "values": [1]}],
        "totals": true,
        "limit": 1,
    });
    let answer = ask(&table, query);
    assert_eq!(rows(&answer), [r#""a",2,3,3"#]);
    // Of the averages 2 and 2 it is 2, of the distinct ones 3 and not 4.
    assert_eq!(answer.totals.unwrap(), ["null", "2", "3", "4"]);
    assert!(!answer.truncated, "there is one group with more than one row");
}
