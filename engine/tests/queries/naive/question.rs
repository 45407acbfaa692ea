//! A query of a table at a time: which rows it asks for.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::model::query::{Offset, Query, ZoneName};

use super::bucket::bucket;
use super::datum::Datum;
use super::filter;
use super::offset::moved;
use super::range::Bounds;
use super::table::{Table, Value};

/// A query with what its words come to.
pub(crate) struct Question<'a> {
    pub(crate) query: &'a Query,
    pub(crate) table: &'a Table,
    pub(crate) zone: TimeZone,
    /// The bounds of the time range.
    pub(crate) bounds: Option<Bounds>,
}

/// A row that is asked for.
pub(crate) struct Row<'a> {
    values: &'a [Value],
    /// What it is grouped by.
    pub(crate) dimensions: Vec<Datum>,
}

impl<'a> Question<'a> {
    pub(crate) fn new(query: &'a Query, table: &'a Table, now: Timestamp) -> Self {
        let zone = query.timezone.clone().unwrap_or_else(ZoneName::utc).zone().clone();
        let bounds = query.time_range.as_ref().map(|range| {
            let (_, column) = table.column(range.field.as_str());
            Bounds::new(range, column.column_type, &zone, now)
        });
        Self { query, table, zone, bounds }
    }

    /// The rows that `filters` and `time_range` leave. With an offset, those of before, whose time is moved forward by it.
    pub(crate) fn rows(&self, offset: Option<Offset>) -> Vec<Row<'a>> {
        let rows = self.table.rows.iter().filter(|values| {
            let field = |name: &str| self.value(values, name);
            self.query.filters.iter().all(|filter| filter::holds(filter, &field, &self.zone))
                && self.is_in_range(values, offset)
        });
        rows.map(|values| Row { values, dimensions: self.dimensions(values, offset) }).collect()
    }

    /// A row's value of a field.
    pub(crate) fn datum(&self, row: &Row<'_>, name: &str) -> Datum {
        self.value(row.values, name)
    }

    fn value(&self, values: &[Value], name: &str) -> Datum {
        let (index, column) = self.table.column(name);
        Datum::of(&values[index], column)
    }

    fn is_in_range(&self, values: &[Value], offset: Option<Offset>) -> bool {
        match (&self.query.time_range, &self.bounds) {
            (Some(range), Some(bounds)) => bounds.contain(&self.time(values, range.field.as_str(), offset)),
            _ => true,
        }
    }

    fn dimensions(&self, values: &[Value], offset: Option<Offset>) -> Vec<Datum> {
        let dimensions = self.query.dimensions.iter().map(|dimension| {
            let value = self.time(values, dimension.field.as_str(), offset);
            match dimension.grain {
                Some(grain) => bucket(&value, grain, &self.zone),
                None => value,
            }
        });
        dimensions.collect()
    }

    /// A value of a field, moved where it is the time range's.
    fn time(&self, values: &[Value], name: &str, offset: Option<Offset>) -> Datum {
        let value = self.value(values, name);
        let is_moved = self.query.time_range.as_ref().is_some_and(|range| range.field.as_str() == name);
        match offset {
            Some(offset) if is_moved => moved(&value, offset, &self.zone),
            _ => value,
        }
    }
}
