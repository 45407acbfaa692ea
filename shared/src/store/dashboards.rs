//! Dashboards as a collection: each is two items, itself and the summary that lists read.

use crate::base::DataSourceId;
use crate::model::dashboard::{Dashboard, DashboardStatus, DashboardSummary};
use crate::store::{Collection, Filter, Item, StoreError, Summary, item};

impl Summary for DashboardSummary {
    const COLLECTION: &'static str = "DASHBOARD";
    const SORT_KEY: &'static str = "DASHBOARDSUMMARY";
}

impl Collection for Dashboard {
    type Summary = DashboardSummary;
    const NOUN: &'static str = "dashboard";
    /// A status each is at most 50 KB of directory; each data source of each dashboard adds 2 bytes.
    const CAPACITY: u64 = 100_000;

    fn id(&self) -> u64 {
        self.id.into()
    }

    fn filters(&self) -> Vec<Filter> {
        let sources = self.data_sources().into_iter().map(uses);
        [with_status(self.status)].into_iter().chain(sources).collect()
    }

    fn summary(&self) -> Result<Option<Item>, StoreError> {
        item::item(&self.summarize()).map(Some)
    }
}

/// Selects the dashboards of a status.
pub fn with_status(status: DashboardStatus) -> Filter {
    Filter::new("status", status.as_str())
}

/// Selects the dashboards with a widget over a data source.
pub fn uses(data_source: DataSourceId) -> Filter {
    Filter::new("uses", data_source)
}
