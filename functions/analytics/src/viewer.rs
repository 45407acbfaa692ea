//! What a viewer wants to see of a dashboard, applied to its widgets.

use std::collections::BTreeMap;

use engine::Question;
use shared::base::{Code, DataSourceId, Fields, OrganizationId};
use shared::model::DataSource;
use shared::model::dashboard::Widget;
use shared::model::query::{FieldName, Filter, Query, TimeRange, ZoneName};
use shared::model::table::Table;
use shared::{App, Error};

use crate::answers;

/// What a viewer wants to see.
pub(crate) struct Viewer<'a> {
    pub(crate) filters: &'a [Filter],
    pub(crate) time_range: Option<&'a TimeRange>,
    pub(crate) timezone: Option<&'a ZoneName>,
}

impl Viewer<'_> {
    /// What is wrong with it, whatever the widgets.
    pub(crate) fn check(&self) -> Fields {
        let mut fields = Fields::default();
        let query = Query {
            filters: self.filters.to_vec(),
            time_range: self.time_range.cloned(),
            ..Query::default()
        };
        query.check("", &mut fields);
        fields
    }

    fn is_empty(&self) -> bool {
        self.filters.is_empty() && self.time_range.is_none() && self.timezone.is_none()
    }

    /// A widget's query, as the viewer wants to see it.
    fn applied(&self, query: &Query, table: &Table) -> Query {
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

/// What a widget asks, as the viewer wants to see it.
pub(crate) async fn ask(
    app: &App,
    organization: OrganizationId,
    widget: &Widget,
    sources: &BTreeMap<DataSourceId, DataSource>,
    viewer: &Viewer<'_>,
) -> Result<Question, Error> {
    let no_data = || Error::new(Code::Conflict, "The widget shows no data.");
    let (Some(query), Some(id)) = (&widget.query, widget.data_source()) else { return Err(no_data()) };
    let source = sources
        .get(&id)
        .ok_or_else(|| Error::new(Code::Conflict, format!("Data source {id} is not there any more.")))?;
    let query = match &source.data {
        Some(data) if !viewer.is_empty() => {
            let tables = answers::tables(app, organization, id, data).await?;
            let table = match &query.table {
                Some(name) => tables.iter().find(|table| table.name == name.as_str()),
                None => tables.first(),
            };
            table.map_or_else(|| query.clone(), |table| viewer.applied(query, table))
        }
        _ => query.clone(),
    };
    answers::question(app, organization, source, &query, "query").await
}
