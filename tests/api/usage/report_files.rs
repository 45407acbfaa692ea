//! The files of reports are stored, too: for as long as they are kept, and as far as the plan allows.

use std::time::Duration;

use serde_json::json;
use shared::model::Plan;
use tests::paths::{REPORTS, STATUS, action, item, run};
use tests::{Actor, TestApp, TestUser, Wire, entities, widget};

use super::{check_refused, pretend_stored, start, told};

const LIMIT: u64 = 5_000_000_000;

/// A report over data, and how much that takes.
async fn report(app: &TestApp, owner: &TestUser) -> (u64, u64) {
    let source = entities::data_source(owner).await;
    entities::imported(app, owner, source, "region,amount\nNorth,10\n").await;
    let dashboard = entities::dashboard(owner, json!([widget::pie(source)])).await;
    (entities::report(owner, dashboard).await, stored(owner).await)
}

async fn stored(owner: &TestUser) -> u64 {
    told(owner, "/storage_bytes/used").await
}

async fn generate(app: &TestApp, owner: &TestUser, report: u64) -> u64 {
    let accepted = owner.request("POST", &action(REPORTS, report, "generate")).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    app.run_reports().await;
    let done = owner.get(&run(report, accepted.id())).await;
    assert_eq!(done.body["status"], "done", "{done:?}");
    done.body["size_bytes"].as_u64().unwrap()
}

#[tokio::test]
async fn a_file_counts_until_it_is_over_though_nobody_watches() {
    let (app, owner) = start().await;
    let (report, data) = report(&app, &owner).await;
    let first = generate(&app, &owner, report).await;
    assert_eq!(stored(&owner).await, data + first);
    app.clock.advance(Duration::from_hours(24));
    let owner = owner.sign_in().await;
    let second = generate(&app, &owner, report).await;
    assert_eq!(stored(&owner).await, data + first + second);
    assert_eq!(told(&owner, "/reports/runs").await, 2);
    // The first was made on 15 January at 8: its day and 90 more are over at midnight on 16 April.
    app.clock.advance(Duration::from_hours(90 * 24 - 8) - Duration::from_secs(1));
    let owner = owner.sign_in().await;
    assert_eq!(stored(&owner).await, data + first + second);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(stored(&owner).await, data + second);
    app.clock.advance(Duration::from_hours(24));
    assert_eq!(stored(&owner.sign_in().await).await, data);
}

#[tokio::test]
async fn a_deleted_report_gives_back_what_its_files_took() {
    let (app, owner) = start().await;
    let (one, data) = report(&app, &owner).await;
    let other = owner.get(&item(REPORTS, one)).await.body["dashboard"].as_u64().unwrap();
    let other = entities::report(&owner, other).await;
    for _ in 0..3 {
        generate(&app, &owner, one).await;
    }
    let kept = generate(&app, &owner, other).await;
    assert!(stored(&owner).await > data + kept);
    assert_eq!(owner.delete(&item(REPORTS, one)).await.status, 204);
    app.clock.advance(Duration::from_secs(10));
    app.run_reports().await;
    assert_eq!(app.report_files(one), Vec::<String>::new());
    assert_eq!(stored(&owner).await, data + kept);
}

#[tokio::test]
async fn a_file_that_the_plan_has_no_room_for_is_not_kept() {
    let (app, owner) = start().await;
    let (report, _) = report(&app, &owner).await;
    app.set_plan(Plan::Starter).await;
    pretend_stored(&app, LIMIT - 1).await;
    let accepted = owner.request("POST", &action(REPORTS, report, "generate")).await;
    assert_eq!(accepted.status, 202);
    app.run_reports().await;
    let failed = owner.get(&run(report, 1)).await;
    assert_eq!(failed.body["status"], "failed", "{failed:?}");
    assert!(failed.text("reason").contains("and 4999999999 are used; this takes"), "{failed:?}");
    assert_eq!(app.report_files(report), Vec::<String>::new());
    assert_eq!(stored(&owner).await, LIMIT - 1);

    pretend_stored(&app, LIMIT).await;
    let refused = owner.request("POST", &action(REPORTS, report, "generate")).await;
    let refusal = "The plan starter allows 5000000000 bytes of storage, and 5000000000 are used; this takes 1 more. Delete data sources \
                   or reports, or ask for a larger plan.";
    check_refused(&refused, refusal);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_runs_on_the_last_bytes_one_keeps_its_file() {
    let (app, owner) = start().await;
    let (first, _) = report(&app, &owner).await;
    let bytes = generate(&app, &owner, first).await;
    let dashboard = owner.get(&item(REPORTS, first)).await.body["dashboard"].as_u64().unwrap();
    let mut reports = Vec::new();
    for _ in 0..8 {
        reports.push(entities::report(&owner, dashboard).await);
    }
    app.forget_report_messages();
    app.set_plan(Plan::Starter).await;
    pretend_stored(&app, LIMIT - bytes).await;
    for report in &reports {
        assert_eq!(owner.request("POST", &action(REPORTS, *report, "generate")).await.status, 202);
    }
    let mut jobs = tokio::task::JoinSet::new();
    for _ in &reports {
        let (event, instance) = (app.next_report_message(), app.another_instance());
        jobs.spawn(async move { instance.run_report_message(event).await });
    }
    for answer in jobs.join_all().await {
        assert_eq!(answer["batchItemFailures"], json!([]));
    }
    let mut done = 0;
    for report in &reports {
        done += u32::from(owner.get(&run(report, 1)).await.body["status"] == "done");
    }
    assert_eq!((done, stored(&owner).await), (1, LIMIT));
}

/// What is counted by day stays small enough for the organization to be read in one unit.
#[tokio::test]
async fn ninety_days_of_files_make_the_status_no_dearer() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(shared::model::Role::Owner).await;
    let (report, _) = report(&app, &owner).await;
    let mut owner = owner;
    for _ in 0..92 {
        app.clock.advance(Duration::from_hours(24));
        owner = owner.sign_in().await;
        generate(&app, &owner, report).await;
    }
    wire.take_calls();
    assert_eq!(owner.get(STATUS).await.status, 200);
    let units: f64 = wire.take_calls().iter().filter(|call| call.is_read()).map(|call| call.units).sum();
    assert!(units <= 2.0, "{units}");
}
