//! Queries that do not fit the data: the mistake is named by its field, with the column's type.

use serde_json::{Value, json};
use tests::Actor;
use tests::paths::ANALYTICS_QUERY;

use super::{ask, start};

#[tokio::test]
async fn a_mistake_names_its_field_and_the_column_s_type() {
    let (_app, analyst, source) = start().await;
    let count = json!([{ "aggregation": "count" }]);
    let cases: &[(Value, &str, &str)] = &[
        (json!({ "dimensions": [{ "field": "town" }] }), "query.dimensions[0].field", "no column \"town\""),
        (
            json!({ "dimensions": [{ "field": "country", "grain": "day" }] }),
            "query.dimensions[0].grain",
            "type text",
        ),
        (
            json!({ "dimensions": [{ "field": "ordered_at", "grain": "hour" }] }),
            "query.dimensions[0].grain",
            "type date",
        ),
        (
            json!({ "measures": [{ "field": "country", "aggregation": "sum" }] }),
            "query.measures[0].aggregation",
            "type text",
        ),
        (json!({ "measures": [{ "aggregation": "sum" }] }), "query.measures[0].field", "required"),
        (json!({ "table": "orders", "measures": count }), "query.table", "\"data\""),
        (
            json!({ "measures": count, "filters": [{ "field": "amount", "operator": "eq", "values": ["ten"] }] }),
            "query.filters[0].values[0]",
            "type number",
        ),
        (
            json!({ "measures": count, "filters": [{ "or": [{ "field": "amount", "operator": "contains", "values": ["1"] }] }] }),
            "query.filters[0].or[0].operator",
            "type number",
        ),
        (
            json!({ "measures": count, "time_range": { "field": "country", "range": "today" } }),
            "query.time_range.field",
            "type text",
        ),
        (
            json!({ "measures": count, "time_range": { "field": "ordered_at", "range": "last_5_minutes" } }),
            "query.time_range.range",
            "last_12_months",
        ),
        (json!({ "measures": count, "timezone": "Europe/Berlyn" }), "query.timezone", "Europe/Berlin"),
        (json!({ "measures": count, "fill": true }), "query.fill", "grain"),
        (json!({ "measures": count, "compare": { "offset": "1 year" } }), "query.compare", "time_range"),
        (
            json!({ "measures": count, "having": [{ "field": "x", "operator": "gt", "values": [1] }] }),
            "query.having[0].field",
            "measure",
        ),
        (json!({ "measures": count, "limit": 10_001 }), "query.limit", "10000"),
        (json!({}), "query", "dimension or a measure"),
    ];
    for (query, field, reason) in cases {
        let reply = ask(&analyst, source, query).await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "validation_error"), "{query}: {reply:?}");
        let reasons = reply.body["fields"][field].to_string();
        let reasons: String = serde_json::from_str::<Vec<String>>(&reasons).unwrap_or_default().join(" ");
        assert!(reasons.contains(reason), "{query}: {reply:?}");
    }
}

#[tokio::test]
async fn filling_too_much_is_a_mistake() {
    let (_app, analyst, source) = start().await;
    let query = json!({
        "dimensions": [{ "field": "ordered_at", "grain": "day" }],
        "time_range": { "field": "ordered_at", "from": "0001-01-01", "to": "9999-01-01" },
        "fill": true,
    });
    let reply = ask(&analyst, source, &query).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert!(reply.body["fields"]["query.fill"][0].as_str().unwrap().contains("100000"));
}

#[tokio::test]
async fn unknown_fields_are_named() {
    let (_app, analyst, source) = start().await;
    let reply =
        analyst.post(ANALYTICS_QUERY, &json!({ "data_source": source, "query": { "measure": [] } })).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body["fields"].get("query.measure").is_some(), "{reply:?}");
}
