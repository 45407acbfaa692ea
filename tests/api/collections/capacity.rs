//! A collection holds so many.

use serde_json::json;
use shared::model::Role;
use tests::paths::API_KEYS;
use tests::{Actor, TestApp, table_names};

#[tokio::test]
async fn a_full_collection_says_so() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    fill_keys(&app, 1_000).await;
    let reply = owner.post(API_KEYS, &json!({ "name": "one too many" })).await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
    assert_eq!(reply.text("detail"), "An organization may have 1000 API keys: revoke one to make room.");
}

/// Writes a directory of so many keys, without the keys.
async fn fill_keys(app: &TestApp, count: u32) {
    use aws_sdk_dynamodb::primitives::Blob;
    use aws_sdk_dynamodb::types::AttributeValue;
    let mut ids = Vec::new();
    (1..=count).collect::<roaring::RoaringBitmap>().serialize_into(&mut ids).unwrap();
    let put = app.dynamodb.put_item().table_name(table_names().entities);
    put.item("pk", AttributeValue::S(format!("ORG#{}", app.organization_id())))
        .item("sk", AttributeValue::S("DIRECTORY#APIKEY".into()))
        .item("version", AttributeValue::N("1".into()))
        .item("next_id", AttributeValue::N((count + 1).to_string()))
        .item("live", AttributeValue::B(Blob::new(ids)))
        .send()
        .await
        .unwrap();
}
