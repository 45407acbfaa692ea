//! Statements, and those that ask a table for something else than groups. [`writer`](super::writer) writes the ones for groups.

use std::collections::BTreeMap;

use shared::model::resolved::{Column, Dimension};
use shared::model::table::{ColumnType, Table};

use super::decode::Output;
use super::dialect::{ColumnText, Dialect};
use super::parameter::Parameter;
use super::times::{self, Stretch};
use super::writer::Writer;
use crate::groups::Grouping;

/// A statement with its parameters, and what its reply's columns are.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Parameter>,
    /// The columns of the table that are read.
    pub(crate) columns: Vec<usize>,
    pub(super) outputs: Vec<Output>,
    /// How many of the outputs are what is grouped by.
    pub(super) keys: usize,
    /// How many rows a reply has at most, where that is known.
    pub(super) most_rows: Option<usize>,
}

impl Statement {
    /// The statement that asks a table for groups. `stretches` are those of the columns of [`unbounded`], between all of whose times
    /// changes of clocks are written.
    pub(crate) fn of(
        grouping: &Grouping<'_>,
        table: &Table,
        dialect: &dyn Dialect,
        stretches: &BTreeMap<usize, Stretch>,
    ) -> Self {
        Writer::new(grouping, table, dialect, stretches).write()
    }
}

/// The columns whose first and last times must be known to group by what clocks show: those without bounds on both sides. None where
/// clocks are never changed.
pub(crate) fn unbounded(grouping: &Grouping<'_>) -> Vec<Column> {
    if !times::changes(grouping.zone) {
        return Vec::new();
    }
    let dimensions = dimensions(grouping).filter(|it| it.grain.is_some()).map(|it| it.column);
    let moved = grouping.time.filter(|_| grouping.moved.is_some()).map(|it| it.column);
    let mut columns: Vec<Column> = dimensions
        .chain(moved)
        .filter(|column| column.column_type == ColumnType::Datetime)
        .filter(|column| {
            let bounds = grouping.time.filter(|time| time.column == *column).map(|time| time.bounds);
            bounds.is_none_or(|bounds| bounds.from.is_none() || bounds.to.is_none())
        })
        .collect();
    columns.sort_unstable_by_key(|column| column.index);
    columns.dedup();
    columns
}

/// The statement that asks for the first and the last time of a column.
pub(crate) fn extremes(table: &Table, column: usize, dialect: &dyn Dialect) -> Statement {
    let column_of = &table.columns[column];
    let name = format!("t.{}", dialect.name(&column_of.name));
    let of = |function: &str| {
        // An index knows the extremes of what is in the column, not of what is made of it.
        let text = dialect.column(&format!("{function}({name})"), column_of);
        dialect.reply(&text.value, text.kind)
    };
    let text = dialect.column(&name, column_of);
    let taken = text.is_taken.unwrap_or_else(|| "1 = 1".to_owned());
    Statement {
        text: format!(
            "SELECT {}, {} FROM {} t WHERE {taken}",
            of("MIN"),
            of("MAX"),
            table_name(dialect, table)
        ),
        parameters: Vec::new(),
        columns: vec![column],
        outputs: vec![Output::Value(text.kind); 2],
        keys: 2,
        most_rows: Some(1),
    }
}

/// What is grouped by, or chosen by.
pub(super) fn dimensions<'a>(grouping: &'a Grouping<'a>) -> impl Iterator<Item = &'a Dimension> {
    grouping.dimensions.iter().copied().chain(grouping.values.iter().map(|it| it.dimension))
}

/// The first rows of a table, column by column as they are.
pub(crate) fn first_rows(table: &Table, count: usize, dialect: &dyn Dialect) -> Statement {
    let columns: Vec<_> = table.columns.iter().map(|column| (column_text(dialect, column), column)).collect();
    let select = columns.iter().map(|(text, _)| dialect.reply(&text.taken(), text.kind));
    let select = select.collect::<Vec<_>>().join(", ");
    Statement {
        text: format!("SELECT {select} FROM {} t LIMIT {count}", table_name(dialect, table)),
        parameters: Vec::new(),
        columns: (0..columns.len()).collect(),
        outputs: columns.iter().map(|(text, _)| Output::Value(text.kind)).collect(),
        keys: columns.len(),
        most_rows: Some(count),
    }
}

pub(super) fn column_text(dialect: &dyn Dialect, column: &shared::model::table::Column) -> ColumnText {
    dialect.column(&format!("t.{}", dialect.name(&column.name)), column)
}

/// The name of the schema is what is before the first dot: the catalog has no schema with a dot in its name.
pub(super) fn table_name(dialect: &dyn Dialect, table: &Table) -> String {
    let (schema, name) = table.name.split_once('.').unwrap_or(("", &table.name));
    format!("{}.{}", dialect.name(schema), dialect.name(name))
}
