//! Columns of numbers and truths.

use super::{Column, Kind, Value, column};

/// Halves of both signs, sums of cents, and what is equal with other digits.
const PRICES: [&str; 14] = [
    "0.00",
    "0.01",
    "-0.01",
    "0.05",
    "-0.05",
    "0.10",
    "0.20",
    "0.30",
    "1.50",
    "2.50",
    "-1.50",
    "-2.50",
    "99999999.99",
    "10.00",
];

/// The thirteenth digit is the one that an average rounds.
const TINY: [&str; 8] = [
    "0.0000000000005",
    "-0.0000000000005",
    "0.0000000000015",
    "-0.0000000000015",
    "0.0000000000004",
    "1.0000000000000",
    "0.3333333333333",
    "-0.6666666666667",
];

/// 30 digits.
const WIDE: [&str; 7] = [
    "1234567890123456789012.34567890",
    "-1234567890123456789012.34567890",
    "1234567890123456789012.34567891",
    "9999999999999999999999.99999999",
    "0.00000001",
    "0.50000000",
    "-3.00000000",
];

const LARGE: [&str; 9] = [
    "9223372036854775807",
    "9223372036854775806",
    "-9223372036854775808",
    "-9223372036854775807",
    "9007199254740993",
    "9007199254740992",
    "-1",
    "0",
    "1",
];

const UNSIGNED: [&str; 5] = ["0", "1", "9223372036854775807", "9223372036854775808", "18446744073709551615"];

/// What can be added in any order without losing more than a few bits.
const FLOATS: [&str; 13] = [
    "0.1",
    "0.2",
    "0.3",
    "-0.0",
    "0.0",
    "1.5",
    "2.5",
    "-1.5",
    "1e-7",
    "100.25",
    "3.3333333333333335",
    "1e15",
    "7.0",
];

/// What can not.
const EXTREMES: [&str; 9] = [
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "2.2250738585072014e-308",
    "1e300",
    "-1e300",
    "9007199254740993",
    "0.30000000000000004",
    "-0.0",
    "0.1",
];

pub(super) fn columns() -> Vec<Column> {
    let mut id = column("id", Kind::Integer, "bigint PRIMARY KEY", "bigint PRIMARY KEY", &[]);
    id.counted = Some(1);
    let [yes, no] = ["true", "false"];
    let small: Vec<String> = (-7..=12).map(|number: i32| number.to_string()).collect();
    let small: Vec<&str> = small.iter().map(String::as_str).collect();
    vec![
        id,
        column("small", Kind::Integer, "smallint", "smallint", &small),
        column("medium", Kind::Integer, "integer", "mediumint", &["-8388608", "8388607", "3", "7", "2"]),
        column("large", Kind::Integer, "bigint", "bigint", &LARGE),
        column("unsigned", Kind::Decimal(0), "numeric(20, 0)", "bigint unsigned", &UNSIGNED),
        column("year", Kind::Integer, "smallint", "year", &["1901", "1970", "2024", "2155"]),
        column("price", Kind::Decimal(2), "numeric(12, 2)", "decimal(12, 2)", &PRICES),
        column("tiny", Kind::Decimal(13), "numeric(24, 13)", "decimal(24, 13)", &TINY),
        column("wide", Kind::Decimal(8), "numeric(30, 8)", "decimal(30, 8)", &WIDE),
        // As many digits as each value has.
        column(
            "loose",
            Kind::Decimal(6),
            "numeric",
            "decimal(20, 6)",
            &["1", "1.0", "1.50", "-2.000001", "0", "1e3"],
        ),
        column("float", Kind::Float, "double precision", "double", &FLOATS),
        column("single", Kind::Single, "real", "float", &["0.1", "0.2", "-0.0", "1.5", "16777216", "3.4e38"]),
        column("extreme", Kind::Float, "double precision", "double", &EXTREMES),
        column("endless", Kind::Float, "double precision", "double", &["1.5", "-2.5", "0.25"])
            .with(["NaN", "Infinity", "-Infinity"].map(Value::only_postgresql)),
        // MySQL's truths are small numbers.
        column("flag", Kind::Boolean, "boolean", "tinyint(1)", &[]).with([
            Value::of(yes, yes, "1"),
            Value::of(no, no, "0"),
            Value::of(yes, yes, "2"),
            Value::of(yes, yes, "-1"),
        ]),
        column("bit", Kind::Boolean, "boolean", "bit(1)", &[])
            .with([Value::of(yes, yes, "1"), Value::of(no, no, "0")]),
        column("always", Kind::Boolean, "boolean NOT NULL", "bit(1) NOT NULL", &[])
            .only([Value::of(yes, yes, "1")]),
    ]
}
