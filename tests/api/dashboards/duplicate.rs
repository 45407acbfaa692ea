//! Duplicating a dashboard.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, action, item};
use tests::{Actor, entities, widget};

use super::start;

#[tokio::test]
async fn a_duplicate_is_a_draft_of_ones_own() {
    let (app, analyst, source) = start(Role::Analyst).await;
    let colleague = app.user(Role::Analyst).await;
    let id = entities::dashboard(&analyst, json!([widget::pie(source)])).await;
    analyst.patch(&item(DASHBOARDS, id), &json!({ "status": "published", "description": "d" })).await;
    let duplicate = async |body: Option<Value>| {
        let path = action(DASHBOARDS, id, "duplicate");
        match body {
            Some(body) => colleague.post(&path, &body).await,
            None => colleague.request("POST", &path).await,
        }
    };
    let copy = duplicate(None).await;
    assert_eq!(copy.status, 201, "{copy:?}");
    assert_eq!(copy.header("location"), Some("https://api.example.com/api/dashboards/2/"));
    assert_eq!((&copy.body["name"], &copy.body["status"]), (&json!("a dashboard (copy)"), &json!("draft")));
    assert_eq!(
        (&copy.body["description"], &copy.body["created_by"]),
        (&json!("d"), &json!(colleague.user.id))
    );
    let original = analyst.get(&item(DASHBOARDS, id)).await;
    assert_eq!(copy.body["widgets"], original.body["widgets"]);
    assert_eq!(duplicate(Some(json!({ "name": "Mine" }))).await.body["name"], "Mine");
    assert_eq!(duplicate(Some(json!({ "nam": "Mine" }))).await.reasons("nam"), "Unknown; expected name.");

    analyst.patch(&item(DASHBOARDS, id), &json!({ "name": "x".repeat(100) })).await;
    let long = duplicate(None).await.text("name");
    assert!(long.len() == 100 && long.ends_with("x (copy)"), "{long}");
}
