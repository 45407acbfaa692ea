//! Queries: `/api/analytics/`, and dashboards with their data.

mod answers;
mod chart;
mod dashboard_data;
mod explain;
mod format;
mod query;
mod refresh;
mod widget_data;

use shared::access::Permission::{QueryAnalytics, ReadDashboards};

// Whoever may read a dashboard may read what its widgets show.
shared::routes! {
    query::query => QueryAnalytics, only_reads, computes, tagged;
    explain::explain => QueryAnalytics, only_reads, computes;
    dashboard_data::get => ReadDashboards, computes, tagged;
    dashboard_data::post => ReadDashboards, only_reads, computes, tagged;
    widget_data::get => ReadDashboards, computes, tagged;
    chart::get => ReadDashboards, computes, tagged;
    refresh::refresh => ReadDashboards, only_reads, computes;
}
