//! The demo organization is the quick start's example, by way of the ledger.

use serde_json::json;
use shared::App;
use shared::service::app::Stores;
use shared::store::{Store, aws};
use tests::paths::{LOGIN, STATUS, USAGE};
use tests::{Instance, TestApp, Wire, table_names};

#[tokio::test]
async fn of_its_1500_credits_1347_are_left() {
    let app = TestApp::start().await;
    let (dynamodb, _) = aws::clients(&tests::settings(), Wire::default().http_client());
    local::tables::create(&dynamodb, &table_names()).await.unwrap();
    let stores = Stores { store: Store::new(dynamodb, table_names()), ..app.stores() };
    let demo = App::new(stores, app.clock.clock(), tests::config());
    // A second start finds what the first has made.
    for _ in 0..2 {
        local::demo::seed(&demo).await.unwrap();
    }
    let instance = Instance { router: groups::routes().into_router(demo), address: app.address };
    let credentials = json!({ "email": local::demo::EMAIL, "password": local::demo::PASSWORD });
    let token = instance.request("POST", LOGIN).json(&credentials).await.text("access");
    let status = instance.request("GET", STATUS).token(&token).await;
    let expected =
        json!({ "id": 1, "name": "Acme Corp", "plan": "professional", "ai_credits_remaining": 1347 });
    assert_eq!(status.body["organization"], expected);
    let usage = instance.request("GET", USAGE).token(&token).await;
    let expected =
        json!({ "limit": 1500, "used": 153, "remaining": 1347, "resets_at": "2027-02-01T00:00:00Z" });
    assert_eq!(usage.body["ai_credits"], expected);
    assert_eq!(usage.body["users"], json!({ "used": 5, "limit": 15 }));
}
