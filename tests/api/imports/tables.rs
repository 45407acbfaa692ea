//! Tables and their first rows.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DATA_SOURCES, action, imports};
use tests::{Actor, entities};

use super::{ORDERS, start};

#[tokio::test]
async fn a_table_says_what_is_in_each_column() {
    let (app, analyst, source) = start().await;
    let tables = action(DATA_SOURCES, source, "tables");
    assert_eq!(
        analyst.get(&tables).await.body,
        json!({ "count": 0, "next": null, "previous": null, "results": [] })
    );
    entities::imported(&app, &analyst, source, ORDERS).await;
    let listed = analyst.get(&tables).await;
    let expected = json!([{
        "name": "data", "kind": "file", "row_count": 3,
        "columns": [
            { "name": "country", "type": "text", "nullable": false, "distinct_count": 2, "min": "DE", "max": "FR" },
            { "name": "amount", "type": "number", "nullable": false, "distinct_count": 3, "min": 3.25, "max": 20 },
        ],
    }]);
    assert_eq!(listed.body["results"], expected);
    let past = analyst.get(&format!("{tables}?page=2")).await;
    assert_eq!(past.status, 404);
}

#[tokio::test]
async fn a_preview_is_the_first_rows_as_they_are_in_the_file() {
    let (app, analyst, source) = start().await;
    let preview = action(DATA_SOURCES, source, "preview");
    let nothing = analyst.get(&preview).await;
    assert_eq!((nothing.status, nothing.error().as_str()), (409, "conflict"));
    let rows: Vec<_> = (0..25).map(|row| format!("2025-01-{:02},{row}", 28 - row)).collect();
    entities::imported(&app, &analyst, source, &format!("day,n\n{}\n", rows.join("\n"))).await;
    let shown = analyst.get(&preview).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!((&shown.body["row_count"], &shown.body["truncated"]), (&json!(10), &json!(true)));
    assert_eq!(shown.body["rows"][0], json!(["2025-01-28", 0]));
    assert_eq!(
        shown.body["columns"][0],
        json!({ "name": "day", "type": "date", "role": "dimension", "grain": null })
    );
    assert_eq!((&shown.body["table"], &shown.body["data_source"]), (&json!("data"), &json!(source)));
    assert!(shown.body["data_version"].as_str().unwrap().starts_with("1-"));
    let named = analyst.get(&format!("{preview}?table=data")).await;
    assert_eq!(named.body, shown.body);
    let unknown = analyst.get(&format!("{preview}?table=others")).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.text("detail").contains("There are: \"data\"."), "{unknown:?}");
}

#[tokio::test]
async fn a_bad_file_names_row_column_and_value() {
    let (app, analyst, source) = start().await;
    let path = tests::paths::item(DATA_SOURCES, source);
    let typed = json!({ "connection": { "columns": { "amount": "number" } } });
    assert_eq!(analyst.patch(&path, &typed).await.status, 200);
    let failed = entities::import(
        &app,
        &analyst,
        source,
        "country,amount\nDE,10.50\nFR,confidential\nDE\n",
        &json!({}),
    )
    .await;
    assert_eq!((&failed.body["status"], &failed.body["error_count"]), (&json!("failed"), &json!(2)));
    let error = &failed.body["errors"][0];
    assert_eq!(
        (&error["row"], &error["column"], &error["value"]),
        (&json!(3), &json!("amount"), &json!("confidential"))
    );
    assert_eq!(failed.body["errors"][1]["row"], 4);
    let shown = analyst.get(&path).await;
    assert_eq!(shown.body["status"], "error");
    let reason = shown.text("status_reason");
    assert!(reason.starts_with("Import 1 failed. row 3, column \"amount\""), "{reason}");
    assert_eq!(analyst.get(DATA_SOURCES).await.body["results"][0]["status_reason"], reason);

    // Whoever uses it all the same has been told, and what is paused has no errors.
    for status in ["active", "paused"] {
        analyst.patch(&path, &json!({ "status": status })).await;
        let row = analyst.get(DATA_SOURCES).await.body["results"][0].clone();
        assert_eq!((&row["status"], &row["status_reason"]), (&json!(status), &json!(null)));
    }
}

#[tokio::test]
async fn a_read_only_key_reads_tables() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    let key = entities::api_key(&app.user(Role::Viewer).await, "read_only").await;
    assert_eq!(key.get(&action(DATA_SOURCES, source, "tables")).await.body["count"], 1);
    assert_eq!(key.get(&action(DATA_SOURCES, source, "preview")).await.body["row_count"], 3);
    let refused = key.post(&imports(source), &json!({ "size_bytes": 1 })).await;
    assert_eq!(refused.status, 403);
}
