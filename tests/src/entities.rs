//! Makers of what tests need: each says only what matters to the test.

use serde_json::{Value, json};

use crate::paths::{API_KEYS, DASHBOARDS, DATA_SOURCES, REPORTS, import as import_path, imports};
use crate::{Actor, Reply, TestApp, TestKey, TestUser};

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

/// Registers a database that is nowhere, and returns its ID.
pub async fn database(user: &TestUser) -> u64 {
    let connection = json!({ "host": "db.example.com", "database": "sales", "username": "reader" });
    let body =
        json!({ "name": "a database", "type": "database", "engine": "postgresql", "connection": connection });
    let reply = user.post(DATA_SOURCES, &body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}

/// Makes a dashboard with these widgets, and returns its ID.
pub async fn dashboard(user: &TestUser, widgets: Value) -> u64 {
    let reply = user.post(DASHBOARDS, &json!({ "name": "a dashboard", "widgets": widgets })).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}

/// Makes a report over a dashboard, and returns its ID.
pub async fn report(user: &TestUser, dashboard: u64) -> u64 {
    let reply =
        user.post(REPORTS, &json!({ "name": "a report", "dashboard": dashboard, "format": "csv" })).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}

/// Imports a file into a data source, and returns what became of it.
pub async fn import(app: &TestApp, user: &TestUser, source: u64, file: &str, options: &Value) -> Reply {
    let mut body = options.clone();
    body["size_bytes"] = file.len().into();
    let created = user.post(&imports(source), &body).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(app.put(&created.body["upload"], file).await, 200);
    app.run_jobs().await;
    user.get(&import_path(source, created.id())).await
}

/// Imports a file that is fit for it.
pub async fn imported(app: &TestApp, user: &TestUser, source: u64, file: &str) -> Reply {
    let reply = import(app, user, source, file, &json!({})).await;
    assert_eq!(reply.body["status"], "done", "{reply:?}");
    reply
}
