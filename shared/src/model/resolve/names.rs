//! Names of tables and columns.

use std::collections::HashMap;

use crate::base::Fields;
use crate::model::query::{FieldName, Query};
use crate::model::table::{ColumnType, Table};

use crate::model::resolved::Column;

/// How many names a mistake lists.
const MAX_LISTED: usize = 20;

/// The columns of the table that a query asks.
pub(super) struct Names<'a> {
    table: &'a Table,
    columns: HashMap<&'a str, (usize, ColumnType)>,
}

impl<'a> Names<'a> {
    /// The table that the query asks, and its columns. None, and what is wrong, if there is no such table.
    pub(super) fn of(
        query: &Query,
        tables: &'a [Table],
        path: &str,
        fields: &mut Fields,
    ) -> Option<(usize, Self)> {
        let index = match (&query.table, tables) {
            (None, [_]) => 0,
            (None, _) => {
                fields.add(
                    format!("{path}.table"),
                    format!("This field is required: {}.", list_tables(tables)),
                );
                return None;
            }
            (Some(name), _) => {
                let Some(index) = tables.iter().position(|table| table.name == name.as_str()) else {
                    let reason = format!("There is no table {:?}: {}.", name.as_str(), list_tables(tables));
                    fields.add(format!("{path}.table"), reason);
                    return None;
                };
                index
            }
        };
        let table = &tables[index];
        let columns = table.columns.iter().enumerate();
        let columns = columns.map(|(index, column)| (&*column.name, (index, column.column_type))).collect();
        Some((index, Self { table, columns }))
    }

    /// A column. None, and what is wrong, if there is none of the name.
    pub(super) fn column(&self, name: &FieldName, path: &str, fields: &mut Fields) -> Option<Column> {
        let column = self.columns.get(name.as_str()).copied();
        if column.is_none() {
            let names = self.table.columns.iter().map(|column| column.name.as_str());
            fields.add(
                path,
                format!(
                    "There is no column {:?} in table {:?}: it has {}.",
                    name.as_str(),
                    self.table.name,
                    list(names)
                ),
            );
        }
        column.map(Column::from)
    }
}

fn list_tables(tables: &[Table]) -> String {
    if tables.is_empty() {
        return "the data source has no tables".to_owned();
    }
    format!("the data source has {}", list(tables.iter().map(|table| table.name.as_str())))
}

/// Names in quotes; the first ones if there are many.
fn list<'a>(names: impl Iterator<Item = &'a str> + Clone) -> String {
    let count = names.clone().count();
    let mut listed: Vec<String> = names.take(MAX_LISTED).map(|name| format!("{name:?}")).collect();
    if count > MAX_LISTED {
        listed.push(format!("and {} more", count - MAX_LISTED));
    }
    listed.join(", ")
}
