//! Dashboards with their data.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, action};
use tests::{Actor, ServiceFault, TestUser, entities, widget};

use super::start;

fn over(source: u64, query: &Value) -> Value {
    json!({
        "title": "A table", "type": "table", "data_source": source, "query": query,
        "position": { "x": 0, "y": 0, "width": 6, "height": 4 },
    })
}

fn orders_by_country() -> Value {
    json!({ "dimensions": [{ "field": "country" }], "measures": [{ "aggregation": "count" }] })
}

/// A dashboard with a good widget, a text, and a widget over a data source without data.
async fn dashboard(analyst: &TestUser, source: u64) -> u64 {
    let empty = entities::data_source(analyst).await;
    let widgets =
        json!(
            [over(source, &orders_by_country()), widget::text("Hello"), over(empty, &orders_by_country()),]
        );
    entities::dashboard(analyst, widgets).await
}

#[tokio::test]
async fn one_bad_widget_spoils_no_other_and_a_viewer_may_look() {
    let (app, analyst, source) = start().await;
    let id = dashboard(&analyst, source).await;
    let viewer = app.user(Role::Viewer).await;
    let data = viewer.get(&action(DASHBOARDS, id, "data")).await;
    assert_eq!(data.status, 200, "{data:?}");
    let widgets = data.body["widgets"].as_array().unwrap();
    assert_eq!((data.body["id"].as_u64(), widgets.len()), (Some(id), 2));
    assert_eq!(
        (&widgets[0]["id"], &widgets[0]["result"]["rows"]),
        (&json!(1), &json!([["DE", 3], ["FR", 2]]))
    );
    assert_eq!((&widgets[1]["id"], &widgets[1]["error"]["error"]), (&json!(3), &json!("conflict")));
    assert!(widgets[1].get("result").is_none());

    let tag = data.header("etag").unwrap().to_owned();
    let known = viewer.get(&action(DASHBOARDS, id, "data")).header("if-none-match", &tag).await;
    assert_eq!(known.status, 304);
}

#[tokio::test]
async fn what_could_not_be_read_is_read_when_it_is_asked_again() {
    let (app, analyst, source) = start().await;
    let id = entities::dashboard(&analyst, json!([over(source, &orders_by_country())])).await;
    let path = action(DASHBOARDS, id, "data");
    // One that has read nothing.
    let instance = app.another_instance();
    let analyst = analyst.at(&instance.instance());
    app.bucket
        .fail(|call| call.uri.contains("parquet").then_some(ServiceFault::Refused(403, "AccessDenied")));
    let failed = analyst.get(&path).await;
    assert_eq!(failed.body["widgets"][0]["error"]["error"], "service_unavailable", "{failed:?}");
    app.bucket.fail(|_| None);
    let tag = failed.header("etag").unwrap().to_owned();
    let data = analyst.get(&path).header("if-none-match", &tag).await;
    assert_eq!(data.status, 200, "{data:?}");
    assert_eq!(data.body["widgets"][0]["result"]["rows"], json!([["DE", 3], ["FR", 2]]));
}

#[tokio::test]
async fn a_viewer_s_filters_go_to_the_widgets_that_have_the_field() {
    let (app, analyst, source) = start().await;
    let other = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, other, "town\nBerlin\nParis\n").await;
    let count = json!({ "measures": [{ "aggregation": "count" }] });
    let id = entities::dashboard(&analyst, json!([over(source, &count), over(other, &count)])).await;
    let filters = json!({
        "filters": [{ "field": "country", "operator": "eq", "values": ["DE"] }],
        "time_range": { "field": "ordered_at", "from": "2025-02-01", "to": "2026-12-31" },
        "timezone": "Europe/Berlin",
    });
    let data = analyst.post(&action(DASHBOARDS, id, "data"), &filters).await;
    assert_eq!(data.status, 200, "{data:?}");
    assert_eq!(data.body["widgets"][0]["result"]["rows"], json!([[2]]));
    assert_eq!(data.body["widgets"][1]["result"]["rows"], json!([[2]]), "towns have no country");
    assert_eq!(data.body["widgets"][0]["result"]["resolved"]["timezone"], "Europe/Berlin");

    let wrong = json!({ "filters": [{ "field": "country" }] });
    let refused = analyst.post(&action(DASHBOARDS, id, "data"), &wrong).await;
    assert_eq!((refused.status, refused.error().as_str()), (400, "validation_error"));
    assert!(refused.body["fields"].get("filters[0]").is_some(), "{refused:?}");
}

#[tokio::test]
async fn one_widget_s_data_is_a_result() {
    let (_app, analyst, source) = start().await;
    let id = dashboard(&analyst, source).await;
    let path = |widget: u64| format!("{}{widget}/data/", action(DASHBOARDS, id, "widgets"));
    let reply = analyst.get(&path(1)).await;
    assert_eq!((reply.status, &reply.body["rows"]), (200, &json!([["DE", 3], ["FR", 2]])));
    let csv = analyst.get(&path(1)).header("accept", "text/csv").await;
    assert_eq!(csv.body, "country,count\r\nDE,3\r\nFR,2\r\n");
    assert_eq!(analyst.get(&path(2)).await.status, 409, "a text shows no data");
    assert_eq!(analyst.get(&path(99)).await.status, 404);
}

#[tokio::test]
async fn a_refresh_forgets_what_is_kept() {
    let (_app, analyst, source) = start().await;
    let id = dashboard(&analyst, source).await;
    let cached = async || {
        analyst.get(&action(DASHBOARDS, id, "data")).await.body["widgets"][0]["result"]["cached"].clone()
    };
    assert_eq!(cached().await, false);
    assert_eq!(cached().await, true);
    assert_eq!(analyst.request("POST", &action(DASHBOARDS, id, "refresh")).await.status, 204);
    assert_eq!(cached().await, false);
}
