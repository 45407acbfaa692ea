//! A dashboard: as it is kept, as it is shown, and who may write it.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use shared::Error;
use shared::access::{Caller, Permission};
use shared::error::Code;
use shared::http::{Created, RequestContext, Tagged};
use shared::model::dashboard::{DashboardRow, DashboardStatus, uses};
use shared::model::{DashboardId, DataSourceId, Description, Name, OrganizationId, UserId, data_source};
use shared::store::collection::CollectionError;
use shared::store::directory::Filter;
use shared::store::{Collection, Item, StoreError, Versioned, Write, item};
use utoipa::ToSchema;

use crate::widget::{Widget, data_sources, missing_sources};

/// A dashboard as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dashboard {
    pub(crate) id: DashboardId,
    pub(crate) name: Name,
    pub(crate) description: Description,
    pub(crate) status: DashboardStatus,
    /// Kept as JSON text: their values are whatever a client sent, which is more than DynamoDB's numbers can hold.
    #[serde(serialize_with = "as_text", deserialize_with = "from_text")]
    pub(crate) widgets: Vec<Widget>,
    /// The number that the next widget gets.
    pub(crate) next_widget_id: u32,
    pub(crate) created_by: UserId,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

fn as_text<S: Serializer>(widgets: &[Widget], serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::to_string(widgets).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Widget>, D::Error> {
    serde_json::from_str(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

impl Collection for Dashboard {
    type Row = DashboardRow;
    const NOUN: &'static str = "dashboard";
    /// A status each is at most 50 KB of directory; each data source of each dashboard adds 2 bytes.
    const CAPACITY: u64 = 100_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        let sources = data_sources(&self.widgets).into_iter().map(uses);
        [self.status.filter()].into_iter().chain(sources).collect()
    }

    fn row(&self) -> Result<Option<Item>, StoreError> {
        let Self { id, name, description, status, widgets, created_by, created_at, updated_at, .. } =
            self.clone();
        let widget_count = widgets.len();
        let row =
            DashboardRow { id, name, description, status, widget_count, created_by, created_at, updated_at };
        item(&row).map(Some)
    }
}

impl Dashboard {
    /// The numbers of its widgets.
    pub(crate) fn widget_ids(&self) -> HashSet<u32> {
        self.widgets.iter().filter_map(|widget| widget.id).collect()
    }
}

/// A dashboard as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Dashboard, description = "A dashboard.")]
pub(crate) struct DashboardView {
    id: DashboardId,
    name: Name,
    description: Description,
    status: DashboardStatus,
    widgets: Vec<Widget>,
    created_by: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Dashboard> for DashboardView {
    fn from(dashboard: Dashboard) -> Self {
        let Dashboard { id, name, description, status, widgets, created_by, created_at, updated_at, .. } =
            dashboard;
        Self { id, name, description, status, widgets, created_by, created_at, updated_at }
    }
}

/// The 201 for a new dashboard.
pub(crate) fn created(context: &RequestContext, dashboard: Versioned<Dashboard>) -> Created<DashboardView> {
    let path = format!("/api/dashboards/{}/", dashboard.entity.id);
    Created::new(context, &path, Tagged::new(dashboard, DashboardView::from))
}

/// `Ok` if the caller may change and delete the dashboard.
pub(crate) fn check_may_write(caller: &Caller, dashboard: &Dashboard) -> Result<(), Error> {
    let needed = Permission::WriteAnyDashboards;
    if dashboard.created_by == caller.user().id || caller.may(needed) {
        return Ok(());
    }
    let (needed, role) = (needed.as_str(), caller.user().role.as_str());
    Err(Error::new(
        Code::PermissionDenied,
        format!(
            "Dashboard {} belongs to user {}: this needs the permission {needed}, which the role {role} does not have.",
            dashboard.id, dashboard.created_by
        ),
    ))
}

/// Lets a write through only if these data sources are there.
pub(crate) fn check_sources(organization: OrganizationId, sources: &BTreeSet<DataSourceId>) -> Vec<Write> {
    sources.iter().map(|id| data_source::check_present(organization, *id)).collect()
}

/// Points at the widgets whose data sources were not there, if that is what went wrong.
pub(crate) fn explain(error: CollectionError, sources: &BTreeSet<DataSourceId>, widgets: &[Widget]) -> Error {
    let CollectionError::Unmet(positions) = &error else { return error.into() };
    let missing = sources.iter().enumerate().filter(|(position, _)| positions.contains(position));
    let missing: BTreeSet<_> = missing.map(|(_, id)| *id).collect();
    if missing.is_empty() {
        return error.into();
    }
    Error::validation(missing_sources(widgets, &missing))
}
