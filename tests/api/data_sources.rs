//! `/api/data-sources/`

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::{Reply, TestApp, TestUser, Wire, widget};

const SOURCES: &str = "/api/data-sources/";

async fn start(role: Role) -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let user = app.user(role).await;
    (app, user)
}

async fn create(app: &TestApp, user: &TestUser, body: &Value) -> Reply {
    app.post(SOURCES).token(&user.access).json(body).send().await
}

async fn patch(app: &TestApp, user: &TestUser, id: u64, body: &Value) -> Reply {
    app.request("PATCH", &format!("{SOURCES}{id}/")).token(&user.access).json(body).send().await
}

fn warehouse() -> Value {
    json!({
        "name": "Warehouse",
        "type": "database",
        "engine": "postgresql",
        "connection": {
            "host": "db.example.com", "database": "sales", "username": "reader", "password": "hunter2-sealed",
        },
    })
}

#[tokio::test]
async fn a_new_source_shows_everything_but_its_secrets() {
    let (app, user) = start(Role::Administrator).await;
    let created = create(&app, &user, &warehouse()).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/data-sources/1/"));
    let expected = json!({
        "id": 1,
        "name": "Warehouse",
        "type": "database",
        "engine": "postgresql",
        "status": "active",
        "description": "",
        "connection": {
            "host": "db.example.com", "port": 5432, "database": "sales", "username": "reader",
            "ssl_mode": "require", "password_set": true,
        },
        "last_synced_at": null,
        "created_by": user.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(created.body, expected);
    let shown = app.get("/api/data-sources/1/").token(&user.access).send().await;
    assert_eq!((shown.status, shown.body), (200, expected));
}

#[tokio::test]
async fn secrets_rest_encrypted_for_their_place() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Administrator).await;
    wire.take_calls();
    create(&app, &user, &warehouse()).await;
    patch(&app, &user, 1, &json!({ "connection": { "password": "hunter3-sealed" } })).await;
    let written = format!("{:?}", wire.take_calls());
    assert!(written.contains("db.example.com"), "the rest is there to be found");
    for secret in ["hunter2-sealed", "hunter3-sealed"] {
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, secret);
        assert!(!written.contains(secret) && !written.contains(encoded.trim_end_matches('=')));
    }
}

#[tokio::test]
async fn every_engine_has_a_connection_of_its_own() {
    let (app, user) = start(Role::Owner).await;
    for (source_type, engine, connection, shown) in [
        (
            "database",
            "mysql",
            json!({ "host": "8.8.8.8", "database": "d", "username": "u", "ssl_mode": "verify_full" }),
            json!({ "host": "8.8.8.8", "port": 3306, "database": "d", "username": "u", "ssl_mode": "verify_full", "password_set": false }),
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
            json!({ "url": "https://example.com/data", "token_set": true }),
        ),
        (
            "cloud",
            "s3",
            json!({ "bucket": "b", "region": "eu-central-1", "access_key_id": "AKIA", "secret_access_key": "s" }),
            json!({ "bucket": "b", "region": "eu-central-1", "access_key_id": "AKIA", "secret_access_key_set": true }),
        ),
    ] {
        let body = json!({ "name": engine, "type": source_type, "engine": engine, "connection": connection });
        let reply = create(&app, &user, &body).await;
        assert_eq!((reply.status, &reply.body["connection"]), (201, &shown), "{engine}: {reply:?}");
    }
}

#[tokio::test]
async fn mistakes_are_named_by_field() {
    let (app, user) = start(Role::Owner).await;
    let reply = create(&app, &user, &json!({})).await;
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
            "Unknown; expected one of host, port, database, username, password, ssl_mode.",
        ),
        (
            "/connection/password_set",
            json!(true),
            "connection.password_set",
            "Unknown; expected one of host, port, database, username, password, ssl_mode.",
        ),
    ] {
        let mut body = warehouse();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        let reply = create(&app, &user, &body).await;
        assert_eq!(reply.status, 400, "{pointer}");
        assert_eq!(reply.reasons(field), reason, "{pointer}");
    }
}

#[tokio::test]
async fn hosts_within_reach_of_the_api_alone_are_refused() {
    let (app, user) = start(Role::Owner).await;
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
            create(&app, &user, &body).await.reasons("connection.host").contains("public internet"),
            "{host}"
        );
        let rest = json!({ "name": "x", "type": "api", "engine": "rest", "connection": { "url": format!("https://{host}/") } });
        assert!(
            create(&app, &user, &rest).await.reasons("connection.url").contains("public internet"),
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_patch_merges() {
    let (app, user) = start(Role::Owner).await;
    create(&app, &user, &warehouse()).await;
    app.clock.advance(Duration::from_secs(5));
    let changed =
        patch(&app, &user, 1, &json!({ "status": "paused", "connection": { "database": "sales2" } })).await;
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
        assert_eq!(patch(&app, &user, 1, &body).await.reasons(field), reason, "{body}");
    }
    assert_eq!(patch(&app, &user, 1, &json!({ "description": null })).await.body["description"], "");
}

#[tokio::test]
async fn a_secret_does_not_follow_to_another_place() {
    let (app, user) = start(Role::Owner).await;
    create(&app, &user, &warehouse()).await;
    let elsewhere = json!({ "connection": { "host": "evil.example.com" } });
    assert!(
        patch(&app, &user, 1, &elsewhere).await.reasons("connection.password").contains("leads elsewhere")
    );
    let with_new = json!({ "connection": { "host": "db2.example.com", "password": "new" } });
    assert_eq!(patch(&app, &user, 1, &with_new).await.body["connection"]["password_set"], true);
    let without = json!({ "connection": { "host": "db3.example.com", "password": null } });
    assert_eq!(patch(&app, &user, 1, &without).await.body["connection"]["password_set"], false);
    assert_eq!(patch(&app, &user, 1, &elsewhere).await.status, 200, "there is none left to follow");
}

#[tokio::test]
async fn lists_leave_out_the_connection_and_filter_exactly() {
    let (app, user) = start(Role::Owner).await;
    for number in 0..6 {
        let mut body = if number % 2 == 0 {
            warehouse()
        } else {
            json!({ "name": "f", "type": "file", "engine": "csv" })
        };
        body["status"] = json!(if number < 4 { "active" } else { "paused" });
        create(&app, &user, &body).await;
    }
    let list = async |query: &str| app.get(&format!("{SOURCES}{query}")).token(&user.access).send().await;
    let ids = |page: &Reply| -> Vec<u64> {
        page.body["results"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
    };
    let row = list("?page_size=1").await.body["results"][0].clone();
    let mut names: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "created_at",
            "created_by",
            "engine",
            "id",
            "last_synced_at",
            "name",
            "status",
            "type",
            "updated_at"
        ]
    );

    for (query, expected) in [
        ("", vec![1, 2, 3, 4, 5, 6]),
        ("?status=active", vec![1, 2, 3, 4]),
        ("?type=database", vec![1, 3, 5]),
        ("?status=active&type=database", vec![1, 3]),
        ("?type=database&status=paused", vec![5]),
        ("?type=cloud", vec![]),
        ("?status=error", vec![]),
    ] {
        let page = list(query).await;
        assert_eq!(
            (ids(&page), page.body["count"].as_u64()),
            (expected.clone(), Some(expected.len() as u64)),
            "{query}"
        );
    }
    let next = list("?status=active&page_size=3").await.body["next"].clone();
    assert_eq!(next, "https://api.example.com/api/data-sources/?status=active&page_size=3&page=2");
    patch(&app, &user, 1, &json!({ "status": "paused" })).await;
    assert_eq!(ids(&list("?status=active").await), [2, 3, 4], "a write shows in the next list");
    assert!(list("?status=broken").await.reasons("status").contains("active, paused, error"));
    assert_eq!(
        list("?name=x").await.reasons("name"),
        "Unknown; expected one of page, page_size, status, type."
    );
    assert_eq!(list("?status=active&status=paused").await.reasons("status"), "Given more than once.");
}

#[tokio::test]
async fn analysts_write_files_only() {
    let (app, owner) = start(Role::Owner).await;
    let analyst = app.user(Role::Analyst).await;
    create(&app, &owner, &warehouse()).await;
    let file = tests::entities::data_source(&owner).await;
    for reply in [
        create(&app, &analyst, &warehouse()).await,
        patch(&app, &analyst, 1, &json!({ "name": "x" })).await,
        app.request("DELETE", "/api/data-sources/1/").token(&analyst.access).send().await,
    ] {
        assert_eq!((reply.status, reply.error().as_str()), (403, "permission_denied"));
        assert!(reply.text("detail").contains("data_sources:write,"), "{reply:?}");
    }
    assert_eq!(patch(&app, &analyst, file, &json!({ "name": "x" })).await.status, 200);
    let delete = app.request("DELETE", &format!("{SOURCES}{file}/")).token(&analyst.access);
    assert_eq!(delete.send().await.status, 204);
}

#[tokio::test]
async fn a_source_in_use_stays_unless_an_administrator_insists() {
    let (app, owner) = start(Role::Owner).await;
    let analyst = app.user(Role::Analyst).await;
    let source = tests::entities::data_source(&owner).await;
    let dashboard =
        tests::entities::dashboard(&analyst, json!([widget::pie(source), widget::pie(source)])).await;
    let delete = async |user: &TestUser, query: &str| {
        app.request("DELETE", &format!("{SOURCES}{source}/{query}")).token(&user.access).send().await
    };
    let refused = delete(&owner, "").await;
    assert_eq!((refused.status, refused.error().as_str()), (409, "conflict"));
    assert!(refused.text("detail").contains("1 dashboard: 1 (\"a dashboard\")"), "{refused:?}");
    let not_allowed = delete(&analyst, "?force=true").await;
    assert_eq!(not_allowed.status, 403);
    assert_eq!(delete(&owner, "?force=yes").await.reasons("force"), "Must be true or false.");
    assert_eq!(delete(&owner, "?force=true").await.status, 204);
    assert_eq!(delete(&owner, "").await.status, 404);

    let path = format!("/api/dashboards/{dashboard}/");
    let rename =
        app.request("PATCH", &path).token(&analyst.access).json(&json!({ "name": "still editable" }));
    assert_eq!(rename.send().await.status, 200);
    let add = json!({ "widgets": [widget::pie(source + 1)] });
    let add = app.request("PATCH", &path).token(&analyst.access).json(&add).send().await;
    assert_eq!(add.reasons("widgets[0].data_source"), "No data source with ID 2 was found.");
}

#[tokio::test]
async fn a_source_is_free_once_no_widget_uses_it() {
    let (app, owner) = start(Role::Owner).await;
    let source = tests::entities::data_source(&owner).await;
    let dashboard = tests::entities::dashboard(&owner, json!([widget::pie(source)])).await;
    let path = format!("/api/dashboards/{dashboard}/");
    app.request("PATCH", &path).token(&owner.access).json(&json!({ "widgets": [] })).send().await;
    let delete = app.request("DELETE", &format!("{SOURCES}{source}/")).token(&owner.access);
    assert_eq!(delete.send().await.status, 204);
}
