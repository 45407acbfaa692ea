//! The objects of a bucket as a table.

use serde_json::{Value, json};
use tests::Actor;
use tests::paths::{DATA_SOURCES, action};
use tests::{TestApp, TestUser, entities};

use super::{imported, made, rows, start};

/// Registers the objects under a prefix of the bucket of exports, and returns its ID.
pub(super) async fn bucket(owner: &TestUser, prefix: &str, more: Value) -> u64 {
    let mut connection = json!({
        "bucket": "exports", "region": "eu-central-1", "prefix": prefix, "access_key_id": "local", "secret_access_key": "local",
    });
    for (name, value) in more.as_object().expect("an object") {
        connection[name] = value.clone();
    }
    made(owner, "cloud", "s3", connection).await
}

/// The bytes of a Parquet file with what is in the text.
async fn parquet(app: &TestApp, owner: &TestUser, csv: &str) -> Vec<u8> {
    let source = entities::data_source(owner).await;
    entities::imported(app, owner, source, csv).await;
    app.first_data(source)
}

#[tokio::test]
async fn columns_are_the_same_where_their_names_are() {
    let (app, owner) = start().await;
    app.put_object("exports", "orders/2026.csv", "country,amount\nDE,1\n\"FR\",2\n");
    app.put_object("exports", "orders/2027/01.csv", "amount;city;country\n3,5;Bern;CH\n");
    app.put_object("exports", "orders/2027/02.tsv", "city\tday\nRome\t2027-02-01\n");
    app.put_object("exports", "orders/_SUCCESS", "");
    app.put_object("exports", "orders/readme.txt", "x");
    app.put_object("exports", "other/1.csv", "x\n1\n");
    let source = bucket(&owner, "orders/", json!({})).await;
    let done = imported(&app, &owner, source).await;
    assert_eq!((&done.body["rows"], &done.body["size_bytes"]), (&json!(4), &Value::Null));
    let warning = "1 objects that do not end in .csv or .tsv were left out, \"orders/readme.txt\" first.";
    assert_eq!(done.body["warnings"], json!([warning]));
    let expected = json!([
        ["DE", 1, null, null],
        ["FR", 2, null, null],
        ["CH", 3.5, "Bern", null],
        [null, null, "Rome", "2027-02-01"],
    ]);
    let shown = rows(&owner, source).await;
    let columns = owner.get(&action(DATA_SOURCES, source, "preview")).await.body["columns"].clone();
    let names: Vec<_> = columns
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["country", "amount", "city", "day"]);
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn types_are_those_of_all_rows_of_all_files() {
    let (app, owner) = start().await;
    app.put_object("exports", "a/1.csv", "zip,n\n12345,1\n");
    app.put_object("exports", "a/2.csv", "zip,n\n01067,x\n");
    let source = bucket(&owner, "a/", json!({})).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([["12345", "1"], ["01067", "x"]]));
}

#[tokio::test]
async fn a_column_without_a_header_and_empty_lines_are_rows_of_their_file() {
    let (app, owner) = start().await;
    app.put_object("exports", "a/1.csv", "1,2\n");
    app.put_object("exports", "a/2.csv", "3\n\n4\n\n");
    let source = bucket(&owner, "a/", json!({ "has_header": false })).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1, 2], [3, null], [null, null], [4, null]]));
}

#[tokio::test]
async fn objects_of_lines_become_rows() {
    let (app, owner) = start().await;
    app.put_object("exports", "a/1.ndjson", "{\"a\":1,\"b\":\"x\"}\n");
    app.put_object("exports", "a/2.jsonl", "{\"c\":true,\"a\":2}\n{\"b\":\"y\"}\n");
    app.put_object("exports", "a/3.json", "[{\"a\":4}]");
    let source = bucket(&owner, "a/", json!({})).await;
    imported(&app, &owner, source).await;
    let expected = json!([[1, "x", null], [2, null, true], [null, "y", null], [4, null, null]]);
    assert_eq!(rows(&owner, source).await, expected);
}

#[tokio::test]
async fn parquet_files_become_one_table() {
    let (app, owner) = start().await;
    let first = parquet(&app, &owner, "day,n,x\n2027-01-01,1,1.25\n").await;
    let second = parquet(&app, &owner, "n,day,city\n2.5,2027-01-02T10:00:00Z,Bern\n").await;
    app.put_object("exports", "a/1.parquet", &first);
    app.put_object("exports", "a/2.parquet", &second);
    let source = bucket(&owner, "a/", json!({})).await;
    imported(&app, &owner, source).await;
    let expected =
        json!([["2027-01-01T00:00:00Z", 1, 1.25, null], ["2027-01-02T10:00:00Z", 2.5, null, "Bern"],]);
    assert_eq!(rows(&owner, source).await, expected);
}

#[tokio::test]
async fn objects_that_are_the_same_are_not_imported_again() {
    let (app, owner) = start().await;
    app.put_object("exports", "a/1.csv", "n\n1\n");
    let source = bucket(&owner, "a/", json!({})).await;
    imported(&app, &owner, source).await;
    app.bucket.take_calls();
    let again = imported(&app, &owner, source).await;
    assert_eq!(again.body["warnings"], json!(["Nothing has changed since import 1: its data stays."]));
    let read = |calls: Vec<tests::ServiceCall>| calls.iter().any(|call| call.uri.contains("exports/a/1.csv"));
    assert!(!read(app.bucket.take_calls()), "nothing is fetched");
    app.put_object("exports", "a/2.csv", "n\n2\n");
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1], [2]]));
}
