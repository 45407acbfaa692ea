//! Changing a dashboard, and who may.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, entities, widget};

use super::start;

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let (_, analyst, source) = start(Role::Analyst).await;
    let id = entities::dashboard(&analyst, json!([widget::pie(source)])).await;
    let changed =
        analyst.patch(&item(DASHBOARDS, id), &json!({ "status": "published", "description": "d" })).await;
    assert_eq!((&changed.body["status"], &changed.body["description"]), (&json!("published"), &json!("d")));
    assert_eq!(changed.body["widgets"].as_array().unwrap().len(), 1);
    let list = analyst.get(&format!("{DASHBOARDS}?status=published")).await;
    assert_eq!((&list.body["count"], &list.body["results"][0]["description"]), (&json!(1), &json!("d")));
    for (body, field) in [
        (json!({ "id": 5 }), "id"),
        (json!({ "created_by": null }), "created_by"),
        (json!({ "nmae": "x" }), "nmae"),
    ] {
        let reason = analyst.patch(&item(DASHBOARDS, id), &body).await.reasons(field);
        assert_eq!(reason, "Unknown; expected one of name, description, status, widgets.", "{body}");
    }
    assert_eq!(
        analyst.patch(&item(DASHBOARDS, id), &json!({ "widgets": null })).await.body["widgets"],
        json!([])
    );
    assert_eq!(
        analyst.patch(&item(DASHBOARDS, 99), &json!({})).await.text("detail"),
        "No dashboard with ID 99 was found."
    );
}

#[tokio::test]
async fn others_dashboards_are_for_administrators() {
    let (app, owner, _) = start(Role::Owner).await;
    let analyst = app.user(Role::Analyst).await;
    let colleague = app.user(Role::Analyst).await;
    let id = entities::dashboard(&analyst, json!([])).await;
    let path = item(DASHBOARDS, id);
    assert_eq!(colleague.get(&path).await.status, 200);
    for method in ["PATCH", "DELETE"] {
        let reply = colleague.request(method, &path).body("{}").await;
        assert_eq!((reply.status, reply.error().as_str()), (403, "permission_denied"));
        assert!(reply.text("detail").contains("dashboards:write_any"), "{reply:?}");
    }
    assert_eq!(owner.patch(&item(DASHBOARDS, id), &json!({ "name": "x" })).await.status, 200);
    assert_eq!(analyst.delete(&path).await.status, 204);
    assert_eq!(analyst.get(&path).await.status, 404);
}
