//! The data that is in all engines alike: written once, and rendered as a file and as statements.
//!
//! It has what engines disagree about. Where one of them cannot hold a value, or holds one that the API cannot say, the value says what
//! is in its place there; in the file, there is what the API must say.

mod column;
mod names;
mod numbers;
mod parquet;
mod sql;
mod texts;
mod times;

pub(super) use column::{Column, Kind, Value, column};
pub(super) use names::NAMES;
pub(super) use sql::prepare;

/// A table.
pub(super) struct Table {
    /// Its name, without a schema.
    pub(super) name: &'static str,
    /// Its columns.
    pub(super) columns: Vec<Column>,
    /// How many rows it has.
    pub(super) rows: usize,
}

/// How many rows the table with everything has. More than any column has values; prime, so that no two columns go along.
const ROWS: usize = 211;

/// The table with everything. Its name is a word of SQL, in upper and lower case.
pub(super) fn everything() -> Table {
    let mut columns = texts::columns();
    columns.extend(numbers::columns());
    columns.extend(times::columns());
    columns.extend(names::columns());
    Table { name: "Order", columns, rows: ROWS }
}

/// The same columns, without a row.
pub(super) fn nothing() -> Table {
    Table { name: "nothing here", rows: 0, ..everything() }
}

/// More rows than an answer may have.
pub(super) fn many() -> Table {
    let numbers = |name, every| {
        let mut column = column(name, Kind::Integer, "bigint", "bigint", &[]);
        column.counted = Some(every);
        column
    };
    Table { name: "many", columns: vec![numbers("n", 1), numbers("hundreds", 100)], rows: 10_050 }
}

impl Table {
    /// The values of a row: each value of a column is in some row, and then they come as they come, the same way each time.
    fn row(&self, row: usize) -> impl Iterator<Item = Value> {
        self.columns.iter().enumerate().map(move |(index, column)| column.value(row, index))
    }

    /// A column.
    pub(super) fn column(&self, name: &str) -> &Column {
        let column = self.columns.iter().find(|column| column.name == name);
        column.unwrap_or_else(|| panic!("no column {name}"))
    }
}
