//! What the widgets of a dashboard ask.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use shared::Error;
use shared::base::{Code, DataSourceId, OrganizationId, Timestamp};
use shared::model::dashboard::{Viewer, Widget};
use shared::model::{Dashboard, DataSource};
use shared::store::{Store, collection};

use crate::answers::Answers;
use crate::question::Question;

/// The field that a widget's query is in, for names of fields.
pub const QUERY: &str = "query";

/// The data sources of a dashboard's widgets; those that are not there any more are left out.
pub async fn sources(
    store: &Store,
    organization: OrganizationId,
    dashboard: &Dashboard,
) -> Result<BTreeMap<DataSourceId, DataSource>, Error> {
    let ids = dashboard.data_sources();
    let reads = ids.iter().map(|id| collection::find::<DataSource>(store, organization, (*id).into()));
    let sources = try_join_all(reads).await?;
    Ok(ids.iter().zip(sources).filter_map(|(id, source)| Some((*id, source?.entity))).collect())
}

/// What a widget asks, as the viewer wants to see it.
pub async fn ask(
    answers: &Answers,
    organization: OrganizationId,
    widget: &Widget,
    sources: &BTreeMap<DataSourceId, DataSource>,
    viewer: &Viewer<'_>,
    now: Timestamp,
) -> Result<Question, Error> {
    let no_data = || Error::new(Code::Conflict, "The widget shows no data.");
    let (Some(query), Some(id)) = (&widget.query, widget.data_source()) else { return Err(no_data()) };
    let source = sources
        .get(&id)
        .ok_or_else(|| Error::new(Code::Conflict, format!("Data source {id} is not there any more.")))?;
    let query = match &source.data {
        Some(data) if !viewer.is_empty() => {
            let tables = answers.tables(organization, id, data).await?;
            let table = match &query.table {
                Some(name) => tables.iter().find(|table| table.name == name.as_str()),
                None => tables.first(),
            };
            table.map_or_else(|| query.clone(), |table| viewer.applied(query, table))
        }
        _ => query.clone(),
    };
    Ok(answers.question(organization, source, &query, QUERY, now).await?)
}
