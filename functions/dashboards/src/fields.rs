//! What a client may say of a dashboard.

use std::collections::BTreeSet;

use deserr::Deserr;
use serde::Serialize;
use shared::Error;
use shared::base::{DataSourceId, Description, Fields, Name, OrganizationId};
use shared::model::dashboard::widget::{Widget, missing_source_error};
use shared::model::dashboard::{Dashboard, DashboardStatus};
use shared::store::collection::Along;
use shared::store::{CollectionError, data_sources};
use utoipa::ToSchema;

/// A dashboard to make, or what may be changed of one.
#[derive(Clone, Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = DashboardCreate,
    examples(json!({
        "name": "Sales",
        "description": "What sold where.",
        "widgets": [{
            "title": "About",
            "type": "text",
            "position": { "x": 0, "y": 0, "width": 12, "height": 1 },
            "options": { "text": "Figures are in euros." },
        }],
    })),
)]
pub(crate) struct DashboardFields {
    pub(crate) name: Name,
    #[deserr(default)]
    #[schema(required = false)]
    pub(crate) description: Description,
    #[deserr(default)]
    #[schema(required = false, default = "draft")]
    pub(crate) status: DashboardStatus,
    /// All of them: a patch replaces an array as a whole. A widget that was there keeps its ID.
    #[deserr(default)]
    #[schema(required = false, max_items = 50)]
    pub(crate) widgets: Vec<Widget>,
}

impl From<&Dashboard> for DashboardFields {
    fn from(dashboard: &Dashboard) -> Self {
        let Dashboard { name, description, status, widgets, .. } = dashboard.clone();
        Self { name, description, status, widgets }
    }
}

/// Lets a write through only if these data sources are there.
pub(crate) fn require_sources(organization: OrganizationId, sources: &BTreeSet<DataSourceId>) -> Vec<Along> {
    sources.iter().map(|id| Along::Required(data_sources::check_present(organization, *id))).collect()
}

/// Points at the widgets whose data sources were not there, if that is what went wrong.
pub(crate) fn explain(
    error: CollectionError<Error>,
    organization: OrganizationId,
    widgets: &[Widget],
) -> Error {
    let CollectionError::Unmet(keys) = &error else { return error.into() };
    let missing = |source: &DataSourceId| keys.contains(&data_sources::key(organization, *source));
    let missing: BTreeSet<_> = widgets.iter().filter_map(Widget::data_source).filter(missing).collect();
    if missing.is_empty() {
        return error.into();
    }
    Error::validation(missing_source_error(widgets, &missing))
}
