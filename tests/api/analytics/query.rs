//! Asking, and who may.

use serde_json::json;
use shared::model::Role;
use tests::paths::{ANALYTICS_EXPLAIN, DATA_SOURCES, item};
use tests::{Actor, TestApp, entities};

use super::{ask, revenue_by_country, start};

#[tokio::test]
async fn a_query_is_answered_with_exact_rows() {
    let (_app, analyst, source) = start().await;
    let query = json!({
        "dimensions": [{ "field": "ordered_at", "grain": "month", "as": "month" }],
        "measures": [
            { "field": "amount", "aggregation": "sum", "as": "revenue" },
            { "aggregation": "count", "as": "orders" },
            { "ratio": ["revenue", "orders"], "as": "average_order" },
        ],
        "time_range": { "field": "ordered_at", "from": "2026-01-01", "to": "2026-04-01" },
        "compare": { "offset": "1 year" },
        "fill": true,
        "totals": true,
    });
    let reply = ask(&analyst, source, &query).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let number = |name: &str| json!({ "name": name, "type": "number", "role": "measure", "grain": null });
    let integer = |name: &str| json!({ "name": name, "type": "integer", "role": "measure", "grain": null });
    let mut body = reply.body.clone();
    let version = body["data_version"].take();
    assert!(version.as_str().unwrap().starts_with("1-"), "{version}");
    assert_eq!(
        body,
        json!({
            "columns": [
                { "name": "month", "type": "date", "role": "dimension", "grain": "month" },
                number("revenue"), integer("orders"), number("average_order"),
                number("revenue_before"), integer("orders_before"), number("average_order_before"),
            ],
            "rows": [
                ["2026-01-01", 11, 1, 11, 30.5, 2, 15.25],
                ["2026-02-01", null, 1, null, 5.25, 1, 5.25],
                ["2026-03-01", null, 0, null, null, 0, null],
            ],
            "totals": [null, 11, 2, 5.5, 35.75, 3, 11.916_666_666_667],
            "other_row": null,
            "row_count": 3,
            "truncated": false,
            "resolved": { "time_range": { "from": "2026-01-01", "to": "2026-04-01" }, "timezone": "UTC" },
            "data_source": source,
            "table": "data",
            "data_version": null,
            "as_of": body["as_of"],
            "cached": false,
            "engine": "datafusion",
            "scanned_bytes": null,
            "estimated_cost_usd": null,
        })
    );
}

#[tokio::test]
async fn what_only_reads_is_for_read_only_keys_but_not_for_viewers() {
    let (app, analyst, source) = start().await;
    let key = entities::api_key(&analyst, "read_only").await;
    assert_eq!(ask(&key, source, &revenue_by_country()).await.status, 200);
    let viewer = app.user(Role::Viewer).await;
    assert_eq!(ask(&viewer, source, &revenue_by_country()).await.status, 403);
}

#[tokio::test]
async fn another_organization_s_data_is_not_there() {
    let (app, _analyst, source) = start().await;
    let other = TestApp::start().await;
    let stranger = other.user(Role::Owner).await;
    assert_eq!(ask(&stranger, source, &revenue_by_country()).await.status, 404);
    drop(app);
}

#[tokio::test]
async fn what_cannot_be_asked_now_is_a_conflict() {
    let (app, analyst, source) = start().await;
    let empty = entities::data_source(&analyst).await;
    let reply = ask(&analyst, empty, &revenue_by_country()).await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
    let paused = analyst.patch(&item(DATA_SOURCES, source), &json!({ "status": "paused" })).await;
    assert_eq!(paused.status, 200);
    let reply = ask(&analyst, source, &revenue_by_country()).await;
    assert_eq!(reply.status, 409);
    assert!(reply.text("detail").contains("paused"));
    drop(app);
}

#[tokio::test]
async fn an_explanation_says_what_would_be_read() {
    let (_app, analyst, source) = start().await;
    let body = json!({ "data_source": source, "query": revenue_by_country() });
    let reply = analyst.post(ANALYTICS_EXPLAIN, &body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["reads"], json!(["country", "amount"]));
    assert_eq!(reply.body["rows"], 5);
    assert!(reply.body["bytes"].as_u64().unwrap() > 0);
    assert!(reply.text("plan").contains("AggregateExec"));
}

#[tokio::test]
async fn an_explained_query_says_all_that_was_left_open_and_is_answered_the_same() {
    let (app, analyst, source) = start().await;
    let query = json!({
        "dimensions": [{ "field": "ordered_at", "grain": "month" }, { "field": "country", "as": "land" }],
        "measures": [{ "field": "amount", "aggregation": "sum" }, { "aggregation": "count" }],
        "time_range": { "field": "ordered_at", "range": "last_2_years" },
        "compare": { "offset": "1 year" },
        "top": { "dimension": "land", "by": "count", "count": 1, "other": true },
        "totals": true,
    });
    let answer = ask(&analyst, source, &query).await;
    let explained = analyst.post(ANALYTICS_EXPLAIN, &json!({ "data_source": source, "query": query })).await;
    assert_eq!(explained.status, 200, "{explained:?}");
    let explicit = &explained.body["query"];
    let by = |field: &str| json!({ "field": field, "direction": "asc", "nulls": "last" });
    assert_eq!(explicit["table"], "data");
    assert_eq!(explicit["measures"][0]["as"], "sum_amount");
    assert_eq!(
        explicit["time_range"],
        json!({ "field": "ordered_at", "from": "2025-01-01", "to": "2027-01-01" })
    );
    assert_eq!(explicit["order_by"], json!([by("ordered_at"), by("land")]));
    assert_eq!((&explicit["limit"], &explicit["timezone"]), (&json!(1_000), &json!("UTC")));
    for days in [0, 700] {
        app.clock.advance(std::time::Duration::from_hours(24 * days));
        let again = ask(&analyst.sign_in().await, source, explicit).await;
        assert_eq!(again.header("etag"), answer.header("etag"), "{again:?}");
        assert_eq!((&again.body["rows"], &again.body["cached"]), (&answer.body["rows"], &json!(true)));
    }
}
