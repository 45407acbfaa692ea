//! Many writers at once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, DATA_SOURCES, item};
use tests::{Actor, TestApp, TestUser, Wire, entities, widget};
use tokio::task::JoinSet;

use super::{Model, agrees, status};

#[tokio::test(flavor = "multi_thread")]
async fn fifty_creates_at_once_all_succeed_with_ids_of_their_own() {
    let app = TestApp::start_on(&Wire::default()).await;
    let owner = app.user(Role::Owner).await;
    let mut ids = BTreeSet::new();
    // On a busy machine one may not get its turn within the deadline. It is told, nothing was made, and it asks again.
    while ids.len() < 50 {
        let mut creates = JoinSet::new();
        for _ in ids.len()..50 {
            creates.spawn(owner.post(DASHBOARDS, &json!({ "name": "x" })).into_future());
        }
        for reply in creates.join_all().await {
            match reply.status {
                503 => assert_eq!(reply.header("retry-after"), Some("1")),
                status => {
                    assert_eq!(status, 201, "{reply:?}");
                    assert!(ids.insert(reply.id()), "{reply:?}");
                }
            }
        }
    }
    assert_eq!(ids, (1..=50).collect());
    assert_eq!(owner.get(DASHBOARDS).await.body["count"], 50);
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

async fn write(writer: TestUser, steps: Vec<Step>, used: Arc<Mutex<BTreeSet<u64>>>) -> Model {
    let mut own = Model::new();
    for (number, step) in steps.into_iter().enumerate() {
        let pick = |which: usize| own.keys().nth(which % own.len().max(1)).copied();
        let patch = async |id: u64, body: Value| {
            assert_eq!(writer.patch(&item(DASHBOARDS, id), &body).await.status, 200);
        };
        match step {
            Step::Create { published } => {
                let name = format!("{}-{number}", writer.user.id);
                let body = json!({ "name": name, "status": status(published) });
                let reply = writer.post(DASHBOARDS, &body).await;
                assert_eq!(reply.status, 201, "{reply:?}");
                let id = reply.id();
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
                    assert_eq!(writer.delete(&item(DASHBOARDS, id)).await.status, 204);
                    own.remove(&id);
                }
            }
            Step::List { page_size } => {
                let path = format!("{DASHBOARDS}?page_size={page_size}");
                let page = writer.get(&path).await;
                assert!(page.body["count"].as_u64().unwrap() >= own.len() as u64, "one's own are there");
                let ids = page.ids();
                assert!(ids.len() <= page_size && ids.is_sorted(), "{ids:?}");
            }
        }
    }
    own
}

#[test]
fn eight_writers_and_a_plain_model_agree() {
    const WRITERS: usize = 8;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let writers = prop::collection::vec(prop::collection::vec(step(), 1..10), WRITERS);
    let property = |(writers, page_size): (Vec<Vec<Step>>, usize)| {
        runtime.block_on(async {
            let app = TestApp::start_on(&Wire::default()).await;
            let used = Arc::default();
            let mut running = JoinSet::new();
            for steps in writers {
                let writer = app.user(Role::Analyst).await;
                running.spawn(write(writer, steps, Arc::clone(&used)));
            }
            let model: Model = running.join_all().await.into_iter().flatten().collect();
            let reader = app.user(Role::Viewer).await;
            agrees(&reader, &model, page_size).await;
        });
        Ok(())
    };
    runner.run(&(writers, 1..8_usize), property).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_cannot_be_deleted_from_under_a_widget() {
    let app = TestApp::start_on(&Wire::default()).await;
    let owner = app.user(Role::Owner).await;
    for _ in 0..20 {
        let source = entities::data_source(&owner).await;
        let body = json!({ "name": "x", "widgets": [widget::pie(source)] });
        let create = tokio::spawn(owner.post(DASHBOARDS, &body).into_future());
        let delete = owner.delete(&item(DATA_SOURCES, source));
        let delete = tokio::spawn(delete.into_future());
        let (create, delete) = (create.await.unwrap(), delete.await.unwrap());
        match (create.status, delete.status) {
            (201, 409) | (400, 204) => {}
            statuses => panic!("{statuses:?}: {create:?} {delete:?}"),
        }
    }
}
