//! `/api/dashboards/`: widgets on a grid, over data sources.

mod create;
mod dashboard;
mod delete;
mod duplicate;
mod query;
mod read;
mod requirement;
mod update;
mod widget;

use shared::access::Permission::{ReadDashboards, WriteOwnDashboards};

// What the permission to write anybody's dashboards adds, each handler asks of its caller.
shared::routes! {
    read::list => ReadDashboards, query;
    create::create => WriteOwnDashboards;
    read::get => ReadDashboards;
    update::update => WriteOwnDashboards;
    delete::delete => WriteOwnDashboards;
    duplicate::duplicate => WriteOwnDashboards;
}

/// What `tests/fuzz` reaches.
#[cfg(fuzzing)]
pub mod fuzzing {
    use serde_json::Value;
    use shared::error::Fields;

    use crate::widget::{Widget, check_and_number};

    /// Widgets as they would be answered after they were saved to a dashboard that has those of these ids; `None` if they are
    /// refused.
    pub fn save(widgets: Value, present: &[u32]) -> Option<Value> {
        let mut widgets: Vec<Widget> = deserr::deserialize::<_, _, Fields>(widgets).ok()?;
        let next_id = present.iter().max().map_or(1, |id| id + 1);
        check_and_number(&mut widgets, &present.iter().copied().collect(), next_id).ok()?;
        serde_json::to_value(widgets).ok()
    }
}
