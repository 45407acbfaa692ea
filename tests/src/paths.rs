//! Paths of the API.

use std::fmt::Display;

use shared::service::Route;

/// Whether the API is up.
pub const HEALTH: &str = "/api/health/";
/// Signing in.
pub const LOGIN: &str = "/api/auth/login/";
/// A new access token.
pub const REFRESH: &str = "/api/auth/token/refresh/";
/// The current user.
pub const STATUS: &str = "/api/auth/status/";
/// API keys.
pub const API_KEYS: &str = "/api/api-keys/";
/// Data sources.
pub const DATA_SOURCES: &str = "/api/data-sources/";
/// Dashboards.
pub const DASHBOARDS: &str = "/api/dashboards/";

/// What was used.
pub const USAGE: &str = "/api/usage/";

/// Reports.
pub const REPORTS: &str = "/api/reports/";

/// Asking a query.
pub const ANALYTICS_QUERY: &str = "/api/analytics/query/";
/// Explaining a query.
pub const ANALYTICS_EXPLAIN: &str = "/api/analytics/explain/";

/// The path of one entity of a collection.
pub fn item(collection: &str, id: impl Display) -> String {
    format!("{collection}{id}/")
}

/// The path of something done with one entity of a collection.
pub fn action(collection: &str, id: impl Display, action: &str) -> String {
    format!("{collection}{id}/{action}/")
}

/// The imports of a data source.
pub fn imports(data_source: impl Display) -> String {
    action(DATA_SOURCES, data_source, "imports")
}

/// The path of an import.
pub fn import(data_source: impl Display, id: impl Display) -> String {
    item(&imports(data_source), id)
}

/// The runs of a report.
pub fn runs(report: impl Display) -> String {
    action(REPORTS, report, "runs")
}

/// The path of a run.
pub fn run(report: impl Display, id: impl Display) -> String {
    item(&runs(report), id)
}

/// The path of a route, with `value` in place of each of its variables.
pub fn filled(route: &Route, value: impl Display) -> String {
    let value = value.to_string();
    let fill = |path: String, variable| path.replace(&format!("{{{variable}}}"), &value);
    route.variables().into_iter().fold(route.path.clone(), fill)
}
