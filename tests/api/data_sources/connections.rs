//! The connection of a data source: each engine has its own.

use serde_json::json;
use shared::model::Role;
use tests::Actor;
use tests::paths::{DATA_SOURCES, item};

use super::{start, warehouse};

#[tokio::test]
async fn every_engine_has_a_connection_of_its_own() {
    let (_, owner) = start(Role::Owner).await;
    for (source_type, engine, connection, shown) in [
        (
            "database",
            "mysql",
            json!({ "host": "8.8.8.8", "database": "d", "username": "u", "ssl_mode": "verify_full" }),
            json!({ "host": "8.8.8.8", "port": 3306, "database": "d", "username": "u", "ssl_mode": "verify_full", "password_set": false, "cache_seconds": 60, "refresh": "manual" }),
        ),
        (
            "file",
            "csv",
            json!({ "delimiter": ";", "has_header": false }),
            json!({ "delimiter": ";", "has_header": false }),
        ),
        ("file", "parquet", json!({}), json!({})),
        ("file", "json", json!({}), json!({})),
        ("file", "xlsx", json!({ "sheet": "2026" }), json!({ "sheet": "2026", "has_header": true })),
        (
            "api",
            "rest",
            json!({ "url": "https://example.com/data", "token": "t" }),
            json!({ "url": "https://example.com/data", "refresh": "manual", "token_set": true }),
        ),
        (
            "cloud",
            "s3",
            json!({ "bucket": "exports", "region": "eu-central-1", "access_key_id": "AKIA", "secret_access_key": "s" }),
            json!({
                "bucket": "exports", "region": "eu-central-1", "access_key_id": "AKIA", "refresh": "manual", "has_header": true,
                "secret_access_key_set": true,
            }),
        ),
    ] {
        let body = json!({ "name": engine, "type": source_type, "engine": engine, "connection": connection });
        let reply = owner.post(DATA_SOURCES, &body).await;
        assert_eq!((reply.status, &reply.body["connection"]), (201, &shown), "{engine}: {reply:?}");
    }
}

#[tokio::test]
async fn hosts_in_networks_that_are_allowed_are_accepted() {
    let (app, owner) = start(Role::Owner).await;
    let allowing = owner.at(&app.allowing("10.0.0.0/8, fd00::/8").instance());
    for (host, is_accepted) in [
        ("10.1.2.3", true),
        ("[fd00::1]", true),
        ("db.corp.internal", true),
        ("db", true),
        ("8.8.8.8", true),
        ("127.0.0.1", false),
        ("[::ffff:169.254.169.254]", false),
    ] {
        let mut body = warehouse();
        body["connection"]["host"] = json!(host);
        let url = format!("https://{host}:8443/");
        let rest = json!({ "name": "x", "type": "api", "engine": "rest", "connection": { "url": url } });
        for (body, field) in [(&body, "connection.host"), (&rest, "connection.url")] {
            let reply = allowing.post(DATA_SOURCES, body).await;
            assert_eq!(reply.status == 201, is_accepted, "{host}: {reply:?}");
            if !is_accepted {
                assert!(reply.reasons(field).contains("public internet"), "{reply:?}");
            }
        }
    }
    // What was accepted can be changed in other ways when the network is not allowed any more.
    let path = item(DATA_SOURCES, 1);
    assert_eq!(owner.patch(&path, &json!({ "name": "renamed" })).await.status, 200);
    let moved = owner.patch(&path, &json!({ "connection": { "host": "10.9.9.9", "password": null } })).await;
    assert!(moved.reasons("connection.host").contains("public internet"), "{moved:?}");
}

#[tokio::test]
async fn hosts_within_reach_of_the_api_alone_are_refused() {
    let (_, owner) = start(Role::Owner).await;
    for host in [
        "localhost",
        "127.0.0.1",
        "2130706433",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "metadata.google.internal",
    ] {
        let mut body = warehouse();
        body["connection"]["host"] = json!(host);
        assert!(
            owner.post(DATA_SOURCES, &body).await.reasons("connection.host").contains("public internet"),
            "{host}"
        );
        let rest = json!({ "name": "x", "type": "api", "engine": "rest", "connection": { "url": format!("https://{host}/") } });
        assert!(
            owner.post(DATA_SOURCES, &rest).await.reasons("connection.url").contains("public internet"),
            "{host}"
        );
    }
}
