//! A dashboard: widgets on a grid, over data sources.

pub mod viewer;
pub mod widget;
pub mod widget_type;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use viewer::Viewer;
pub use widget::Widget;
pub use widget_type::WidgetType;

use crate::base::{DashboardId, DataSourceId, Description, Name, Timestamp, UserId};
use crate::string_enum;

string_enum! {
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

/// A dashboard as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dashboard {
    /// The dashboard's ID.
    pub id: DashboardId,
    /// The dashboard's name.
    pub name: Name,
    /// What it is about.
    pub description: Description,
    /// How far along it is.
    pub status: DashboardStatus,
    /// What is on it.
    #[serde(with = "crate::model::json_text")]
    pub widgets: Vec<Widget>,
    /// The ID that the next widget gets.
    pub next_widget_id: u32,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Dashboard {
    /// The IDs of its widgets.
    pub fn widget_ids(&self) -> BTreeSet<u32> {
        self.widgets.iter().filter_map(|widget| widget.id).collect()
    }

    /// The data sources that its widgets are over.
    pub fn data_sources(&self) -> BTreeSet<DataSourceId> {
        widget::data_sources(&self.widgets)
    }

    /// What lists show of it.
    pub fn summarize(&self) -> DashboardSummary {
        DashboardSummary {
            id: self.id,
            name: self.name.clone(),
            description: self.description.clone(),
            status: self.status,
            widget_count: self.widgets.len(),
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// A dashboard as lists show it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardSummary {
    /// The dashboard's ID.
    pub id: DashboardId,
    /// The dashboard's name.
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
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
