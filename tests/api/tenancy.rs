//! Another organization's id names nothing.

use serde_json::json;
use shared::access::Access;
use shared::model::Role;
use tests::TestApp;

#[tokio::test]
async fn every_endpoint_with_anothers_ids_is_a_404() {
    let theirs = TestApp::start().await;
    let their_owner = theirs.user(Role::Owner).await;
    let ours = theirs.another_organization().await;
    let our_owner = ours.user(Role::Owner).await;
    let our_key = tests::entities::api_key(&our_owner, "read_write").await.pair().1;
    let mut their_id = 0;
    for _ in 0..3 {
        their_id = tests::entities::api_key(&their_owner, "read_write").await.pair().0;
        assert_eq!(tests::entities::data_source(&their_owner).await, their_id);
        assert_eq!(tests::entities::dashboard(&their_owner, json!([])).await, their_id);
    }
    for route in groups::routes().iter().filter(|route| route.path.contains("{id}")) {
        assert!(matches!(route.access, Access::Requires(_)), "{}", route.path);
        let path = route.path.replace("{id}", &their_id.to_string());
        let method = route.method.as_str();
        let by_token = ours.request(method, &path).token(&our_owner.access).body("{}").send().await;
        assert_eq!((by_token.status, by_token.error().as_str()), (404, "not_found"), "{method} {path}");
        let by_key = ours.request(method, &path).api_key(&our_key).body("{}").send().await;
        assert!(matches!(by_key.status, 403 | 404), "{method} {path}: {by_key:?}");
        let object = path.replace("rotate/", "").replace("duplicate/", "");
        let own = theirs.get(&object).token(&their_owner.access).send().await;
        assert_eq!(own.status, 200, "{object} is still there for its owner");
    }
}

#[tokio::test]
async fn a_widget_over_anothers_data_source_is_refused() {
    let theirs = TestApp::start().await;
    let their_owner = theirs.user(Role::Owner).await;
    let source = tests::entities::data_source(&their_owner).await;
    let ours = theirs.another_organization().await;
    let our_owner = ours.user(Role::Owner).await;
    let body = json!({ "name": "x", "widgets": [tests::widget::pie(source)] });
    let reply = ours.post("/api/dashboards/").token(&our_owner.access).json(&body).send().await;
    assert_eq!(reply.reasons("widgets[0].data_source"), "No data source with ID 1 was found.");
}
