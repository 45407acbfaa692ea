//! As whom Athena is asked: no organization can have it asked as another one's role.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DATA_SOURCES, action, item};
use tests::{Actor, TestApp, TestUser};

use super::connect;
use super::fake::{Fake, Trust};

const ROLE: &str = "arn:aws:iam::123456789012:role/claribi";

async fn stage() -> (TestApp, Fake, TestUser) {
    let base = TestApp::start().await;
    let athena = Fake::new(base.clock.clone());
    let app = base.with_athena(athena.router());
    let administrator = app.user(Role::Administrator).await;
    (app, athena, administrator)
}

async fn test(actor: &TestUser, source: u64) -> Value {
    let reply = actor.post(&action(DATA_SOURCES, source, "test"), &json!({})).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.body
}

#[tokio::test]
async fn a_role_is_assumed_with_the_external_id_that_the_source_shows() {
    let (_app, athena, administrator) = stage().await;
    let source = connect(&administrator, json!({ "role_arn": ROLE })).await;
    let shown = administrator.get(&item(DATA_SOURCES, source)).await;
    let external_id = shown.body["connection"]["external_id"].as_str().unwrap().to_owned();
    let refused = test(&administrator, source).await;
    assert_eq!(refused["ok"], false);
    assert!(refused["hint"].as_str().unwrap().contains("external_id"), "{refused}");
    athena.trust(Trust::ExternalId(external_id.clone()));
    assert_eq!(test(&administrator, source).await["ok"], true);
    assert_eq!(athena.assumed(), std::slice::from_ref(&external_id));
    assert!(athena.last_authorization().contains("ASIAASSUMED"), "{}", athena.last_authorization());
    // It is kept for a while.
    assert_eq!(test(&administrator, source).await["ok"], true);
    assert_eq!(athena.assumed(), [external_id]);
}

#[tokio::test]
async fn a_role_that_anybody_can_assume_is_refused() {
    let (_app, athena, administrator) = stage().await;
    athena.trust(Trust::Everybody);
    let source = connect(&administrator, json!({ "role_arn": ROLE })).await;
    let refused = test(&administrator, source).await;
    assert_eq!(refused["ok"], false);
    assert!(refused["reason"].as_str().unwrap().contains("without an external ID"), "{refused}");
}

#[tokio::test]
async fn another_source_cannot_use_a_role_that_names_this_one() {
    let (app, athena, administrator) = stage().await;
    let source = connect(&administrator, json!({ "role_arn": ROLE })).await;
    let shown = administrator.get(&item(DATA_SOURCES, source)).await;
    let external_id = shown.body["connection"]["external_id"].as_str().unwrap().to_owned();
    athena.trust(Trust::ExternalId(external_id.clone()));
    let other = app.another_organization().await;
    let stranger = other.user(Role::Administrator).await;
    let theirs = connect(&stranger, json!({ "role_arn": ROLE })).await;
    assert_eq!(test(&stranger, theirs).await["ok"], false);
    // The ID is ours to give.
    let connection =
        json!({ "database": "lake", "region": "eu-central-1", "role_arn": ROLE, "external_id": external_id });
    let body = json!({ "name": "x", "type": "cloud", "engine": "athena", "connection": connection });
    assert_eq!(stranger.post(DATA_SOURCES, &body).await.status, 400);
}

#[tokio::test]
async fn the_apis_own_role_is_used_only_where_the_operator_allows_it() {
    let (app, _athena, administrator) = stage().await;
    let source = connect(&administrator, json!({})).await;
    assert_eq!(test(&administrator, source).await["ok"], true);
    let strict = app.without_own_role();
    let refused = test(&administrator.at(&strict.instance()), source).await;
    assert_eq!(refused["ok"], false);
    assert!(refused["hint"].as_str().unwrap().contains("role_arn"), "{refused}");
}

#[tokio::test]
async fn settings_that_lead_elsewhere_are_refused() {
    let (_app, _athena, administrator) = stage().await;
    let keys = json!({ "access_key_id": "AAAAAAAAAAAAAAAA", "secret_access_key": "secret" });
    for (field, value) in [
        ("region", json!("evil.example/eu-central-1")),
        ("workgroup", json!("a b")),
        ("catalog", json!("a/b")),
        ("role_arn", json!("arn:aws:iam::1:role/x")),
        ("role_arn", json!(ROLE)),
        ("access_key_id", json!("short")),
        ("access_key_id", Value::Null),
    ] {
        let mut connection = json!({ "database": "lake", "region": "eu-central-1" });
        connection.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        connection[field] = value;
        let body = json!({ "name": "x", "type": "cloud", "engine": "athena", "connection": connection });
        let reply = administrator.post(DATA_SOURCES, &body).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        assert!(reply.body["fields"][format!("connection.{field}")].is_array(), "{reply:?}");
    }
    let source = connect(&administrator, keys).await;
    let path = item(DATA_SOURCES, source);
    let elsewhere = json!({ "connection": { "region": "us-east-1" } });
    let reply = administrator.patch(&path, &elsewhere).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert!(reply.body["fields"]["connection.secret_access_key"].is_array(), "{reply:?}");
    assert_eq!(
        administrator.patch(&path, &json!({ "connection": { "cache_seconds": 5 } })).await.status,
        200
    );
}
