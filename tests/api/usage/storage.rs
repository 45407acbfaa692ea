//! How much a plan lets an organization store, and what counts.

use serde_json::json;
use shared::model::Plan;
use tests::paths::{DATA_SOURCES, import, imports, item};
use tests::{Actor, TestApp, TestUser, entities};
use tokio::task::JoinSet;

use super::{check_refused, pretend_stored, start, told};

const LIMIT: u64 = 5_000_000_000;
const FILE: &str = "n\n1\n2\n3\n";

fn larger_file() -> String {
    let rows: Vec<_> = (0..5_000).map(|n| n.to_string()).collect();
    format!("n\n{}\n", rows.join("\n"))
}

async fn stored(owner: &TestUser) -> u64 {
    told(owner, "/storage_bytes/used").await
}

/// What the bucket has of the current version of a source's data.
fn in_bucket(app: &TestApp, source: u64) -> u64 {
    let versions = app.data_versions(source);
    let newest =
        versions.iter().max_by_key(|version| version.split('-').next().unwrap().parse::<u64>().unwrap());
    app.data_bytes(source, newest.unwrap())
}

#[tokio::test]
async fn it_is_what_the_current_versions_take() {
    let (app, owner) = start().await;
    let (one, two) = (entities::data_source(&owner).await, entities::data_source(&owner).await);
    entities::imported(&app, &owner, one, FILE).await;
    let first = in_bucket(&app, one);
    assert_eq!(stored(&owner).await, first);
    entities::imported(&app, &owner, two, FILE).await;
    assert_eq!(stored(&owner).await, first + in_bucket(&app, two));
    // What it replaces is there for a quarter of an hour more, and counts no more.
    entities::imported(&app, &owner, one, &larger_file()).await;
    let larger = in_bucket(&app, one);
    assert!(larger > first);
    assert_eq!(stored(&owner).await, larger + in_bucket(&app, two));
    assert_eq!(owner.delete(&item(DATA_SOURCES, one)).await.status, 204);
    assert_eq!(stored(&owner).await, in_bucket(&app, two));
    assert_eq!(owner.delete(&item(DATA_SOURCES, two)).await.status, 204);
    assert_eq!(stored(&owner).await, 0);
}

#[tokio::test]
async fn what_fails_takes_nothing() {
    let (app, owner) = start().await;
    let source = entities::data_source(&owner).await;
    let failed = entities::import(&app, &owner, source, "a,b\n1\n", &json!({})).await;
    assert_eq!(failed.body["status"], "failed");
    assert_eq!(stored(&owner).await, 0);
}

/// Makes an import of the file, and sends it.
async fn send(app: &TestApp, owner: &TestUser, source: u64) {
    let created = owner.post(&imports(source), &json!({ "size_bytes": FILE.len() })).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(app.put(&created.body["upload"], FILE).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_uploads_on_the_last_bytes_one_succeeds() {
    let (app, owner) = start().await;
    let first = entities::data_source(&owner).await;
    entities::imported(&app, &owner, first, FILE).await;
    let bytes = stored(&owner).await;
    let mut sources = Vec::new();
    for _ in 0..64 {
        sources.push(entities::data_source(&owner).await);
    }
    app.set_plan(Plan::Starter).await;
    pretend_stored(&app, LIMIT - bytes).await;
    for source in &sources {
        send(&app, &owner, *source).await;
    }
    let mut jobs = JoinSet::new();
    for _ in 0..64 {
        let (event, instance) = (app.next_message(), app.another_instance());
        jobs.spawn(async move { (instance.run_message(event.clone()).await, event) });
    }
    for (answer, event) in jobs.join_all().await {
        // To say that it has failed, each writes the directory of all data sources. Some run out of time, and are handed over again.
        if answer["batchItemFailures"] != json!([]) {
            assert_eq!(app.run_message(event).await["batchItemFailures"], json!([]));
        }
    }
    let mut done = 0;
    for source in &sources {
        let import = owner.get(&import(source, 1)).await;
        if import.text("status") == "done" {
            done += 1;
            continue;
        }
        let reason = import.body["errors"][0]["reason"].as_str().unwrap();
        let expected = format!(
            "The plan starter allows 5000000000 bytes of storage, and 5000000000 are used; this takes {bytes} more. Delete data sources \
             or reports, or ask for a larger plan."
        );
        assert_eq!(reason, expected);
        assert_eq!(app.data_versions(*source), Vec::<String>::new(), "nothing is left in the bucket");
    }
    assert_eq!(done, 1);
    assert_eq!(stored(&owner).await, LIMIT);
}

#[tokio::test]
async fn where_nothing_may_be_added_no_file_need_be_sent() {
    let (app, owner) = start().await;
    let (full, empty) = (entities::data_source(&owner).await, entities::data_source(&owner).await);
    entities::imported(&app, &owner, full, FILE).await;
    app.set_plan(Plan::Starter).await;
    pretend_stored(&app, LIMIT).await;
    let refused = owner.post(&imports(empty), &json!({ "size_bytes": 1 })).await;
    let refusal = "The plan starter allows 5000000000 bytes of storage, and 5000000000 are used; this takes 1 more. Delete data sources \
                   or reports, or ask for a larger plan.";
    check_refused(&refused, refusal);
    // What a source has makes room for what is put in its place.
    entities::imported(&app, &owner, full, FILE).await;
    assert_eq!(stored(&owner).await, LIMIT);
}

#[tokio::test]
async fn an_import_that_the_plan_has_no_room_for_leaves_the_data_as_it_was() {
    let (app, owner) = start().await;
    let source = entities::data_source(&owner).await;
    entities::imported(&app, &owner, source, FILE).await;
    app.set_plan(Plan::Starter).await;
    pretend_stored(&app, LIMIT).await;
    let failed = entities::import(&app, &owner, source, &larger_file(), &json!({})).await;
    assert_eq!(failed.body["status"], "failed");
    let shown = owner.get(&item(DATA_SOURCES, source)).await;
    assert_eq!(shown.body["status"], "error");
    assert!(shown.text("status_reason").contains("The plan starter allows 5000000000 bytes"), "{shown:?}");
    let preview = owner.get(&format!("{}preview/", item(DATA_SOURCES, source))).await;
    assert_eq!(preview.body["rows"], json!([[1], [2], [3]]));
    assert_eq!(stored(&owner).await, LIMIT);
}
