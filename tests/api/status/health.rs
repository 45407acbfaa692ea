//! `GET /api/health/`

use shared::model::Role;
use shared::service::app::Stores;
use shared::store::aws;
use shared::store::{Secrets, Store, Tables};
use tests::paths::{HEALTH, STATUS};
use tests::{Actor, TestApp};

#[tokio::test]
async fn it_tells_the_version_to_anybody() {
    let app = TestApp::start().await;
    let reply = app.get(HEALTH).await;
    assert_eq!(reply.status, 200);
    let expected = serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "store": "ok" });
    assert_eq!(reply.body, expected);
}

#[tokio::test]
async fn a_store_that_does_not_answer_makes_it_unavailable() {
    let app = TestApp::start().await;
    let reply = app.instance_over(unreachable(&app)).request("GET", HEALTH).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "service_unavailable"));
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert!(reply.text("detail").contains("its store does not answer"));
}

#[tokio::test]
async fn without_stores_nobody_is_admitted_and_nothing_hangs() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let reply = owner.at(&app.instance_over(unreachable(&app))).get(STATUS).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "service_unavailable"));
    assert!(!reply.body.to_string().contains("127.0.0.1"), "{reply:?}");
}

/// Stores at a port that refuses connections.
fn unreachable(app: &TestApp) -> Stores {
    let mut settings = tests::settings();
    settings.dynamodb_endpoint = Some("http://127.0.0.1:1".into());
    settings.secrets_manager_endpoint = Some("http://127.0.0.1:1".into());
    let (dynamodb, secrets_manager) = aws::clients(&settings, aws::http_client().unwrap());
    let tables = Tables { entities: "entities".into(), counters: "counters".into() };
    let secrets = Secrets::new(secrets_manager, "secret".into(), app.clock.clock());
    Stores { store: Store::new(dynamodb, tables), secrets, ..app.stores() }
}
