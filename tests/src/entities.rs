//! Makers of what tests need: each says only what matters to the test.

use serde_json::{Value, json};

use crate::paths::{API_KEYS, DASHBOARDS, DATA_SOURCES};
use crate::{Actor, TestKey, TestUser};

/// Makes an API key of the user's.
pub async fn api_key(user: &TestUser, scope: &str) -> TestKey {
    let reply = user.post(API_KEYS, &json!({ "name": "a key", "scope": scope })).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    TestKey::shown_in(&reply, user)
}

/// Registers a CSV file, and returns its ID.
pub async fn data_source(user: &TestUser) -> u64 {
    let reply = user.post(DATA_SOURCES, &json!({ "name": "a file", "type": "file", "engine": "csv" })).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}

/// Makes a dashboard with these widgets, and returns its ID.
pub async fn dashboard(user: &TestUser, widgets: Value) -> u64 {
    let reply = user.post(DASHBOARDS, &json!({ "name": "a dashboard", "widgets": widgets })).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}
