//! What is told is what was done, whichever instances did it; and counting is in no request's way.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::{Month, Role};
use tests::paths::{ANALYTICS_QUERY, DASHBOARDS, REPORTS, STATUS, USAGE, action, item};
use tests::{Actor, Call, Fault, TestApp, TestUser, Wire, entities, widget};

use super::{start, told, usage};

/// Whether a call is about what organizations have used.
fn is_count(call: &Call) -> bool {
    call.operation == "UpdateItem"
        && call.body["Key"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("usage#"))
}

fn sum(source: u64, more: &Value) -> Value {
    let mut query = json!({ "measures": [{ "field": "amount", "aggregation": "sum" }] });
    query["filters"] = more.clone();
    json!({ "data_source": source, "query": query })
}

#[tokio::test]
async fn counts_are_what_was_done_after_instances_come_and_go() {
    let (app, owner) = start().await;
    let source = entities::data_source(&owner).await;
    entities::imported(&app, &owner, source, "region,amount\nNorth,1\nSouth,2\nWest,3\n").await;
    app.app.write_usage().await;
    // The source, the import, and a look at it.
    let (mut requests, mut computed, mut cached) = (3, 0, 0);
    for number in 0..4 {
        let instance = app.another_instance();
        let there = owner.at(&instance.instance());
        for _ in 0..5 {
            assert_eq!(there.get(STATUS).await.status, 200);
            instance.after_answer().await;
        }
        let filter = json!([{ "field": "amount", "operator": "gt", "values": [number] }]);
        for _ in 0..3 {
            assert_eq!(there.post(ANALYTICS_QUERY, &sum(source, &filter)).await.status, 200);
            instance.after_answer().await;
        }
        // It lives on for more than a minute, serves once more, and is gone.
        app.clock.advance(Duration::from_secs(61));
        assert_eq!(there.get(STATUS).await.status, 200);
        instance.after_answer().await;
        (requests, computed, cached) = (requests + 9, computed + 1, cached + 2);
    }
    let told = usage(&owner.at(&app.another_instance().instance())).await;
    let today = told["days"].as_array().unwrap().last().unwrap();
    assert_eq!((&today["requests"], &today["queries"]), (&json!(requests), &json!(computed + cached)));
    let queries = &told["queries"];
    assert_eq!(
        (&queries["count"], &queries["cached"], &queries["rows_scanned"]),
        (&json!(computed + cached), &json!(cached), &json!(3 * computed))
    );
    assert_eq!(today["bytes_scanned"], queries["bytes_scanned"]);
}

#[tokio::test]
async fn each_widget_is_a_query_and_so_is_each_of_a_report() {
    let (app, owner) = start().await;
    let source = entities::data_source(&owner).await;
    entities::imported(&app, &owner, source, "region,amount\nNorth,1\nSouth,2\n").await;
    let widgets = json!([widget::pie(source), widget::pie(source), widget::text("x")]);
    let dashboard = entities::dashboard(&owner, widgets).await;
    assert_eq!(owner.get(&action(DASHBOARDS, dashboard, "data")).await.status, 200);
    app.app.write_usage().await;
    let one = usage(&owner).await["queries"].clone();
    assert_eq!((&one["count"], &one["cached"]), (&json!(2), &json!(1)), "both ask the same");
    let report = entities::report(&owner, dashboard).await;
    owner.request("POST", &action(REPORTS, report, "generate")).await;
    app.run_reports().await;
    let both = usage(&owner).await;
    assert_eq!((&both["queries"]["count"], &both["reports"]["runs"]), (&json!(4), &json!(1)));
    let scanned = |told: &Value| told["rows_scanned"].as_u64().unwrap();
    assert_eq!(scanned(&both["queries"]), 3 * scanned(&one), "what a report asks is computed");
}

/// Of a month, as the operator's tool shows it.
async fn total(app: &TestApp) -> shared::model::Counts {
    let month = Month::of(app.app.clock.now());
    shared::store::usage::totals(&app.app.store, &[app.organization_id()], month).await.unwrap()[0]
}

#[tokio::test]
async fn jobs_count_as_they_end_also_when_they_are_told_twice() {
    let (app, owner) = start().await;
    let source = entities::data_source(&owner).await;
    entities::imported(&app, &owner, source, "n\n1\n").await;
    let failed = entities::import(&app, &owner, source, "a,b\n1\n", &json!({})).await;
    assert_eq!(failed.body["status"], "failed");
    assert_eq!(total(&app).await.imports, 2);
    let dashboard = entities::dashboard(&owner, json!([])).await;
    let report = entities::report(&owner, dashboard).await;
    owner.request("POST", &action(REPORTS, report, "generate")).await;
    app.repeat_report_messages();
    app.run_reports().await;
    assert_eq!(total(&app).await.report_runs, 1);
}

#[tokio::test]
async fn refused_requests_are_nobody_s_usage() {
    let (app, owner) = start().await;
    let key = entities::api_key(&owner, "read_only").await;
    assert_eq!(key.forged().get(STATUS).await.status, 401);
    assert_eq!(owner.with("a.b.c").get(STATUS).await.status, 401);
    assert_eq!(key.post(DASHBOARDS, &json!({ "name": "x" })).await.status, 403);
    assert_eq!(owner.get(&item(DASHBOARDS, 99)).await.status, 404);
    app.app.write_usage().await;
    assert_eq!(told(&owner, "/days/14/requests").await, 2, "making the key, and what was not found");
}

#[tokio::test]
async fn an_organization_costs_one_write_a_minute_and_no_request_waits_for_it() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    wire.take_calls();
    let mut writes = 0;
    for second in 0..180 {
        assert_eq!(owner.get(STATUS).await.status, 200);
        assert_eq!(wire.take_calls().iter().filter(|call| is_count(call)).count(), 0, "in a request's way");
        app.after_answer().await;
        writes += wire.take_calls().iter().filter(|call| is_count(call)).count();
        app.clock.advance(Duration::from_secs(1));
        assert!(writes <= 1 + second / 60, "{writes} after {second} s");
    }
    assert_eq!(writes, 3);
}

#[tokio::test]
async fn what_cannot_be_written_is_written_later_and_nothing_is_written_twice() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let told = async |owner: &TestUser| told(owner, "/days/14/requests").await;
    // Throttled, and then through.
    assert_eq!(owner.get(STATUS).await.status, 200);
    wire.fail(|call| is_count(call).then_some(Fault::Throttled));
    tokio::time::pause();
    app.after_answer().await;
    wire.fail(|_| None);
    assert_eq!(told(&owner).await, 0);
    app.clock.advance(Duration::from_mins(1));
    app.after_answer().await;
    assert_eq!(told(&owner).await, 2);
    // Written, though the answer says that it was not.
    app.clock.advance(Duration::from_mins(1));
    wire.fail(|call| is_count(call).then_some(Fault::LostAnswer));
    app.after_answer().await;
    wire.fail(|_| None);
    assert_eq!(told(&owner).await, 3);
    app.clock.advance(Duration::from_mins(1));
    app.after_answer().await;
    assert_eq!(told(&owner).await, 4);
    // An organization that hangs keeps no answer from going out.
    wire.fail(|call| is_count(call).then_some(Fault::Hang));
    app.clock.advance(Duration::from_mins(1));
    let started = tokio::time::Instant::now();
    app.after_answer().await;
    assert!(started.elapsed() <= Duration::from_secs(3));
    assert_eq!(owner.get(USAGE).await.status, 200);
}
