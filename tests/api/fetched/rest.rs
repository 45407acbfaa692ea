//! The answer of a REST API as a table.

use serde_json::{Value, json};
use tests::Actor;
use tests::https::{HttpsServer, answer, json as body};
use tests::paths::{DATA_SOURCES, action, item};

use super::{imported, refused, rest, rows, start};

#[tokio::test]
async fn records_become_the_table_data() {
    let (app, owner) = start().await;
    let orders = r#"[
        {"id": 1, "at": "2027-01-03T10:00:00Z", "zip": "01067", "amount": 10.5, "tags": ["a"]},
        {"id": 2, "at": null, "paid": true, "zip": "20095"}
    ]"#;
    let server = HttpsServer::start(move |_| answer(200, &[], orders)).await;
    let more = json!({ "token": "t0ken-sealed", "columns": { "id": "text" } });
    let source = rest(&owner, &server.url("/v1/orders?limit=2"), more).await;
    let done = imported(&app, &owner, source).await;
    assert_eq!((&done.body["rows"], &done.body["size_bytes"]), (&json!(2), &Value::Null));
    assert_eq!(done.body["tables"], json!([{ "name": "data", "row_count": 2 }]));
    let tables = owner.get(&action(DATA_SOURCES, source, "tables")).await;
    let columns = tables.body["results"][0]["columns"].as_array().unwrap();
    let types: Vec<_> =
        columns.iter().map(|column| (column["name"].clone(), column["type"].clone())).collect();
    let expected = [
        ("id", "text"),
        ("at", "datetime"),
        ("zip", "text"),
        ("amount", "number"),
        ("tags", "text"),
        ("paid", "boolean"),
    ];
    assert_eq!(types, expected.map(|(name, column_type)| (json!(name), json!(column_type))));
    assert_eq!(
        rows(&owner, source).await[0],
        json!(["1", "2027-01-03T10:00:00Z", "01067", 10.5, "[\"a\"]", null])
    );

    let asked = server.take_asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].target, "/v1/orders?limit=2");
    for (name, value) in [
        ("authorization", "Bearer t0ken-sealed"),
        ("accept", "application/json"),
        ("accept-encoding", "identity"),
    ] {
        assert_eq!(asked[0].headers.get(name).map(String::as_str), Some(value), "{name}");
    }
    let shown = owner.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(shown.body["last_synced_at"], done.body["finished_at"]);
    assert_eq!(shown.body["connection"]["refresh"], "manual");
}

#[tokio::test]
async fn records_are_where_the_connection_says() {
    let (app, owner) = start().await;
    let answer =
        json!({ "data": { "items": [{ "n": 1 }, { "n": 2 }], "other": [{ "n": 9 }] }, "meta": [{ "x": 1 }] });
    let server = HttpsServer::start(move |_| body(&answer)).await;
    let source = rest(&owner, &server.url("/"), json!({ "records": "$.data.items" })).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1], [2]]));

    let source = rest(&owner, &server.url("/"), json!({})).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1]]), "the one array of objects");
}

#[tokio::test]
async fn a_single_record_with_objects_in_it_is_a_row() {
    let (app, owner) = start().await;
    let server =
        HttpsServer::start(|_| answer(200, &[], "[\n{\"a\": {\"b\": {\"c\": 1}},\n\"d\": 2}]")).await;
    let source = rest(&owner, &server.url("/"), json!({})).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([["{\"b\": {\"c\": 1}}", 2]]));
}

#[tokio::test]
async fn what_is_no_list_of_records_is_told() {
    let (app, owner) = start().await;
    for (kind, text, records, why) in [
        (
            "text/html",
            "<html>secret</html>",
            None,
            "localhost:PORT/a is no JSON: expected value at line 1 column 1. It says that it is text/html.",
        ),
        ("application/json", "[{\"a\": 1}", None, "is no JSON: EOF while parsing a list"),
        ("application/json", "{\"error\": \"secret\"}", None, "is an object without an array of objects"),
        ("application/json", "[1, 2]", None, "has a record that is no object: the 1st of the page"),
        ("application/json", "[]", None, "There are no records"),
        ("application/json", "{\"data\": {}}", Some("$.data.items"), "has nothing at $.data.items"),
        ("application/json", "", None, "is no JSON: EOF"),
    ] {
        let server = HttpsServer::start(move |_| answer(200, &[("content-type", kind)], text)).await;
        let mut more = json!({});
        if let Some(records) = records {
            more["records"] = records.into();
        }
        let url = server.url("/a?key=secret");
        let source = rest(&owner, &url, more).await;
        let reason = refused(&app, &owner, source).await;
        let port = url.split(['/', ':']).nth(4).unwrap().to_owned();
        assert!(reason.contains(&why.replace("PORT", &port)), "{text}: {reason}");
        assert!(!reason.contains("secret"), "{reason}");
    }
}

#[tokio::test]
async fn a_bad_value_is_told_by_the_number_of_its_record() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|_| answer(200, &[], r#"[{"n":1},{"n":"x"},{"n":3}]"#)).await;
    let source = rest(&owner, &server.url("/"), json!({ "columns": { "n": "integer" } })).await;
    let failed = super::import(&app, &owner, source).await;
    let error = &failed.body["errors"][0];
    assert_eq!((&error["row"], &error["column"], &error["value"]), (&json!(2), &json!("n"), &json!("x")));
    let shown = owner.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(shown.body["status"], "error");
    assert!(shown.text("status_reason").starts_with("Import 1 failed. row 2, column \"n\""), "{shown:?}");
}
