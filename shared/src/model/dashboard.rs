//! What others know of dashboards: their rows, and which data sources they use.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DashboardId, DataSourceId, Description, Name, UserId};
use crate::store::Row;
use crate::store::directory::Filter;
use crate::words;

words! {
    /// How far along a dashboard is.
    #[derive(Default)]
    pub enum DashboardStatus {
        /// Being worked on.
        #[default]
        Draft = "draft",
        /// Ready to be looked at.
        Published = "published",
    }
}

impl DashboardStatus {
    /// Selects the dashboards that are this far along.
    pub fn filter(self) -> Filter {
        ("status", self.as_str().to_owned())
    }
}

/// A dashboard as lists show it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardRow {
    /// Its number.
    pub id: DashboardId,
    /// Its name.
    pub name: Name,
    /// What it is about.
    pub description: Description,
    /// How far along it is.
    pub status: DashboardStatus,
    /// How many widgets it has.
    pub widget_count: usize,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Row for DashboardRow {
    const COLLECTION: &'static str = "DASHBOARD";
    const KEPT_AS: &'static str = "DASHBOARDROW";
}

/// Selects the dashboards with a widget over a data source.
pub fn uses(data_source: DataSourceId) -> Filter {
    ("uses", data_source.to_string())
}
