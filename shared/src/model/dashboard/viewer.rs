//! What a viewer wants to see of a dashboard, applied to its widgets.

use crate::base::Fields;
use crate::model::query::{FieldName, Filter, Query, TimeRange, ZoneName};
use crate::model::table::Table;

/// What a viewer wants to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct Viewer<'a> {
    /// Filters for each widget whose table has all of their fields, beside its own.
    pub filters: &'a [Filter],
    /// A time range for each widget whose table has the field, in place of its own.
    pub time_range: Option<&'a TimeRange>,
    /// Whose days are meant, in place of the widgets' own.
    pub timezone: Option<&'a ZoneName>,
}

impl Viewer<'_> {
    /// What is wrong with it, whatever the widgets.
    pub fn check(&self) -> Fields {
        let mut fields = Fields::default();
        let query = Query {
            filters: self.filters.to_vec(),
            time_range: self.time_range.cloned(),
            ..Query::default()
        };
        query.check("", &mut fields);
        fields
    }

    /// Whether widgets are shown as they are.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty() && self.time_range.is_none() && self.timezone.is_none()
    }

    /// A widget's query, as the viewer wants to see it.
    pub fn applied(&self, query: &Query, table: &Table) -> Query {
        let has = |field: &FieldName| table.columns.iter().any(|column| column.name == field.as_str());
        let mut query = query.clone();
        for filter in self.filters {
            let mut fields = Vec::new();
            filter.add_fields(&mut fields);
            if fields.into_iter().all(has) {
                query.filters.push(filter.clone());
            }
        }
        if let Some(range) = self.time_range.filter(|range| has(&range.field)) {
            query.time_range = Some(range.clone());
        }
        if let Some(timezone) = self.timezone {
            query.timezone = Some(timezone.clone());
        }
        query
    }
}
