//! Creating a data source.

use serde_json::json;
use shared::model::Role;
use tests::Actor;
use tests::paths::{DATA_SOURCES, item};

use super::{start, warehouse};

#[tokio::test]
async fn a_new_source_shows_everything_but_its_secrets() {
    let (_, administrator) = start(Role::Administrator).await;
    let created = administrator.post(DATA_SOURCES, &warehouse()).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/data-sources/1/"));
    let expected = json!({
        "id": 1,
        "name": "Warehouse",
        "type": "database",
        "engine": "postgresql",
        "status": "active", "status_reason": null,
        "description": "",
        "connection": {
            "host": "db.example.com", "port": 5432, "database": "sales", "username": "reader",
            "ssl_mode": "require", "password_set": true, "cache_seconds": 60, "refresh": "manual",
        },
        "last_synced_at": null,
        "created_by": administrator.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(created.body, expected);
    let shown = administrator.get(&item(DATA_SOURCES, 1)).await;
    assert_eq!((shown.status, shown.body), (200, expected));
}

#[tokio::test]
async fn mistakes_are_named_by_field() {
    let (_, owner) = start(Role::Owner).await;
    let reply = owner.post(DATA_SOURCES, &json!({})).await;
    for field in ["name", "type", "engine"] {
        assert_eq!(reply.reasons(field), "This field is required.");
    }
    for (pointer, value, field, reason) in [
        ("/type", json!("ftp"), "type", "Unknown value \"ftp\"; expected one of database, api, file, cloud."),
        ("/engine", json!("csv"), "engine", "Must be one of this type: postgresql, mysql."),
        (
            "/status",
            json!("error"),
            "status",
            "Must be active or paused; error is what we set when reading fails.",
        ),
        ("/description", json!("x".repeat(2_001)), "description", "Must not be longer than 2000 characters."),
        ("/connection", json!([]), "connection", "Expected an object, got an array."),
        ("/connection", json!({}), "connection.host", "This field is required."),
        ("/connection/port", json!(0), "connection.port", "Must be a port number: 1 to 65535."),
        ("/connection/port", json!("5432"), "connection.port", "Expected an integer, got a string."),
        ("/connection/database", json!(""), "connection.database", "Must not be empty."),
        ("/connection/password", json!(""), "connection.password", "Must not be empty; null removes it."),
        (
            "/connection/ssl",
            json!(true),
            "connection.ssl",
            "Unknown; expected one of host, port, database, username, password, ssl_mode, ca_certificate, schemas, \
             excluded_schemas, cache_seconds, refresh.",
        ),
        (
            "/connection/password_set",
            json!(true),
            "connection.password_set",
            "Unknown; expected one of host, port, database, username, password, ssl_mode, ca_certificate, schemas, \
             excluded_schemas, cache_seconds, refresh.",
        ),
    ] {
        let mut body = warehouse();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        let reply = owner.post(DATA_SOURCES, &body).await;
        assert_eq!(reply.status, 400, "{pointer}");
        assert_eq!(reply.reasons(field), reason, "{pointer}");
    }
}
