//! The secrets in a connection.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DATA_SOURCES, item};
use tests::{Actor, TestApp, Wire};

use super::{start, warehouse};

#[tokio::test]
async fn secrets_rest_encrypted_for_their_place() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let administrator = app.user(Role::Administrator).await;
    wire.take_calls();
    administrator.post(DATA_SOURCES, &warehouse()).await;
    administrator
        .patch(&item(DATA_SOURCES, 1), &json!({ "connection": { "password": "hunter3-sealed" } }))
        .await;
    let written = format!("{:?}", wire.take_calls());
    assert!(written.contains("db.example.com"), "the rest is there to be found");
    for secret in ["hunter2-sealed", "hunter3-sealed"] {
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, secret);
        assert!(!written.contains(secret) && !written.contains(encoded.trim_end_matches('=')));
    }
}

#[tokio::test]
async fn a_secret_does_not_follow_to_another_place() {
    let (_, owner) = start(Role::Owner).await;
    owner.post(DATA_SOURCES, &warehouse()).await;
    let elsewhere = json!({ "connection": { "host": "evil.example.com" } });
    assert!(
        owner
            .patch(&item(DATA_SOURCES, 1), &elsewhere)
            .await
            .reasons("connection.password")
            .contains("leads elsewhere")
    );
    let with_new = json!({ "connection": { "host": "db2.example.com", "password": "new" } });
    assert_eq!(owner.patch(&item(DATA_SOURCES, 1), &with_new).await.body["connection"]["password_set"], true);
    let without = json!({ "connection": { "host": "db3.example.com", "password": null } });
    assert_eq!(owner.patch(&item(DATA_SOURCES, 1), &without).await.body["connection"]["password_set"], false);
    assert_eq!(
        owner.patch(&item(DATA_SOURCES, 1), &elsewhere).await.status,
        200,
        "there is none left to follow"
    );
}
