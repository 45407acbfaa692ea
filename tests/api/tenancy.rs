//! Another organization's id names nothing.

use serde_json::json;
use shared::access::Access;
use shared::model::Role;
use shared::service::Route;
use tests::paths::{DASHBOARDS, filled, item};
use tests::{Actor, TestApp, entities, widget};

/// Whether the path has variables, which name entities everywhere but in the paths of pages' files.
fn names_an_entity(route: &Route) -> bool {
    !route.variables().is_empty() && !route.variables().contains(&"file")
}

/// The path of the entity that a route is about, or about a part of.
fn entity(route: &Route, id: u64) -> String {
    let (collection, _) = route.path.split_once('{').expect("a path with a variable");
    item(collection, id)
}

#[tokio::test]
async fn every_endpoint_with_anothers_ids_is_a_404() {
    let theirs = TestApp::start().await;
    let their_owner = theirs.user(Role::Owner).await;
    let our_owner = theirs.another_organization().await.user(Role::Owner).await;
    let our_key = entities::api_key(&our_owner, "read_write").await;
    let mut their_id = 0;
    for _ in 0..3 {
        their_id = entities::api_key(&their_owner, "read_write").await.id;
        assert_eq!(entities::data_source(&their_owner).await, their_id);
        assert_eq!(entities::dashboard(&their_owner, json!([])).await, their_id);
        assert_eq!(entities::report(&their_owner, their_id).await, their_id);
    }
    // What Athena runs has IDs of another kind, and a test of its own (`athena/running.rs`).
    let runs = |path: &str| path.starts_with("/api/analytics/queries/");
    for route in groups::routes().iter().filter(|route| names_an_entity(route) && !runs(&route.path)) {
        assert!(matches!(route.access, Access::Requires(_)), "{}", route.path);
        let path = filled(route, their_id);
        let method = route.method.as_str();
        let body = if path.ends_with("/imports/") { r#"{"size_bytes": 1}"# } else { "{}" };
        let by_token = our_owner.request(method, &path).body(body).await;
        assert_eq!((by_token.status, by_token.error().as_str()), (404, "not_found"), "{method} {path}");
        let by_key = our_key.request(method, &path).body(body).await;
        assert!(matches!(by_key.status, 403 | 404), "{method} {path}: {by_key:?}");
        let object = entity(route, their_id);
        let own = their_owner.get(&object).await;
        assert_eq!(own.status, 200, "{object} is still there for its owner");
    }
}

#[tokio::test]
async fn a_widget_over_anothers_data_source_is_refused() {
    let theirs = TestApp::start().await;
    let their_owner = theirs.user(Role::Owner).await;
    let source = entities::data_source(&their_owner).await;
    let our_owner = theirs.another_organization().await.user(Role::Owner).await;
    let body = json!({ "name": "x", "widgets": [widget::pie(source)] });
    let reply = our_owner.post(DASHBOARDS, &body).await;
    assert_eq!(reply.reasons("widgets[0].data_source"), "No data source with ID 1 was found.");
}
