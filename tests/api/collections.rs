//! Many writers, and stores that fail: what is counted is there, and what is there is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use shared::model::Role;
use shared::model::dashboard::DashboardSummary;
use shared::store::collection;
use tests::{Fault, TestApp, TestUser, Wire, table_names};
use tokio::task::JoinSet;

const DASHBOARDS: &str = "/api/dashboards/";

#[tokio::test(flavor = "multi_thread")]
async fn fifty_creates_at_once_all_succeed_with_ids_of_their_own() {
    let app = TestApp::start_on(&Wire::default()).await;
    let user = app.user(Role::Owner).await;
    let mut ids = BTreeSet::new();
    // On a busy machine one may not get its turn within the deadline. It is told, nothing was made, and it asks again.
    while ids.len() < 50 {
        let mut creates = JoinSet::new();
        for _ in ids.len()..50 {
            creates.spawn(app.post(DASHBOARDS).token(&user.access).json(&json!({ "name": "x" })).send());
        }
        for reply in creates.join_all().await {
            match reply.status {
                503 => assert_eq!(reply.header("retry-after"), Some("1")),
                status => {
                    assert_eq!(status, 201, "{reply:?}");
                    assert!(ids.insert(reply.body["id"].as_u64().unwrap()), "{reply:?}");
                }
            }
        }
    }
    assert_eq!(ids, (1..=50).collect());
    assert_eq!(app.get(DASHBOARDS).token(&user.access).send().await.body["count"], 50);
}

/// Something a writer does; deletes and changes are of one of those that it made.
#[derive(Clone, Copy, Debug)]
enum Step {
    Create { published: bool },
    Publish { which: usize, published: bool },
    Rename { which: usize },
    Delete { which: usize },
    List { page_size: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|published| Step::Create { published }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(which, published)| Step::Publish { which, published }),
        1 => any::<usize>().prop_map(|which| Step::Rename { which }),
        2 => any::<usize>().prop_map(|which| Step::Delete { which }),
        1 => (1..6_usize).prop_map(|page_size| Step::List { page_size }),
    ]
}

/// Name and status by id.
type Model = BTreeMap<u64, (String, &'static str)>;

fn status(published: bool) -> &'static str {
    if published { "published" } else { "draft" }
}

async fn write(
    app: Arc<TestApp>,
    user: TestUser,
    steps: Vec<Step>,
    used: Arc<Mutex<BTreeSet<u64>>>,
) -> Model {
    let mut own = Model::new();
    for (number, step) in steps.into_iter().enumerate() {
        let pick = |which: usize| own.keys().nth(which % own.len().max(1)).copied();
        let patch = async |id: u64, body: Value| {
            let request = app.request("PATCH", &format!("{DASHBOARDS}{id}/")).token(&user.access);
            assert_eq!(request.json(&body).send().await.status, 200);
        };
        match step {
            Step::Create { published } => {
                let name = format!("{}-{number}", user.user.id);
                let body = json!({ "name": name, "status": status(published) });
                let reply = app.post(DASHBOARDS).token(&user.access).json(&body).send().await;
                assert_eq!(reply.status, 201, "{reply:?}");
                let id = reply.body["id"].as_u64().unwrap();
                assert!(used.lock().unwrap().insert(id), "{id} was used before");
                own.insert(id, (name, status(published)));
            }
            Step::Publish { which, published } => {
                if let Some(id) = pick(which) {
                    patch(id, json!({ "status": status(published) })).await;
                    own.entry(id).and_modify(|entry| entry.1 = status(published));
                }
            }
            Step::Rename { which } => {
                if let Some(id) = pick(which) {
                    let name = format!("renamed in {number}");
                    patch(id, json!({ "name": name })).await;
                    own.entry(id).and_modify(|entry| entry.0 = name);
                }
            }
            Step::Delete { which } => {
                if let Some(id) = pick(which) {
                    let request = app.request("DELETE", &format!("{DASHBOARDS}{id}/")).token(&user.access);
                    assert_eq!(request.send().await.status, 204);
                    own.remove(&id);
                }
            }
            Step::List { page_size } => {
                let path = format!("{DASHBOARDS}?page_size={page_size}");
                let page = app.get(&path).token(&user.access).send().await.body;
                assert!(page["count"].as_u64().unwrap() >= own.len() as u64, "one's own are there");
                let ids = ids(&page);
                assert!(ids.len() <= page_size && ids.is_sorted(), "{ids:?}");
            }
        }
    }
    own
}

fn ids(page: &Value) -> Vec<u64> {
    page["results"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

async fn agrees(app: &TestApp, user: &TestUser, model: &Model, page_size: usize) {
    for filter in [None, Some("draft"), Some("published")] {
        let expected: Vec<_> =
            model.iter().filter(|(_, (_, status))| filter.is_none_or(|filter| filter == *status)).collect();
        let query = filter.map(|filter| format!("&status={filter}")).unwrap_or_default();
        let mut seen = Vec::new();
        for page in 1..=expected.len().div_ceil(page_size).max(1) {
            let path = format!("{DASHBOARDS}?page={page}&page_size={page_size}{query}");
            let body = app.get(&path).token(&user.access).send().await.body;
            assert_eq!(body["count"], expected.len(), "{path}");
            for row in body["results"].as_array().unwrap() {
                seen.push((row["id"].as_u64().unwrap(), row["name"].clone(), row["status"].clone()));
            }
        }
        let expected: Vec<_> =
            expected.iter().map(|(id, (name, status))| (**id, json!(name), json!(status))).collect();
        assert_eq!(seen, expected, "{filter:?}");
    }
}

#[test]
fn eight_writers_and_a_plain_model_agree() {
    const WRITERS: usize = 8;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let writers = prop::collection::vec(prop::collection::vec(step(), 1..10), WRITERS);
    let property = |(writers, page_size): (Vec<Vec<Step>>, usize)| {
        runtime.block_on(async {
            let app = Arc::new(TestApp::start_on(&Wire::default()).await);
            let used = Arc::default();
            let mut running = JoinSet::new();
            for steps in writers {
                let user = app.user(Role::Analyst).await;
                running.spawn(write(app.clone(), user, steps, Arc::clone(&used)));
            }
            let model: Model = running.join_all().await.into_iter().flatten().collect();
            let reader = app.user(Role::Viewer).await;
            agrees(&app, &reader, &model, page_size).await;
        });
        Ok(())
    };
    runner.run(&(writers, 1..8_usize), property).unwrap();
}

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
    let user = app.user(Role::Owner).await;
    let source = tests::entities::data_source(&user).await;
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
        let widgets = if random.bool() { json!([tests::widget::pie(source)]) } else { json!([]) };
        let one = acknowledged.iter().nth(random.usize(..acknowledged.len().max(1))).copied();
        let (request, id) = match (random.u8(..4), one) {
            (0 | 1, _) | (_, None) => {
                let body = json!({ "name": "x", "status": status(random.bool()), "widgets": widgets });
                (app.post(DASHBOARDS).json(&body), None)
            }
            (2, Some(id)) => {
                let body = json!({ "status": status(random.bool()), "widgets": widgets });
                (app.request("PATCH", &format!("{DASHBOARDS}{id}/")).json(&body), Some(id))
            }
            (_, Some(id)) => (app.request("DELETE", &format!("{DASHBOARDS}{id}/")), Some(id)),
        };
        let reply = request.token(&user.access).send().await;
        match (reply.status, id) {
            (201, _) => {
                acknowledged.insert(reply.body["id"].as_u64().unwrap());
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
        let reply = app.get(&format!("{DASHBOARDS}{id}/")).token(&user.access).send().await;
        assert_eq!(reply.status, 404);
    }
    let mut model = Model::new();
    for id in &listed {
        let shown = app.get(&format!("{DASHBOARDS}{id}/")).token(&user.access).send().await;
        let status = if shown.body["status"] == "draft" { "draft" } else { "published" };
        model.insert(*id, (shown.text("name"), status));
        let uses = !shown.body["widgets"].as_array().unwrap().is_empty();
        let users = directory.select(&[shared::store::dashboards::uses(source.into())], 0, 1_000).1;
        assert_eq!(users.contains(id), uses, "{id}");
    }
    agrees(&app, &user, &model, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_cannot_be_deleted_from_under_a_widget() {
    let app = TestApp::start_on(&Wire::default()).await;
    let user = app.user(Role::Owner).await;
    for _ in 0..20 {
        let source = tests::entities::data_source(&user).await;
        let body = json!({ "name": "x", "widgets": [tests::widget::pie(source)] });
        let create = tokio::spawn(app.post(DASHBOARDS).token(&user.access).json(&body).send());
        let delete = app.request("DELETE", &format!("/api/data-sources/{source}/")).token(&user.access);
        let delete = tokio::spawn(delete.send());
        let (create, delete) = (create.await.unwrap(), delete.await.unwrap());
        match (create.status, delete.status) {
            (201, 409) | (400, 204) => {}
            statuses => panic!("{statuses:?}: {create:?} {delete:?}"),
        }
    }
}

#[tokio::test]
async fn a_full_collection_says_so() {
    let app = TestApp::start().await;
    let user = app.user(Role::Owner).await;
    fill_keys(&app, 1_000).await;
    let reply =
        app.post("/api/api-keys/").token(&user.access).json(&json!({ "name": "one too many" })).send().await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
    assert_eq!(reply.text("detail"), "An organization may have 1000 API keys: revoke one to make room.");
}

/// Writes a directory of so many keys, without the keys.
async fn fill_keys(app: &TestApp, count: u32) {
    use aws_sdk_dynamodb::primitives::Blob;
    use aws_sdk_dynamodb::types::AttributeValue;
    let mut ids = Vec::new();
    (1..=count).collect::<roaring::RoaringBitmap>().serialize_into(&mut ids).unwrap();
    let put = app.dynamodb.put_item().table_name(table_names().entities);
    put.item("pk", AttributeValue::S(format!("ORG#{}", app.organization_id())))
        .item("sk", AttributeValue::S("DIRECTORY#APIKEY".into()))
        .item("version", AttributeValue::N("1".into()))
        .item("next_id", AttributeValue::N((count + 1).to_string()))
        .item("live", AttributeValue::B(Blob::new(ids)))
        .send()
        .await
        .unwrap();
}
