//! The table of a moment ago, restored under another name (docs/deploying.md, "Restoring").

use serde_json::json;
use shared::App;
use shared::base::Clock;
use shared::model::Role;
use shared::service::app::Stores;
use shared::store::{Secrets, Store, Tables};
use tests::entities::{api_key, dashboard, data_source};
use tests::paths::{DASHBOARDS, DATA_SOURCES, STATUS, item};
use tests::{Actor, Instance, TestApp, table_names};
use uuid::Uuid;

/// What point-in-time recovery does: a new table with the items of the moment.
async fn restore(app: &TestApp, clock: Clock) -> Instance {
    let tables = Tables { entities: format!("restored-{}", Uuid::new_v4()), ..table_names() };
    local::tables::create(&app.dynamodb, &tables).await.unwrap();
    let mut from = None;
    loop {
        let scan = app.dynamodb.scan().table_name(table_names().entities).set_exclusive_start_key(from);
        let page = scan.send().await.unwrap();
        for item in page.items() {
            let put = app.dynamodb.put_item().table_name(&tables.entities).set_item(Some(item.clone()));
            put.send().await.unwrap();
        }
        from = page.last_evaluated_key;
        if from.is_none() {
            break;
        }
    }
    let secrets = Secrets::new(app.secrets_manager.clone(), app.secret_id.clone(), clock.clone());
    let stores = Stores { store: Store::new(app.dynamodb.clone(), tables), secrets, ..app.stores() };
    let router = groups::routes().into_router(App::new(stores, clock, tests::config()));
    Instance { router, address: app.address }
}

#[tokio::test]
async fn a_restored_table_has_everything_of_its_moment_and_goes_on_from_there() {
    let wire = tests::Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = api_key(&owner, "read_only").await;
    let source = data_source(&owner).await;
    let kept = dashboard(&owner, json!([tests::widget::pie(source)])).await;

    let restored = restore(&app, app.clock.clock()).await;
    let lost = dashboard(&owner, json!([])).await;

    let owner_there = owner.at(&restored);
    assert_eq!(owner_there.get(STATUS).await.status, 200, "tokens stay good");
    assert_eq!(key.at(&restored).get(STATUS).await.status, 200, "and keys");
    let listed = owner_there.get(DASHBOARDS).await;
    assert_eq!((&listed.body["count"], &listed.body["results"][0]["id"]), (&json!(1), &json!(kept)));
    assert_eq!(owner_there.get(&item(DASHBOARDS, lost)).await.status, 404);
    assert_eq!(owner_there.delete(&item(DATA_SOURCES, source)).await.status, 409, "what uses what is known");
    let made = owner_there.post(DASHBOARDS, &json!({ "name": "after" })).await;
    assert_eq!(made.id(), lost, "IDs count on from the moment: those given after it are given again");
}
