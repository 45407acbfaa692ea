//! Columns of texts, and of what databases have that the API says as texts.

use super::{Column, Kind, Value, column};

/// What is equal to something else under some collation, is ordered otherwise, folds to something of another length, ends in what some
/// types take away, or means something in a pattern or a literal.
const TEXTS: [&str; 52] = [
    "",
    " ",
    "a",
    "A",
    "a ",
    " a",
    "a  ",
    "á",
    "à",
    "b",
    "B",
    "Z",
    "z",
    "_",
    "~",
    "e",
    "é",
    "e\u{301}",
    "É",
    "ss",
    "SS",
    "ß",
    "ẞ",
    "Straße",
    "STRASSE",
    "I",
    "i",
    "İ",
    "ı",
    "i\u{307}",
    "k",
    "K",
    "\u{212a}",
    "ſ",
    "s",
    "ΟΔΟΣ",
    "οδος",
    "οδοσ",
    "9",
    "10",
    "100%",
    "100_",
    "a\\b",
    "it's",
    "say \"hi\"",
    "back`tick",
    "tab\there\nand there",
    "😀",
    "😀😀",
    "\u{ffff}",
    "'; DROP TABLE \"Order\"; --",
    "null",
];

/// Texts of one byte each in the character set `latin1`.
const LATIN1: [&str; 10] = ["é", "É", "e", "E", "ß", "ss", "ÿ", "Ÿ", "a", "A "];

const JSON: [&str; 5] = ["{\"a\": 1}", "{\"a\":1}", "[1, 2]", "\"text\"", "null"];

const UUIDS: [&str; 4] = [
    "00000000-0000-0000-0000-000000000000",
    "123e4567-e89b-12d3-a456-426614174000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "0e4e1f3e-9c5a-4d7b-8f00-000000000001",
];

pub(super) fn columns() -> Vec<Column> {
    let text =
        |name, postgresql, mariadb, values: &[&str]| column(name, Kind::Text, postgresql, mariadb, values);
    vec![
        text("name", "text", "varchar(60)", &TEXTS),
        // Case and accents do not count in comparisons there.
        text("tag", "text COLLATE loose", "text COLLATE utf8mb4_unicode_ci", &TEXTS),
        text(
            "nick",
            "citext",
            "varchar(60) COLLATE utf8mb4_unicode_520_ci",
            &["a", "A", "b", "B", "", "ß", "SS"],
        ),
        // Filled up with spaces, which are no part of it.
        text("code", "char(8)", "char(8)", &["", "a", "A", "ab", "a b", "é", "12345678", "😀"]),
        text("western", "varchar(10)", "varchar(10) CHARACTER SET latin1", &LATIN1),
        text("length", "varchar(3)", "varchar(3)", &["a", "ab", "abc", "a ", "a  "]),
        // Ordered as they were declared, there.
        text(
            "mood",
            "mood",
            "enum('low', 'High', 'MID', 'high') COLLATE utf8mb4_bin",
            &["low", "High", "MID", "high"],
        ),
        text("uuid", "uuid", "char(36)", &UUIDS),
        text("json", "json", "json", &JSON),
        text("address", "inet", "varchar(40)", &["10.0.0.1", "10.0.0.0/8", "::1", "9.9.9.9"]),
        text("parts", "text", "set('x', 'y', 'z')", &["x", "y", "x,y", "z", ""]),
        // As long as what a condition may compare with, and longer than what an index of MariaDB takes.
        text("long", "text", "longtext", &[])
            .with([998, 999, 1_000].map(|length| Value::same(&"é".repeat(length)))),
    ]
}
