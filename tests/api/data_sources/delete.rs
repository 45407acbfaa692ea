//! Deleting a data source, in use or not.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, DATA_SOURCES, item};
use tests::{Actor, TestUser, entities, widget};

use super::start;

#[tokio::test]
async fn a_source_in_use_stays_unless_an_administrator_insists() {
    let (app, owner) = start(Role::Owner).await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&owner).await;
    let dashboard = entities::dashboard(&analyst, json!([widget::pie(source), widget::pie(source)])).await;
    let delete =
        async |user: &TestUser, query: &str| user.delete(&format!("{DATA_SOURCES}{source}/{query}")).await;
    let refused = delete(&owner, "").await;
    assert_eq!((refused.status, refused.error().as_str()), (409, "conflict"));
    assert!(refused.text("detail").contains("1 dashboard: 1 (\"a dashboard\")"), "{refused:?}");
    let not_allowed = delete(&analyst, "?force=true").await;
    assert_eq!(not_allowed.status, 403);
    assert_eq!(delete(&owner, "?force=yes").await.reasons("force"), "Must be true or false.");
    assert_eq!(delete(&owner, "?force=true").await.status, 204);
    assert_eq!(delete(&owner, "").await.status, 404);

    let path = item(DASHBOARDS, dashboard);
    let rename = analyst.patch(&path, &json!({ "name": "still editable" })).await;
    assert_eq!(rename.status, 200);
    let add = json!({ "widgets": [widget::pie(source + 1)] });
    let add = analyst.patch(&path, &add).await;
    assert_eq!(add.reasons("widgets[0].data_source"), "No data source with ID 2 was found.");
}

#[tokio::test]
async fn a_source_is_free_once_no_widget_uses_it() {
    let (_, owner) = start(Role::Owner).await;
    let source = entities::data_source(&owner).await;
    let dashboard = entities::dashboard(&owner, json!([widget::pie(source)])).await;
    let path = item(DASHBOARDS, dashboard);
    owner.patch(&path, &json!({ "widgets": [] })).await;
    assert_eq!(owner.delete(&item(DATA_SOURCES, source)).await.status, 204);
}
