//! What an import changes: columns that come and go, and the widgets that do not work without them.

use std::collections::{BTreeMap, BTreeSet};

use shared::base::DataSourceId;
use shared::model::Dashboard;
use shared::model::import::{Break, Changes, ColumnName};
use shared::model::table::{ColumnType, Table};

/// How much of each list is kept.
const MAX_LISTED: usize = 100;

/// The columns of tables, each with its type.
#[derive(Debug)]
pub(crate) struct Columns<'a>(BTreeMap<(&'a str, &'a str), ColumnType>);

impl<'a> Columns<'a> {
    /// Those of all of the tables.
    pub(crate) fn of(tables: &'a [Table]) -> Self {
        let columns = tables.iter().flat_map(|table| {
            table.columns.iter().map(|column| ((&*table.name, &*column.name), column.column_type))
        });
        Self(columns.collect())
    }

    /// The names of those that `after` does not have, or has with another type.
    fn lost<'b>(&'b self, after: &'b Self) -> impl Iterator<Item = (&'b str, &'b str)> {
        self.0
            .iter()
            .filter(|(name, column_type)| after.0.get(*name) != Some(column_type))
            .map(|(name, _)| *name)
    }
}

/// What the second tables change of the first, but for the widgets.
pub(crate) fn between(before: &Columns<'_>, after: &Columns<'_>) -> Changes {
    let list = |names: Vec<(&str, &str)>| {
        let names = names.into_iter().take(MAX_LISTED);
        names
            .map(|(table, column)| ColumnName { table: table.to_owned(), column: column.to_owned() })
            .collect()
    };
    let added = after.0.keys().filter(|name| !before.0.contains_key(*name)).copied();
    let (retyped, removed) = before.lost(after).partition::<Vec<_>, _>(|name| after.0.contains_key(name));
    Changes {
        added: list(added.collect()),
        removed: list(removed),
        retyped: list(retyped),
        breaks: Vec::new(),
    }
}

/// The fields that widgets may ask for now, and not any more: no table has a column of that name and type.
pub(crate) fn lost_fields<'a>(before: &'a Columns<'_>, after: &'a Columns<'_>) -> BTreeSet<&'a str> {
    let types = |columns: &'a Columns<'_>| -> BTreeMap<&'a str, Vec<ColumnType>> {
        let mut types = BTreeMap::<_, Vec<_>>::new();
        for ((_, column), column_type) in &columns.0 {
            types.entry(*column).or_default().push(*column_type);
        }
        types
    };
    let after = types(after);
    let is_lost = |column: &&str, had: &[ColumnType]| {
        after.get(column).is_none_or(|has| !had.iter().all(|column_type| has.contains(column_type)))
    };
    types(before).into_iter().filter(|(column, had)| is_lost(column, had)).map(|(column, _)| column).collect()
}

/// Adds the widgets of a dashboard that ask the data source for one of the fields, while there is room, and returns how many there are.
pub(crate) fn add_breaks(
    breaks: &mut Vec<Break>,
    dashboard: &Dashboard,
    data_source: DataSourceId,
    lost: &BTreeSet<&str>,
) -> u64 {
    let mut count = 0;
    let widgets = dashboard.widgets.iter().filter(|widget| widget.data_source == Some(data_source.into()));
    for widget in widgets {
        let (Some(id), Some(query)) = (widget.id, &widget.query) else { continue };
        for field in query.fields().into_iter().filter(|field| lost.contains(field)) {
            count += 1;
            if breaks.len() < MAX_LISTED {
                breaks.push(Break { dashboard: dashboard.id, widget: id.into(), field: field.to_owned() });
            }
        }
    }
    count
}
