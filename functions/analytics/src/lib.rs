//! What data is asked for: queries in `/api/analytics/`, dashboards with their data, and what a data source itself says.

mod answers;
mod chart;
mod connection_test;
mod dashboard_data;
mod explain;
mod format;
mod preview;
mod query;
mod refresh;
mod running;
mod widget_data;

pub use answers::reach_by;

use shared::access::Permission::{QueryAnalytics, ReadDashboards, ReadDataSources, WriteDataSources};

// Whoever may read a dashboard may read what its widgets show.
shared::routes! {
    preview::preview => ReadDataSources, computes;
    connection_test::test => WriteDataSources, only_reads, computes;
    query::query => QueryAnalytics, only_reads, computes, tagged;
    running::get => QueryAnalytics, computes, tagged;
    running::cancel => QueryAnalytics, only_reads, computes;
    explain::explain => QueryAnalytics, only_reads, computes;
    dashboard_data::get => ReadDashboards, computes, tagged;
    dashboard_data::post => ReadDashboards, only_reads, computes, tagged;
    widget_data::get => ReadDashboards, computes, tagged;
    chart::get => ReadDashboards, computes, tagged;
    chart::post => ReadDashboards, only_reads, computes, tagged;
    chart::draw => QueryAnalytics, only_reads, computes, tagged;
    refresh::refresh => ReadDashboards, only_reads, computes;
}
