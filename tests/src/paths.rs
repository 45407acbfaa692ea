//! Paths of the API.

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

/// The path of one entity of a collection.
pub fn item(collection: &str, id: u64) -> String {
    format!("{collection}{id}/")
}
