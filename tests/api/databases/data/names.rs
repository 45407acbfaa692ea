//! Columns whose names must be quoted, or are hard to.

use super::{Column, Kind, column};

/// Names that both databases take: MariaDB's do not differ in case only, end in no space, and have no emoji.
pub(in crate::databases) const NAMES: [&str; 28] = [
    "select",
    "order",
    "group",
    "from",
    "user",
    "interval",
    "key",
    "two  words",
    " leading",
    "a \"quoted\" name",
    "\"",
    "it's",
    "back`tick",
    "`",
    "semi;colon--",
    "a.b",
    "/* comment */",
    "Straße",
    "Upper",
    "*",
    "sum(n)",
    "100%",
    "%s",
    "$1",
    "?",
    ":name",
    "back\\slash",
    "line\nbreak",
];

pub(super) fn columns() -> Vec<Column> {
    NAMES.map(|name| column(name, Kind::Integer, "integer", "int", &["1", "2", "3"])).into()
}
