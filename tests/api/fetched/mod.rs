//! What is fetched from where it is: REST APIs and buckets of customers, also by themselves.

mod bucket;
mod bucket_faults;
mod hosts;
mod pages;
mod refresh;
mod rest;
mod rest_faults;
mod tested;
mod unchanged;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DATA_SOURCES, import as import_path, imports};
use tests::{Actor, Reply, TestApp, TestUser};

/// An app that may reach servers of the test's own, and an owner.
async fn start() -> (TestApp, TestUser) {
    let app = TestApp::start().await.allowing("127.0.0.0/8, ::1/128");
    let owner = app.user(Role::Owner).await;
    (app, owner)
}

/// Registers a REST API there, and returns its ID.
async fn rest(owner: &TestUser, url: &str, more: Value) -> u64 {
    let mut connection = more;
    connection["url"] = url.into();
    made(owner, "api", "rest", connection).await
}

async fn made(owner: &TestUser, source_type: &str, engine: &str, connection: Value) -> u64 {
    let body = json!({ "name": "x", "type": source_type, "engine": engine, "connection": connection });
    let reply = owner.post(DATA_SOURCES, &body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.id()
}

/// Imports what is there, and returns what became of it.
async fn import(app: &TestApp, owner: &TestUser, source: u64) -> Reply {
    let created = owner.post(&imports(source), &json!({})).await;
    assert_eq!(created.status, 201, "{created:?}");
    app.run_jobs().await;
    owner.get(&import_path(source, created.id())).await
}

/// Imports what is fit for it.
async fn imported(app: &TestApp, owner: &TestUser, source: u64) -> Reply {
    let reply = import(app, owner, source).await;
    assert_eq!(reply.body["status"], "done", "{reply:?}");
    reply
}

/// Why what is there is not imported.
async fn refused(app: &TestApp, owner: &TestUser, source: u64) -> String {
    let reply = import(app, owner, source).await;
    assert_eq!(reply.body["status"], "failed", "{reply:?}");
    reply.body["errors"][0]["reason"].as_str().expect("a reason").to_owned()
}

/// The first rows of the one table.
async fn rows(owner: &TestUser, source: u64) -> Value {
    let preview = owner.get(&tests::paths::action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.status, 200, "{preview:?}");
    preview.body["rows"].clone()
}
