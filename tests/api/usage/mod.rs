//! What organizations use, what their plans allow, and their AI credits.

mod counts;
mod crashes;
mod credits;
mod data_sources;
mod demo;
mod months;
mod plan_changes;
mod plans;
mod read;
mod report_files;
mod storage;
mod users;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use shared::model::Role;
use tests::paths::USAGE;
use tests::{Actor, Reply, TestApp, TestUser, table_names};

/// An app, and an owner.
async fn start() -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    (app, owner)
}

/// What is told of this month.
async fn usage(owner: &TestUser) -> Value {
    let reply = owner.get(USAGE).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.body
}

/// A number in what is told.
async fn told(owner: &TestUser, pointer: &str) -> u64 {
    let usage = usage(owner).await;
    usage.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {pointer}: {usage}"))
}

/// The refusal of what a plan does not allow.
fn check_refused(reply: &Reply, detail: &str) {
    assert_eq!((reply.status, reply.error().as_str()), (403, "plan_limit_reached"), "{reply:?}");
    assert_eq!(reply.text("detail"), detail);
}

/// Says that the organization stores so many bytes of data.
async fn pretend_stored(app: &TestApp, bytes: u64) {
    let storage = HashMap::from([
        ("data".to_owned(), AttributeValue::N(bytes.to_string())),
        ("reports".to_owned(), AttributeValue::L(Vec::new())),
    ]);
    app.dynamodb
        .update_item()
        .table_name(table_names().entities)
        .key("pk", AttributeValue::S(format!("ORG#{}", app.organization_id())))
        .key("sk", AttributeValue::S("ORG".to_owned()))
        .update_expression("SET #storage = :storage")
        .expression_attribute_names("#storage", "storage")
        .expression_attribute_values(":storage", AttributeValue::M(storage))
        .send()
        .await
        .unwrap();
}
