//! Writes that fail, or whose answer is lost.

use std::collections::BTreeSet;

use serde_json::json;
use shared::model::Role;
use shared::model::dashboard::DashboardSummary;
use shared::store::collection;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, Fault, TestApp, Wire, entities, table_names, widget};

use super::{Model, agrees, status};

/// The entities and rows that the table holds, by id.
async fn kept(app: &TestApp, prefix: &str) -> BTreeSet<u64> {
    let scan = app.dynamodb.scan().table_name(table_names().entities).send().await.unwrap();
    let keys = scan.items.unwrap_or_default().into_iter().map(|item| item["sk"].as_s().unwrap().clone());
    keys.filter_map(|key| key.strip_prefix(prefix)?.parse().ok()).collect()
}

#[tokio::test]
async fn whatever_fails_every_entity_is_in_its_directory_and_nothing_else_is() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let source = entities::data_source(&owner).await;
    tokio::time::pause();

    let mut random = fastrand::Rng::with_seed(4);
    let mut acknowledged = BTreeSet::new();
    let mut faults = fastrand::Rng::with_seed(7);
    let mut injected = 0;
    for number in 0..300 {
        let mut again = faults.fork();
        wire.fail(move |call| {
            let fault = match again.u8(..10) {
                0 => Fault::Throttled,
                1 => Fault::ServerError,
                2 | 3 => Fault::LostAnswer,
                4 | 5 => Fault::TransactionConflict,
                _ => return None,
            };
            (call.operation == "TransactWriteItems").then_some(fault)
        });
        let widgets = if random.bool() { json!([widget::pie(source)]) } else { json!([]) };
        let one = acknowledged.iter().nth(random.usize(..acknowledged.len().max(1))).copied();
        let (request, id) = match (random.u8(..4), one) {
            (0 | 1, _) | (_, None) => {
                let body = json!({ "name": "x", "status": status(random.bool()), "widgets": widgets });
                (owner.post(DASHBOARDS, &body), None)
            }
            (2, Some(id)) => {
                let body = json!({ "status": status(random.bool()), "widgets": widgets });
                (owner.patch(&item(DASHBOARDS, id), &body), Some(id))
            }
            (_, Some(id)) => (owner.delete(&item(DASHBOARDS, id)), Some(id)),
        };
        let reply = request.await;
        match (reply.status, id) {
            (201, _) => {
                acknowledged.insert(reply.id());
            }
            (204, Some(id)) => {
                acknowledged.remove(&id);
            }
            (503, _) => injected += 1,
            (404, Some(id)) => {
                // An earlier delete that was answered with a 503 was done after all.
                acknowledged.remove(&id);
            }
            (200, Some(_)) => {}
            _ => panic!("{number}: {reply:?}"),
        }
    }
    wire.fail(|_| None);
    assert!(injected > 5, "the faults were felt: {injected}");

    let directory =
        collection::directory::<DashboardSummary>(&app.app.store, app.organization_id()).await.unwrap();
    let listed: BTreeSet<u64> = directory.select(&[], 0, 1_000).1.into_iter().collect();
    assert_eq!(kept(&app, "DASHBOARD#").await, listed);
    assert_eq!(kept(&app, "DASHBOARDSUMMARY#").await, listed);
    let lost: Vec<_> = acknowledged.difference(&listed).collect();
    for id in lost {
        // Gone without our knowledge only if a delete of it was answered with a 503.
        let reply = owner.get(&item(DASHBOARDS, id)).await;
        assert_eq!(reply.status, 404);
    }
    let mut model = Model::new();
    for id in &listed {
        let shown = owner.get(&item(DASHBOARDS, id)).await;
        let status = if shown.body["status"] == "draft" { "draft" } else { "published" };
        model.insert(*id, (shown.text("name"), status));
        let uses = !shown.body["widgets"].as_array().unwrap().is_empty();
        let users = directory.select(&[shared::store::dashboards::uses(source.into())], 0, 1_000).1;
        assert_eq!(users.contains(id), uses, "{id}");
    }
    agrees(&owner, &model, 50).await;
}
