//! Reports that are made by themselves.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, REPORTS, action, item, run, runs};
use tests::{Actor, TestApp, TestUser};

use super::{made, report, start};

const MINUTE: Duration = Duration::from_mins(1);

/// A report whose schedule the Scheduler knows. It is Friday, 2027-01-15, at 8:00 in UTC.
async fn scheduled(cron: &str, timezone: &str) -> (TestApp, TestUser, u64) {
    let (app, analyst, dashboard) = start().await;
    let mut body = report(dashboard, "csv");
    body["schedule"] = json!({ "cron": cron, "timezone": timezone });
    let id = made(&analyst, &body).await;
    told(&app).await;
    (app, analyst, id)
}

/// Has the Scheduler told of what was changed.
async fn told(app: &TestApp) {
    app.clock.advance(Duration::from_secs(10));
    app.run_reports().await;
}

/// Lets time pass, and what is due happen.
async fn after(app: &TestApp, time: Duration) {
    app.clock.advance(time);
    app.schedules().fire_due();
    app.run_reports().await;
}

/// For each run the time that it is for, and its status.
async fn times(user: &TestUser, id: u64) -> Vec<(String, String)> {
    let page = user.sign_in().await.get(&runs(id)).await;
    let results = page.body["results"].as_array().unwrap();
    let text = |run: &Value, name: &str| run[name].as_str().unwrap_or("none").to_owned();
    results.iter().map(|run| (text(run, "scheduled_for"), text(run, "status"))).collect()
}

fn done(times: &[&str]) -> Vec<(String, String)> {
    times.iter().map(|time| ((*time).to_owned(), "done".to_owned())).collect()
}

#[tokio::test]
async fn a_report_is_made_when_it_is_time() {
    let (app, analyst, id) = scheduled("0 8 * * MON", "Europe/Berlin").await;
    after(&app, Duration::from_hours(48)).await;
    assert_eq!(times(&analyst, id).await, []);
    after(&app, Duration::from_hours(23)).await;
    assert_eq!(times(&analyst, id).await, done(&["2027-01-18T07:00:00Z"]));
    let run = analyst.sign_in().await.get(&run(id, 1)).await;
    assert_eq!((&run.body["trigger"], &run.body["created_by"]), (&json!("schedule"), &json!(null)));
    after(&app, Duration::from_hours(7 * 24)).await;
    assert_eq!(times(&analyst, id).await, done(&["2027-01-18T07:00:00Z", "2027-01-25T07:00:00Z"]));
}

#[tokio::test]
async fn a_time_that_is_told_twice_has_one_run() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    app.clock.advance(Duration::from_hours(1));
    app.schedules().fire_due();
    app.repeat_report_messages();
    app.repeat_report_messages();
    app.run_reports().await;
    assert_eq!(times(&analyst, id).await, done(&["2027-01-15T09:00:00Z"]));
    // Also if it is told again when the day is over.
    let message = app.scheduled_message(id, "2027-01-15T09:00:00Z");
    after(&app, Duration::from_hours(24)).await;
    app.run_report_message(message).await;
    assert_eq!(times(&analyst, id).await, done(&["2027-01-15T09:00:00Z", "2027-01-16T09:00:00Z"]));
}

#[tokio::test]
async fn instances_that_are_told_at_once_make_one_run() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    app.clock.advance(Duration::from_hours(1));
    let message = app.scheduled_message(id, "2027-01-15T09:00:00Z");
    let told = (0..8).map(|_| app.run_report_message(message.clone()));
    for answer in futures_util::future::join_all(told).await {
        assert_eq!(answer["batchItemFailures"], json!([]));
    }
    assert_eq!(times(&analyst, id).await, done(&["2027-01-15T09:00:00Z"]));
}

#[tokio::test]
async fn what_was_missed_runs_once_when_the_outage_is_over() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    for _ in 0..5 {
        app.clock.advance(Duration::from_hours(24));
        app.schedules().fire_due();
    }
    app.run_reports().await;
    assert_eq!(times(&analyst, id).await, done(&["2027-01-19T09:00:00Z"]));
}

#[tokio::test]
async fn days_on_which_clocks_change_have_their_run() {
    // Summer time begins on 2027-03-28 in Berlin: there is no 2:30. It ends on 2027-10-31: there are two.
    let (app, analyst, id) = scheduled("30 2 * * *", "Europe/Berlin").await;
    let days = async |from: &str, count: u64| {
        let from: shared::base::Timestamp = from.parse().unwrap();
        let wait = from.as_second() - app.clock.now();
        app.clock.advance(Duration::from_secs(wait.unsigned_abs()));
        app.schedules().fire_due();
        app.run_reports().await;
        let before = times(&analyst, id).await.len();
        for _ in 0..count * 48 {
            after(&app, MINUTE * 30).await;
        }
        times(&analyst, id).await.split_off(before)
    };
    let spring = days("2027-03-27T00:00:00Z", 3).await;
    assert_eq!(spring, done(&["2027-03-27T01:30:00Z", "2027-03-29T00:30:00Z"]));
    let autumn = days("2027-10-30T00:00:00Z", 3).await;
    assert_eq!(autumn, done(&["2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"]));
}

#[tokio::test]
async fn the_scheduler_has_what_the_report_says() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    let name = format!("report-{}-{id}", app.organization.id);
    let next = || app.schedules().next(&name).map(|time| time.to_string());
    assert_eq!(next().as_deref(), Some("2027-01-15T09:00:00Z"));
    let patch = async |schedule: Value| {
        let changed = analyst.patch(&item(REPORTS, id), &json!({ "schedule": schedule })).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        told(&app).await;
    };
    patch(json!({ "cron": "0 10 * * *" })).await;
    assert_eq!(next().as_deref(), Some("2027-01-15T10:00:00Z"));
    patch(json!({ "enabled": false })).await;
    assert_eq!(next(), None);
    patch(json!({ "enabled": true })).await;
    assert_eq!(next().as_deref(), Some("2027-01-15T10:00:00Z"));
    patch(Value::Null).await;
    assert_eq!(next(), None);
    patch(json!({ "cron": "0 10 * * *", "timezone": "America/New_York" })).await;
    assert_eq!(next().as_deref(), Some("2027-01-15T15:00:00Z"));
    assert_eq!(analyst.delete(&item(REPORTS, id)).await.status, 204);
    told(&app).await;
    assert_eq!(app.schedules().names(), Vec::<String>::new());
}

#[tokio::test]
async fn a_schedule_that_is_changed_while_it_fires_does_what_it_says_then() {
    for (schedule, expected) in [
        (json!({ "enabled": false }), vec![]),
        (Value::Null, vec![]),
        (json!({ "cron": "0 10 * * *" }), vec![]),
        (json!({ "cron": "0 9 * * FRI" }), vec!["2027-01-15T09:00:00Z"]),
    ] {
        let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
        app.clock.advance(Duration::from_hours(1));
        app.schedules().fire_due();
        let changed =
            analyst.sign_in().await.patch(&item(REPORTS, id), &json!({ "schedule": schedule })).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        app.run_reports().await;
        assert_eq!(times(&analyst, id).await, done(&expected), "{schedule}");
    }
}

#[tokio::test]
async fn a_schedule_that_is_left_of_a_deleted_report_is_removed_when_it_fires() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    assert_eq!(analyst.delete(&item(REPORTS, id)).await.status, 204);
    // The message that the delete sent is lost.
    app.forget_report_messages();
    assert_eq!(app.schedules().names().len(), 1);
    after(&app, Duration::from_hours(1)).await;
    assert_eq!(app.schedules().names(), Vec::<String>::new());
}

#[tokio::test]
async fn a_dashboard_that_is_deleted_under_its_report_is_told_by_each_run() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    assert_eq!(analyst.delete(&item(DASHBOARDS, 1)).await.status, 204);
    after(&app, Duration::from_hours(1)).await;
    let failed = analyst.sign_in().await.get(&run(id, 1)).await;
    assert_eq!(failed.body["reason"], "Dashboard 1 is not there any more.");
    assert_eq!(failed.body["status"], "failed");
}

#[tokio::test]
async fn a_create_that_ends_before_its_answer_has_its_schedule_all_the_same() {
    let (app, analyst, dashboard) = start().await;
    let other = made(&analyst, &report(dashboard, "csv")).await;
    let mut body = report(dashboard, "csv");
    body["schedule"] = json!({ "cron": "0 9 * * *", "timezone": "UTC" });
    // The message is in the queue before the report is in the table.
    app.queue.take_calls();
    let id = made(&analyst, &body).await;
    let sent = app.queue.take_calls();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].body.contains("sync_schedules"), "{sent:?}");
    told(&app).await;
    assert_eq!(app.schedules().names(), [format!("report-{}-{id}", app.organization.id)]);
    assert_ne!(id, other);
}

#[tokio::test]
async fn without_the_queue_no_schedule_is_changed() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    app.queue.fail(|_| Some(tests::ServiceFault::Unavailable));
    let refused = analyst.patch(&item(REPORTS, id), &json!({ "schedule": null })).await;
    assert_eq!(refused.status, 503);
    let generate = analyst.request("POST", &action(REPORTS, id, "generate")).await;
    assert_eq!(generate.status, 503);
    app.queue.fail(|_| None);
    let shown = analyst.get(&item(REPORTS, id)).await;
    assert_eq!(shown.body["schedule"]["enabled"], true);
    assert_eq!(analyst.get(&runs(id)).await.body["count"], 0);
}

#[tokio::test]
async fn a_scheduler_that_fails_is_told_later() {
    let (app, analyst, id) = scheduled("0 9 * * *", "UTC").await;
    analyst.patch(&item(REPORTS, id), &json!({ "schedule": { "cron": "0 10 * * *" } })).await;
    app.scheduler.fail(|_| Some(tests::ServiceFault::Unavailable));
    app.clock.advance(Duration::from_secs(10));
    let message = app.next_report_message();
    let answer = app.run_report_message(message.clone()).await;
    assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), 1);
    app.scheduler.fail(|_| None);
    app.run_report_message(message).await;
    let name = format!("report-{}-{id}", app.organization.id);
    assert_eq!(app.schedules().next(&name).unwrap().to_string(), "2027-01-15T10:00:00Z");
}

#[tokio::test]
async fn who_may_only_read_sees_when_the_next_runs_are() {
    let (app, _, id) = scheduled("0 9 * * *", "UTC").await;
    let viewer = app.user(Role::Viewer).await;
    let shown = viewer.get(&item(REPORTS, id)).await;
    assert_eq!(shown.body["next_runs"].as_array().unwrap().len(), 3);
    assert_eq!(viewer.patch(&item(REPORTS, id), &json!({ "schedule": null })).await.status, 403);
    assert_eq!(viewer.request("POST", &action(REPORTS, id, "generate")).await.status, 403);
}
