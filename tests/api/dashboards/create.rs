//! Creating a dashboard: it comes back as it was sent.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, entities, widget};

use super::start;

#[tokio::test]
async fn a_new_dashboard_is_shown_whole() {
    let (_, analyst, source) = start(Role::Analyst).await;
    let body = json!({ "name": "Sales", "widgets": [widget::pie(source), widget::text("Hello")] });
    let created = analyst.post(DASHBOARDS, &body).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/dashboards/1/"));
    let mut pie = widget::pie(source);
    pie["id"] = json!(1);
    pie["options"] = json!({});
    pie["query"]["filters"] = json!([]);
    pie["query"]["order_by"] = json!([]);
    let mut text = widget::text("Hello");
    text["id"] = json!(2);
    (text["data_source"], text["query"]) = (json!(null), json!(null));
    let expected = json!({
        "id": 1,
        "name": "Sales",
        "description": "",
        "status": "draft",
        "widgets": [pie, text],
        "created_by": analyst.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(created.body, expected);
    let shown = analyst.get(&item(DASHBOARDS, 1)).await;
    assert_eq!((shown.status, shown.body), (200, expected));

    let list = analyst.get(DASHBOARDS).await;
    let expected = json!([{
        "id": 1,
        "name": "Sales",
        "description": "",
        "status": "draft",
        "widget_count": 2,
        "created_by": analyst.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    }]);
    assert_eq!(list.body["results"], expected);
}

#[tokio::test]
async fn values_come_back_as_they_were_sent() {
    let (_, analyst, source) = start(Role::Analyst).await;
    let mut pie = widget::pie(source);
    pie["query"]["filters"] =
        json!([{ "field": "x", "operator": "in", "values": [1, -1.5, 1e300, "", "ä\u{0}", true] }]);
    pie["options"] = json!({ "huge": 1e300, "empty": "", "nested": { "list": [null, [], {}] } });
    let created = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": [pie] })).await;
    assert_eq!(created.status, 201, "{created:?}");
    let shown = analyst.get(&item(DASHBOARDS, 1)).await;
    assert_eq!(shown.body["widgets"][0]["options"], pie["options"]);
    assert_eq!(shown.body["widgets"][0]["query"]["filters"], pie["query"]["filters"]);
}

#[tokio::test]
async fn limits_are_told() {
    let (_, analyst, source) = start(Role::Analyst).await;
    let many = vec![widget::pie(source); 51];
    let reply = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": many })).await;
    assert_eq!(reply.reasons("widgets"), "Must not have more than 50 items; it has 51.");
    let large: Vec<_> = (0..50)
        .map(|_| {
            let mut widget = widget::pie(source);
            widget["options"] = json!({ "x": "y".repeat(8_000) });
            widget
        })
        .collect();
    let reply = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": large })).await;
    assert!(
        reply.reasons("widgets").starts_with("Must not be larger than 300000 bytes as JSON"),
        "{reply:?}"
    );
    let most: Vec<_> = large[..35].to_vec();
    let reply = analyst
        .post(DASHBOARDS, &json!({ "name": "x", "description": "ä".repeat(2_000), "widgets": most }))
        .await;
    assert_eq!(reply.status, 201, "what is within the limits fits the item");
    let reply = analyst.post(DASHBOARDS, &json!({ "name": "x".repeat(101) })).await;
    assert_eq!(reply.reasons("name"), "Must not be longer than 100 characters.");
}

#[tokio::test]
async fn fifty_data_sources_fit_one_dashboard() {
    let (_, analyst, _) = start(Role::Analyst).await;
    let mut widgets = Vec::new();
    for _ in 0..50 {
        widgets.push(widget::pie(entities::data_source(&analyst).await));
    }
    entities::dashboard(&analyst, json!(widgets)).await;
}
