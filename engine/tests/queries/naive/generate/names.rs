//! Names that are hard to quote.

/// Names of columns, of which some differ in case only.
pub(crate) const NAMES: [&str; 24] = [
    "region",
    "Region",
    "REGION",
    "order",
    "select",
    "count",
    "two words",
    " leading",
    "a \"quoted\" name",
    "\"",
    "it's",
    "back`tick",
    "semi;colon--",
    "a.b",
    "😀",
    "Straße",
    "İ",
    "*",
    "sum(n)",
    "100%",
    "$1",
    "back\\slash",
    "line\nbreak",
    "null",
];
