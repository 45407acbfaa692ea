//! Next month's file: what it changes, and what it must not.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DATA_SOURCES, action, item};
use tests::{Actor, entities, widget};

use super::{ORDERS, start};

#[tokio::test]
async fn the_next_file_takes_the_place_of_the_last() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    let next = "country,amount,city\nDE,1.5,Berlin\n";
    let done = entities::imported(&app, &analyst, source, next).await;
    let expected = json!({
        "added": [{ "table": "data", "column": "city" }], "removed": [], "retyped": [], "breaks": [],
    });
    assert_eq!(done.body["changes"], expected);
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"], json!([["DE", 1.5, "Berlin"]]));
}

#[tokio::test]
async fn a_file_without_a_column_that_a_widget_uses_is_refused_and_names_the_widget() {
    let (app, analyst, source) = start().await;
    let mut pie = widget::pie(source);
    pie["query"] = json!({
        "dimensions": [{ "field": "country" }],
        "measures": [{ "field": "amount", "aggregation": "sum" }],
    });
    let dashboard = entities::dashboard(&analyst, json!([pie, pie])).await;
    let mut other = pie.clone();
    other["query"] =
        json!({ "dimensions": [{ "field": "never there" }], "measures": [{ "aggregation": "count" }] });
    entities::dashboard(&analyst, json!([other])).await;
    entities::imported(&app, &analyst, source, ORDERS).await;

    let without = "land,amount\nDE,x\n";
    let refused = entities::import(&app, &analyst, source, without, &json!({})).await;
    assert_eq!(refused.body["status"], "failed", "{refused:?}");
    let breaks: Vec<_> = [1, 2]
        .into_iter()
        .flat_map(|widget| {
            ["amount", "country"]
                .map(|field| json!({ "dashboard": dashboard, "widget": widget, "field": field }))
        })
        .collect();
    assert_eq!(refused.body["changes"]["breaks"], json!(breaks));
    assert_eq!(refused.body["changes"]["retyped"], json!([{ "table": "data", "column": "amount" }]));
    assert_eq!(refused.body["error_count"], 4);
    assert!(refused.body["errors"][0]["reason"].as_str().unwrap().contains("Widget 1 of dashboard 1"));

    // Nothing has changed but the status.
    let preview = analyst.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"][0], json!(["DE", 10.5]));
    assert_eq!(analyst.get(&item(DATA_SOURCES, source)).await.body["status"], "error");

    let allowed = entities::import(&app, &analyst, source, without, &json!({ "allow_breaking": true })).await;
    assert_eq!(allowed.body["status"], "done");
    assert_eq!(allowed.body["changes"]["breaks"], json!(breaks));
    let healed = analyst.get(&item(DATA_SOURCES, source)).await;
    assert_eq!((&healed.body["status"], &healed.body["status_reason"]), (&json!("active"), &json!(null)));
}

#[tokio::test]
async fn all_broken_widgets_are_counted_and_the_first_hundred_named() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    let mut pie = widget::pie(source);
    pie["query"] = json!({
        "dimensions": [{ "field": "country" }],
        "measures": [{ "field": "amount", "aggregation": "sum" }],
    });
    for _ in 0..3 {
        entities::dashboard(&analyst, json!(vec![pie.clone(); 20])).await;
    }
    let refused = entities::import(&app, &analyst, source, "other\n1\n", &json!({})).await;
    assert_eq!(refused.body["error_count"], 120);
    let named = |list: &serde_json::Value| list.as_array().map(Vec::len);
    assert_eq!(named(&refused.body["errors"]), Some(100));
    assert_eq!(named(&refused.body["changes"]["breaks"]), Some(100));
}

#[tokio::test]
async fn what_no_widget_uses_may_go() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    let mut pie = widget::pie(source);
    pie["query"] =
        json!({ "dimensions": [{ "field": "country" }], "measures": [{ "aggregation": "count" }] });
    entities::dashboard(&analyst, json!([pie])).await;
    let done = entities::imported(&app, &analyst, source, "country\nDE\n").await;
    assert_eq!(done.body["changes"]["removed"], json!([{ "table": "data", "column": "amount" }]));
}

#[tokio::test]
async fn a_paused_source_stays_paused() {
    let (app, analyst, source) = start().await;
    let path = item(DATA_SOURCES, source);
    analyst.patch(&path, &json!({ "status": "paused" })).await;
    entities::import(&app, &analyst, source, "a,b\n1\n", &json!({})).await;
    assert_eq!(analyst.get(&path).await.body["status"], "paused");
    entities::imported(&app, &analyst, source, ORDERS).await;
    assert_eq!(analyst.get(&path).await.body["status"], "paused");
    let owner = app.user(Role::Owner).await;
    let active = owner.patch(&path, &json!({ "status": "active" })).await;
    assert_eq!(active.body["status"], "active");
}
