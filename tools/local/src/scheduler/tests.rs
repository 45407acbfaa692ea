//! What the embedded Scheduler keeps, when it sends, and what it refuses.

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt as _;

use super::*;
use crate::queue::{JOBS, REPORTS};

/// 2027-01-15, a Friday, at 8:00 UTC.
const BEGIN: i64 = 1_800_000_000;

/// A clock that goes with tokio's, which tests move.
fn clock() -> Clock {
    let (begun, epoch) = (Instant::now(), Timestamp::from_second(BEGIN).expect("a time"));
    Clock::new(move || epoch.plus_seconds(i64::try_from(begun.elapsed().as_secs()).expect("a short test")))
}

struct Setup {
    clock: Clock,
    jobs: Queue,
    reports: Queue,
    scheduler: Scheduler,
}

fn setup(folder: Option<&Path>) -> Setup {
    let clock = clock();
    let queue = |name| Queue::open(name, None, clock.clone()).expect("a queue");
    let (jobs, reports) = (queue(JOBS), queue(REPORTS));
    let scheduler = open(folder, &clock, &[&jobs, &reports]);
    Setup { clock, jobs, reports, scheduler }
}

fn open(folder: Option<&Path>, clock: &Clock, queues: &[&Queue]) -> Scheduler {
    let queues = queues.iter().copied().cloned().collect();
    Scheduler::open(folder.map(|folder| folder.join("schedules.json")), clock.clone(), queues)
        .expect("it opens")
}

fn hourly() -> Value {
    json!({
        "GroupName": "reports",
        "ScheduleExpression": "cron(30 * * * ? *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "Target": {
            "Arn": "arn:aws:sqs:us-east-1:000000000000:reports",
            "RoleArn": "arn:aws:iam::000000000000:role/scheduler",
            "Input": r#"{"at":"<aws.scheduler.scheduled-time>"}"#,
        },
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut body = hourly();
    match path.rsplit_once('/') {
        Some((parent, name)) => {
            body.pointer_mut(parent).expect("an object")[name] = value;
        }
        None => body[path] = value,
    }
    body
}

/// A call. Its status, the error's name, and the body.
async fn call(scheduler: &Scheduler, method: &str, path: &str, body: &Value) -> (u16, String, Value) {
    let request = Request::builder().method(method).uri(path).body(Body::from(body.to_string()));
    let answer = router(scheduler.clone()).oneshot(request.expect("a request")).await.expect("an answer");
    let error = answer.headers().get("x-amzn-errortype").map(|name| name.to_str().expect("a text"));
    let error = error.unwrap_or_default().trim_end_matches(':').to_owned();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, error, serde_json::from_slice(&body).unwrap_or_default())
}

async fn create(scheduler: &Scheduler, name: &str, body: &Value) -> (u16, String) {
    let (status, error, _) = call(scheduler, "POST", &format!("/schedules/{name}"), body).await;
    (status, error)
}

fn refused(status: u16, name: &str) -> (u16, String) {
    (status, name.to_owned())
}

fn done() -> (u16, String) {
    (200, String::new())
}

/// What the queue was sent.
fn sent(queue: &Queue) -> Vec<String> {
    let bodies = std::iter::from_fn(|| queue.take_event());
    bodies.map(|event| event["Records"][0]["body"].as_str().expect("a text").to_owned()).collect()
}

async fn pass(time: Duration) {
    tokio::time::advance(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_schedule_sends_each_time_that_it_is_due_with_the_time_filled_in() {
    let Setup { jobs, reports, scheduler, .. } = setup(None);
    assert_eq!(create(&scheduler, "report-1-2", &hourly()).await, done());
    // Half past eight, nine and ten.
    scheduler.run(tokio::time::sleep(Duration::from_mins(151))).await;
    let at = |time| format!(r#"{{"at":"2027-01-15T{time}:00Z"}}"#);
    let mut messages = sent(&reports);
    messages.sort();
    assert_eq!(messages, ["08:30", "09:30", "10:30"].map(at));
    assert!(jobs.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_sent_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let Setup { clock, reports, scheduler, .. } = setup(Some(folder.path()));
    create(&scheduler, "one", &hourly()).await;
    drop(scheduler);
    pass(Duration::from_hours(24)).await;
    let scheduler = open(Some(folder.path()), &clock, &[&reports]);
    scheduler.fire_due();
    scheduler.fire_due();
    assert_eq!(sent(&reports), [r#"{"at":"2027-01-16T07:30:00Z"}"#]);
    // As another process would, if this one had been killed now.
    open(Some(folder.path()), &clock, &[&reports]).fire_due();
    assert_eq!(sent(&reports), [""; 0]);
    assert_eq!(scheduler.next("one").map(|next| next.to_string()).as_deref(), Some("2027-01-16T08:30:00Z"));
}

#[tokio::test(start_paused = true)]
async fn what_is_made_changed_disabled_or_deleted_when_it_is_due_sends_once_or_not_at_all() {
    let Setup { reports, scheduler, .. } = setup(None);
    // Made at the time at which it is due: for the next time.
    pass(Duration::from_mins(30)).await;
    create(&scheduler, "one", &hourly()).await;
    scheduler.fire_due();
    assert!(sent(&reports).is_empty());

    // The same again, at the time at which it is due.
    pass(Duration::from_hours(1)).await;
    assert_eq!(call(&scheduler, "PUT", "/schedules/one", &hourly()).await.0, 200);
    scheduler.fire_due();
    assert_eq!(sent(&reports), [r#"{"at":"2027-01-15T09:30:00Z"}"#]);

    let disabled = with("State", json!("DISABLED"));
    assert_eq!(call(&scheduler, "PUT", "/schedules/one", &disabled).await.0, 200);
    pass(Duration::from_hours(2)).await;
    scheduler.fire_due();
    assert!(sent(&reports).is_empty());

    // What was due while it was disabled is not made up for.
    assert_eq!(call(&scheduler, "PUT", "/schedules/one", &hourly()).await.0, 200);
    scheduler.fire_due();
    assert!(sent(&reports).is_empty());

    pass(Duration::from_hours(1)).await;
    assert_eq!(call(&scheduler, "DELETE", "/schedules/one?groupName=reports", &Value::Null).await.0, 200);
    scheduler.fire_due();
    assert!(sent(&reports).is_empty());
    assert!(scheduler.names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn clocks_that_change_skip_a_time_or_have_it_once() {
    let Setup { reports, scheduler, .. } = setup(None);
    let body = with("ScheduleExpression", json!("cron(30 2 * * ? *)"));
    create(&scheduler, "one", &body).await;
    let mut times = Vec::new();
    for _ in 0..300 {
        pass(Duration::from_hours(24)).await;
        scheduler.fire_due();
        times.extend(sent(&reports).iter().map(|body| body[7..27].to_owned()));
    }
    let on = |day: &str| times.iter().filter(|time| time.starts_with(day)).collect::<Vec<_>>();
    assert_eq!(on("2027-03-27"), ["2027-03-27T01:30:00Z"]);
    assert_eq!(on("2027-03-28"), [""; 0]);
    assert_eq!(on("2027-03-29"), ["2027-03-29T00:30:00Z"]);
    assert_eq!(on("2027-10-31"), ["2027-10-31T00:30:00Z"]);
    assert_eq!(times.len(), 299);
}

#[tokio::test(start_paused = true)]
async fn schedules_are_what_was_said_last() {
    let folder = tempfile::tempdir().expect("a folder");
    let Setup { clock, jobs, reports, scheduler } = setup(Some(folder.path()));
    assert_eq!(call(&scheduler, "PUT", "/schedules/one", &hourly()).await.1, "ResourceNotFoundException");
    let (status, _, body) = call(&scheduler, "POST", "/schedules/one", &hourly()).await;
    assert_eq!(status, 200);
    assert_eq!(body["ScheduleArn"], "arn:aws:scheduler:us-east-1:000000000000:schedule/reports/one");
    assert_eq!(create(&scheduler, "one", &hourly()).await, refused(409, "ConflictException"));
    let later = with("ScheduleExpression", json!("cron(0 8 ? * MON *)"));
    assert_eq!(call(&scheduler, "PUT", "/schedules/one", &later).await.0, 200);

    let scheduler = open(Some(folder.path()), &clock, &[&jobs, &reports]);
    let (status, _, shown) = call(&scheduler, "GET", "/schedules/one?groupName=reports", &Value::Null).await;
    assert_eq!((status, &shown["Name"], &shown["State"]), (200, &json!("one"), &json!("ENABLED")));
    assert_eq!(shown["ScheduleExpression"], "cron(0 8 ? * MON *)");
    assert_eq!(shown["CreationDate"], BEGIN);
    let delete = || call(&scheduler, "DELETE", "/schedules/one?groupName=reports", &Value::Null);
    assert_eq!(delete().await.0, 200);
    assert_eq!(delete().await.0, 404);
    assert_eq!(call(&scheduler, "GET", "/schedules/one?groupName=reports", &Value::Null).await.0, 404);
}

#[tokio::test(start_paused = true)]
async fn what_the_scheduler_refuses_is_refused() {
    let Setup { scheduler, .. } = setup(None);
    for body in [
        with("ScheduleExpression", json!("cron(0 8 * * MON *)")),
        with("ScheduleExpression", json!("cron(0 8 ? * ? *)")),
        with("ScheduleExpression", json!("cron(0 8 ? * MON)")),
        with("ScheduleExpression", json!("0 8 * * 1")),
        with("ScheduleExpressionTimezone", json!("Europe/Atlantis")),
        with("State", json!("PAUSED")),
        with("FlexibleTimeWindow", json!({ "Mode": "FLEXIBLE" })),
        with("FlexibleTimeWindow", Value::Null),
        with("/Target/Arn", json!("arn:aws:sqs:us-east-1:000000000000:elsewhere")),
        with("/Target/Arn", json!("reports")),
        with("/Target/RoleArn", json!("")),
        with("/Target/Input", json!("x".repeat(262_145))),
        with("Unknown", json!(1)),
        json!({}),
    ] {
        assert_eq!(
            create(&scheduler, "one", &body).await,
            refused(400, "ValidationException"),
            "{body:.300}"
        );
    }
    for name in ["a%20b", "%C3%A9", &"a".repeat(65), "a%2Fb"] {
        assert_eq!(create(&scheduler, name, &hourly()).await, refused(400, "ValidationException"), "{name}");
    }
    assert_eq!(create(&scheduler, &"a-Z_0.".repeat(10), &hourly()).await, done());
    let elsewhere = with("GroupName", json!("default"));
    assert_eq!(create(&scheduler, "one", &elsewhere).await, refused(404, "ResourceNotFoundException"));
}
