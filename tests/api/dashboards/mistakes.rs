//! Mistakes in widgets and their queries, each pointed at.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::DASHBOARDS;
use tests::{Actor, TestUser, widget};

use super::start;

/// Puts `value` at `pointer` of a pie, the second widget of a dashboard: it is refused for this reason, or if that is empty for any.
async fn pointed_at(analyst: &TestUser, source: u64, pointer: &str, value: Value, field: &str, reason: &str) {
    let mut widget = widget::pie(source);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    widget.pointer_mut(parent).unwrap()[name] = value;
    let body = json!({ "name": "x", "widgets": [widget::pie(source), widget] });
    let reply = analyst.post(DASHBOARDS, &body).await;
    assert_eq!(reply.status, 400, "{pointer}: {reply:?}");
    let reasons = reply.reasons(&format!("widgets[1].{field}"));
    assert!(reasons == reason || reason.is_empty(), "{pointer}: {reasons}");
}

#[tokio::test]
async fn a_mistake_in_a_widget_is_pointed_at() {
    let (_, analyst, source) = start(Role::Analyst).await;
    for (pointer, value, field, reason) in [
        ("/title", json!(""), "title", "Must not be empty."),
        (
            "/type",
            json!("donut"),
            "type",
            "Unknown value \"donut\"; expected one of line, bar, area, pie, scatter, metric, table, funnel, gauge, heatmap, text.",
        ),
        (
            "/colour",
            json!("red"),
            "colour",
            "Unknown; expected one of id, title, type, data_source, query, position, options.",
        ),
        ("/id", json!(1), "id", "Must be that of a widget on the dashboard; new ones get theirs from us."),
        ("/data_source", json!(999), "data_source", "No data source with ID 999 was found."),
        ("/data_source", json!(null), "data_source", "This field is required for a widget of type pie."),
        ("/query", json!(null), "query", "This field is required for a widget of type pie."),
        ("/options", json!([]), "options", "Expected an object, got an array."),
        (
            "/options",
            json!({ "x": "y".repeat(9_000) }),
            "options",
            "Must not be larger than 8192 bytes as JSON.",
        ),
    ] {
        pointed_at(&analyst, source, pointer, value, field, reason).await;
    }
}

#[tokio::test]
async fn a_mistake_in_a_query_is_pointed_at() {
    let (_, analyst, source) = start(Role::Analyst).await;
    for (pointer, value, field, reason) in [
        (
            "/query/dimensions",
            json!([]),
            "query.dimensions",
            "A widget of type pie takes exactly 1 dimension (the dimension names the slices, the measure sizes them); it has 0.",
        ),
        (
            "/query/measures/0/field",
            json!(null),
            "query.measures[0].field",
            "This field is required: sum is of a field.",
        ),
        (
            "/query/measures/0/aggregation",
            json!("avg"),
            "query.measures[0].aggregation",
            "Unknown value \"avg\"; expected one of sum, average, count, min, max, median, distinct_count.",
        ),
        (
            "/query/measures/0/as",
            json!("region"),
            "query.measures[0].as",
            "Must differ from the other names in the result; \"region\" is there already.",
        ),
        (
            "/query/dimensions/0/grain",
            json!("minute"),
            "query.dimensions[0].grain",
            "Unknown value \"minute\"; expected one of hour, day, week, month, quarter, year.",
        ),
        ("/query/limit", json!(0), "query.limit", "Must be 1 to 10000."),
        ("/query/limit", json!(-1), "query.limit", "Expected an integer, got a negative integer."),
        (
            "/query/order_by",
            json!([{ "field": "amount" }]),
            "query.order_by[0].field",
            "Must be a dimension's or a measure's name; \"amount\" is neither.",
        ),
    ] {
        pointed_at(&analyst, source, pointer, value, field, reason).await;
    }
}

#[tokio::test]
async fn a_mistake_in_a_filter_is_pointed_at() {
    let (_, analyst, source) = start(Role::Analyst).await;
    for (pointer, value, field, reason) in [
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "like", "values": ["a"] }]),
            "query.filters[0].operator",
            "Unknown value \"like\"; expected one of eq, ne, gt, gte, lt, lte, in, not_in, contains, between, is_null, is_not_null.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "between", "values": [1] }]),
            "query.filters[0].values",
            "This operator takes exactly 2 values; it has 1.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "is_null", "values": [1] }]),
            "query.filters[0].values",
            "This operator takes no values; it has 1.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "in" }]),
            "query.filters[0].values",
            "This operator takes 1 to 100 values; it has 0.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "eq", "values": [null] }]),
            "query.filters[0].values[0]",
            "Must not be null; use is_null or is_not_null.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "eq", "values": [[]] }]),
            "query.filters[0].values[0]",
            "Must be a string, a number or a boolean.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "contains", "values": [1] }]),
            "query.filters[0].values[0]",
            "Must be a string.",
        ),
    ] {
        pointed_at(&analyst, source, pointer, value, field, reason).await;
    }
}

#[tokio::test]
async fn a_position_outside_of_the_grid_is_pointed_at() {
    let (_, analyst, source) = start(Role::Analyst).await;
    for (pointer, value, field, reason) in [
        ("/position", json!({ "x": 12, "y": 0, "width": 1, "height": 1 }), "position.x", "Must be 0 to 11."),
        (
            "/position",
            json!({ "x": 8, "y": 0, "width": 5, "height": 1 }),
            "position.width",
            "Must be at most 4 from column 8: the grid has 12.",
        ),
        (
            "/position",
            json!({ "x": 0, "y": 0, "width": 1, "height": 0 }),
            "position.height",
            "Must be 1 to 100.",
        ),
        ("/position", json!({ "x": 0, "y": 99_999_999_999_u64, "width": 1, "height": 1 }), "position.y", ""),
    ] {
        pointed_at(&analyst, source, pointer, value, field, reason).await;
    }
}

#[tokio::test]
async fn a_text_takes_a_text_and_no_data() {
    let (_, analyst, source) = start(Role::Analyst).await;
    let mut text = widget::text("x");
    (text["data_source"], text["options"]) = (json!(source), json!({}));
    let reply = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": [text] })).await;
    assert_eq!(reply.reasons("widgets[0].data_source"), "A widget of type text shows no data: leave it out.");
    assert_eq!(
        reply.reasons("widgets[0].options.text"),
        "A widget of type text shows this: it must be a string."
    );
}
