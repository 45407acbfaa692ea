//! Data sources that are imported again by themselves.

use std::time::Duration;

use serde_json::{Value, json};
use tests::https::{HttpsServer, json as body};
use tests::paths::{DATA_SOURCES, import as import_path, imports, item};
use tests::{Actor, TestApp, TestUser};

use super::{rest, start};

const HOUR: Duration = Duration::from_hours(1);

/// A source that is imported hourly, which the Scheduler knows, and its server. It is Friday, 2027-01-15, shortly after 8:00 in UTC.
async fn hourly() -> (TestApp, TestUser, u64, HttpsServer) {
    let (app, owner) = start().await;
    let mut n = 0;
    let server = HttpsServer::start(move |_| {
        n += 1;
        body(&json!([{ "n": n }]))
    })
    .await;
    let source = rest(&owner, &server.url("/"), json!({ "refresh": "hourly" })).await;
    told(&app).await;
    (app, owner, source, server)
}

/// Has the Scheduler told of what was changed.
async fn told(app: &TestApp) {
    app.clock.advance(Duration::from_secs(10));
    app.run_jobs().await;
}

/// Lets time pass, and what is due happen.
async fn after(app: &TestApp, time: Duration) {
    app.clock.advance(time);
    app.schedules().fire_due();
    app.run_jobs().await;
}

async fn statuses(owner: &TestUser, source: u64) -> Vec<String> {
    let page = owner.sign_in().await.get(&imports(source)).await;
    let results = page.body["results"].as_array().expect("imports");
    results.iter().map(|import| import["status"].as_str().expect("a text").to_owned()).collect()
}

fn name(app: &TestApp, source: u64) -> String {
    format!("data-source-{}-{source}", app.organization.id)
}

#[tokio::test]
async fn it_is_imported_when_it_is_time() {
    let (app, owner, source, _) = hourly().await;
    assert_eq!(app.schedules().names(), [name(&app, source)]);
    assert_eq!(statuses(&owner, source).await, Vec::<String>::new());
    after(&app, HOUR).await;
    assert_eq!(statuses(&owner, source).await, ["done"]);
    after(&app, HOUR).await;
    assert_eq!(statuses(&owner, source).await, ["done", "done"]);
    let owner = owner.sign_in().await;
    assert_eq!(super::rows(&owner, source).await, json!([[2]]));
    assert_eq!(owner.get(&import_path(source, 1)).await.body["created_by"], json!(owner.user.id));
}

#[tokio::test]
async fn a_time_that_is_told_twice_has_one_import() {
    let (app, owner, source, _) = hourly().await;
    app.clock.advance(HOUR);
    app.schedules().fire_due();
    app.repeat_messages();
    app.repeat_messages();
    app.run_jobs().await;
    assert_eq!(statuses(&owner, source).await, ["done"]);
    // At once, too.
    let due = app.schedules().next(&name(&app, source)).expect("a time").to_string();
    app.clock.advance(HOUR);
    let told = (0..5).map(|_| app.run_message(app.refresh_message(source, &due)));
    for answer in futures_util::future::join_all(told).await {
        assert_eq!(answer["batchItemFailures"], json!([]));
    }
    assert_eq!(statuses(&owner, source).await, ["done", "done"]);
}

#[tokio::test]
async fn what_was_missed_is_imported_once() {
    let (app, owner, source, _) = hourly().await;
    for _ in 0..5 {
        app.clock.advance(HOUR);
        app.schedules().fire_due();
    }
    app.run_jobs().await;
    assert_eq!(statuses(&owner, source).await, ["done"]);
}

#[tokio::test]
async fn one_that_waits_already_is_done_in_its_place() {
    let (app, owner, source, _) = hourly().await;
    app.clock.advance(HOUR);
    owner.sign_in().await.post(&imports(source), &json!({})).await;
    let due = app.schedules().next(&name(&app, source)).expect("a time").to_string();
    app.run_message(app.refresh_message(source, &due)).await;
    assert_eq!(statuses(&owner, source).await, ["done"]);
    app.run_jobs().await;
    assert_eq!(statuses(&owner, source).await, ["done"]);
}

#[tokio::test]
async fn the_scheduler_has_what_the_source_says() {
    let (app, owner, source, _) = hourly().await;
    let name = name(&app, source);
    let gap = |app: &TestApp| {
        let first = app.schedules().next(&name)?;
        Some(first)
    };
    let patch = async |body: Value| {
        let changed = owner.patch(&item(DATA_SOURCES, source), &body).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        told(&app).await;
    };
    let hourly = gap(&app).expect("a time");
    assert!(hourly.as_second() - app.clock.now() <= 3_600);
    patch(json!({ "connection": { "refresh": "weekly" } })).await;
    assert_ne!(gap(&app), Some(hourly));
    patch(json!({ "status": "paused" })).await;
    assert_eq!(gap(&app), None);
    patch(json!({ "status": "active" })).await;
    assert!(gap(&app).is_some());
    patch(json!({ "connection": { "refresh": null } })).await;
    assert_eq!(gap(&app), None);
    patch(json!({ "connection": { "refresh": "daily" } })).await;
    assert!(gap(&app).is_some());
    assert_eq!(owner.delete(&item(DATA_SOURCES, source)).await.status, 204);
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    assert_eq!(app.schedules().names(), Vec::<String>::new());
}

#[tokio::test]
async fn what_changes_nothing_of_it_tells_nobody() {
    let (app, owner, source, _) = hourly().await;
    app.queue.take_calls();
    owner.patch(&item(DATA_SOURCES, source), &json!({ "name": "y" })).await;
    tests::entities::data_source(&owner).await;
    assert!(app.queue.take_calls().is_empty());
}

#[tokio::test]
async fn a_source_that_is_paused_while_its_schedule_fires_stays_as_it_is() {
    for change in [json!({ "status": "paused" }), json!({ "connection": { "refresh": "manual" } })] {
        let (app, owner, source, server) = hourly().await;
        app.clock.advance(HOUR);
        app.schedules().fire_due();
        let changed = owner.sign_in().await.patch(&item(DATA_SOURCES, source), &change).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        app.run_jobs().await;
        assert_eq!(statuses(&owner, source).await, Vec::<String>::new());
        assert!(server.take_asked().is_empty());
    }
}

#[tokio::test]
async fn a_schedule_that_is_left_of_a_deleted_source_is_removed_when_it_fires() {
    let (app, owner, source, _) = hourly().await;
    assert_eq!(owner.delete(&item(DATA_SOURCES, source)).await.status, 204);
    app.run_message(app.refresh_message(source, "2027-01-15T09:00:00Z")).await;
    assert_eq!(app.schedules().names(), Vec::<String>::new());
}

#[tokio::test]
async fn an_attempt_that_ends_after_the_import_was_made_is_followed_by_another() {
    let (app, owner, source, _) = hourly().await;
    app.clock.advance(HOUR);
    app.schedules().fire_due();
    let message = app.next_message();
    app.bucket.fail(|_| Some(tests::ServiceFault::Unavailable));
    let answer = app.run_message(message.clone()).await;
    assert_eq!(answer["batchItemFailures"].as_array().map(Vec::len), Some(1));
    app.bucket.fail(|_| None);
    assert_eq!(statuses(&owner, source).await, ["waiting"]);
    app.run_message(message).await;
    assert_eq!(statuses(&owner, source).await, ["done"]);
}

#[tokio::test]
async fn an_import_whose_attempts_are_all_killed_has_failed_after_six_hours_and_is_followed_by_another() {
    let (app, owner, source, _) = hourly().await;
    app.bucket.fail(|_| Some(tests::ServiceFault::Hang));
    app.clock.advance(HOUR);
    for _ in 0..2 {
        app.schedules().fire_due();
        let killed = tokio::time::timeout(Duration::from_millis(300), app.run_message(app.next_message()));
        assert!(killed.await.is_err());
        assert_eq!(statuses(&owner, source).await, ["running"]);
        app.clock.advance(5 * HOUR);
    }
    app.bucket.fail(|_| None);
    assert_eq!(statuses(&owner, source).await, ["failed"]);
    after(&app, HOUR).await;
    assert_eq!(statuses(&owner, source).await, ["failed", "done"]);
    let owner = owner.sign_in().await;
    let lapsed = owner.get(&import_path(source, 1)).await;
    let reason = lapsed.body["errors"][0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("did not come to an end"), "{reason}");
    assert_eq!(owner.get(&item(DATA_SOURCES, source)).await.body["status"], "active");
}

#[tokio::test]
async fn without_the_queue_no_schedule_is_changed() {
    let (app, owner, source, _) = hourly().await;
    app.queue.fail(|_| Some(tests::ServiceFault::Unavailable));
    let refused =
        owner.patch(&item(DATA_SOURCES, source), &json!({ "connection": { "refresh": "daily" } })).await;
    assert_eq!(refused.status, 503);
    app.queue.fail(|_| None);
    assert_eq!(owner.get(&item(DATA_SOURCES, source)).await.body["connection"]["refresh"], "hourly");
}
