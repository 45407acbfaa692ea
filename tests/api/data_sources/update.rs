//! Changing a data source, and who may.

use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{DATA_SOURCES, item};
use tests::{Actor, entities};

use super::{start, warehouse};

#[tokio::test]
async fn a_patch_merges() {
    let (app, owner) = start(Role::Owner).await;
    owner.post(DATA_SOURCES, &warehouse()).await;
    app.clock.advance(Duration::from_secs(5));
    let changed = owner
        .patch(&item(DATA_SOURCES, 1), &json!({ "status": "paused", "connection": { "database": "sales2" } }))
        .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.body["status"], "paused");
    assert_eq!(changed.body["connection"]["database"], "sales2");
    assert_eq!(changed.body["connection"]["password_set"], true, "a secret stays with its place");
    assert_eq!(changed.body["updated_at"], "2027-01-15T08:00:05Z");
    assert_eq!(changed.body["created_at"], "2027-01-15T08:00:00Z");

    for (body, field, reason) in [
        (
            json!({ "type": "file" }),
            "type",
            "Unknown; expected one of name, status, description, connection.",
        ),
        (
            json!({ "engine": null }),
            "engine",
            "Unknown; expected one of name, status, description, connection.",
        ),
        (json!({ "name": null }), "name", "This field is required."),
        (json!({ "connection": null }), "connection", "This field is required."),
        (
            json!({ "connection": { "host": "localhost" } }),
            "connection.host",
            "Must be a host on the public internet: loopback, private, link-local and metadata addresses are refused.",
        ),
        (
            json!({ "connection": { "port": null, "host": null } }),
            "connection.host",
            "This field is required.",
        ),
    ] {
        assert_eq!(owner.patch(&item(DATA_SOURCES, 1), &body).await.reasons(field), reason, "{body}");
    }
    assert_eq!(
        owner.patch(&item(DATA_SOURCES, 1), &json!({ "description": null })).await.body["description"],
        ""
    );
}

#[tokio::test]
async fn analysts_write_files_only() {
    let (app, owner) = start(Role::Owner).await;
    let analyst = app.user(Role::Analyst).await;
    owner.post(DATA_SOURCES, &warehouse()).await;
    let file = entities::data_source(&owner).await;
    for reply in [
        analyst.post(DATA_SOURCES, &warehouse()).await,
        analyst.patch(&item(DATA_SOURCES, 1), &json!({ "name": "x" })).await,
        analyst.delete(&item(DATA_SOURCES, 1)).await,
    ] {
        assert_eq!((reply.status, reply.error().as_str()), (403, "permission_denied"));
        assert!(reply.text("detail").contains("data_sources:write,"), "{reply:?}");
    }
    assert_eq!(analyst.patch(&item(DATA_SOURCES, file), &json!({ "name": "x" })).await.status, 200);
    assert_eq!(analyst.delete(&item(DATA_SOURCES, file)).await.status, 204);
}
