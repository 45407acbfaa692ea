//! Widgets, held against the columns of the data that they are over.
//!
//! Only where data was imported; whether a widget has the shape of its type is asked before, and of all of them.

use std::collections::BTreeMap;

use shared::base::{Fields, OrganizationId};
use shared::model::DataSource;
use shared::model::dashboard::Widget;
use shared::model::dashboard::widget::data_sources;
use shared::model::resolve::resolve;
use shared::store::{self, Versioned};
use shared::{App, Error};

/// What is wrong with widgets for the data that there is, by their places among all.
#[derive(Debug)]
pub(crate) struct Mistakes(BTreeMap<usize, Fields>);

impl Mistakes {
    /// Those of widgets. A data source that is not there, or has nothing yet, has nothing to say.
    pub(crate) async fn of(
        app: &App,
        organization: OrganizationId,
        widgets: &[Widget],
    ) -> Result<Self, Error> {
        let keys = data_sources(widgets).into_iter().map(|id| store::data_sources::key(organization, id));
        let keys: Vec<_> = keys.collect();
        let mut mistakes = BTreeMap::new();
        if keys.is_empty() {
            return Ok(Self(mistakes));
        }
        let now = app.clock.now().into();
        for item in app.store.get_many(&keys).await?.into_iter().flatten() {
            let DataSource { id, data: Some(data), .. } = Versioned::read(item)?.entity else { continue };
            // One source at a time: what its tables are may be said in many megabytes.
            let Some(tables) = app.files.tables(organization, id, &data.version).await? else { continue };
            for (index, widget) in widgets.iter().enumerate() {
                let Some(query) = widget.query.as_ref().filter(|_| widget.data_source() == Some(id)) else {
                    continue;
                };
                if let Err(fields) = resolve(query, &tables, now, &format!("widgets[{index}].query")) {
                    mistakes.insert(index, fields);
                }
            }
        }
        Ok(Self(mistakes))
    }

    /// `Ok`, unless one of the widgets that were not on the dashboard `before` has a mistake. One that was there stays valid,
    /// whatever became of its columns: it must not keep the rest from being changed.
    pub(crate) fn check(&self, widgets: &[Widget], before: &[Widget]) -> Result<(), Error> {
        let mut fields = Fields::default();
        for (index, mistakes) in &self.0 {
            let asks_as_before = |widget: &Widget| {
                let asked = |other: &&Widget| other.id == widget.id;
                before.iter().find(asked).is_some_and(|other| {
                    other.data_source == widget.data_source && other.query == widget.query
                })
            };
            if !widgets.get(*index).is_some_and(asks_as_before) {
                fields = fields.and(mistakes.clone());
            }
        }
        fields.into_result()
    }
}
