//! Schedules as the job that does reports keeps them: a call that is repeated, raced or fails in its middle leaves one schedule.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use shared::model::query::ZoneName;
use shared::model::report::Cron;
use shared::store::schedules::SCHEDULED_TIME;
use shared::store::{ReportJob, Schedules, StoreError};
use tests::{ServiceFault, TestApp};
use tokio::time::Instant;

const NAME: &str = "report-1-2";

async fn put(schedules: &Schedules, cron: &str, input: &str) -> Result<(), StoreError> {
    let cron: Cron = cron.parse().unwrap();
    schedules.put(NAME, &cron, &ZoneName::parse("Europe/Berlin").unwrap(), input).await
}

/// The methods of the calls since the last time.
fn methods(app: &TestApp) -> Vec<String> {
    app.scheduler.take_calls().into_iter().map(|call| call.method).collect()
}

#[tokio::test]
async fn a_schedule_sends_the_job_with_the_time_at_which_it_is_due() {
    let app = TestApp::start().await;
    let (schedules, _) = app.of_reports();
    let (organization, report) = (app.organization.id, shared::base::ReportId::from(2));
    let job = serde_json::json!({
        "job": "scheduled",
        "organization": organization,
        "report": report,
        "scheduled_for": SCHEDULED_TIME,
    });
    put(&schedules, "0 8 * * 1-5", &job.to_string()).await.unwrap();
    // It is Friday, nine o'clock in Berlin.
    app.clock.advance(Duration::from_hours(3 * 24));
    app.schedules().fire_due();
    let event = app.report_messages().take_event().unwrap();
    let body = event["Records"][0]["body"].as_str().unwrap();
    let scheduled_for = "2027-01-18T07:00:00Z".parse().unwrap();
    assert_eq!(
        serde_json::from_str::<ReportJob>(body).unwrap(),
        ReportJob::Scheduled { organization, report, scheduled_for }
    );
    assert!(app.report_messages().take_event().is_none());
}

#[tokio::test]
async fn a_schedule_is_made_or_changed_and_deleted_whether_it_is_there_or_not() {
    let app = TestApp::start().await;
    let (schedules, _) = app.of_reports();
    schedules.delete(NAME).await.unwrap();
    put(&schedules, "0 8 * * *", "{}").await.unwrap();
    assert_eq!(methods(&app), ["DELETE", "PUT", "POST"]);
    put(&schedules, "0 9 * * *", "{}").await.unwrap();
    assert_eq!(methods(&app), ["PUT"]);
    assert_eq!(app.schedules().names(), [NAME]);
    assert_eq!(app.schedules().next(NAME).unwrap().to_string(), "2027-01-16T08:00:00Z");
    schedules.delete(NAME).await.unwrap();
    schedules.delete(NAME).await.unwrap();
    assert!(app.schedules().names().is_empty());
}

#[tokio::test]
async fn whichever_call_fails_the_schedule_is_there_in_the_end() {
    let app = TestApp::start().await;
    tokio::time::pause();
    for fault in [
        ServiceFault::Unavailable,
        ServiceFault::LostAnswer,
        ServiceFault::Truncated,
        ServiceFault::Hang,
        ServiceFault::Refused(500, "InternalServerException"),
        ServiceFault::Refused(429, "ThrottlingException"),
        ServiceFault::Refused(409, "ConflictException"),
    ] {
        for failing in 0..3 {
            let (schedules, _) = app.of_reports();
            schedules.delete(NAME).await.unwrap();
            let calls = AtomicUsize::new(0);
            app.scheduler.fail(move |_| (calls.fetch_add(1, Ordering::Relaxed) == failing).then_some(fault));
            put(&schedules, "0 8 * * *", "{}")
                .await
                .unwrap_or_else(|error| panic!("{fault:?} {failing}: {error}"));
            app.scheduler.fail(|_| None);
            assert_eq!(app.schedules().names(), [NAME], "{fault:?} {failing}");
        }
    }
}

#[tokio::test]
async fn whoever_loses_a_race_changes_what_the_other_has_made() {
    let app = TestApp::start().await;
    let (first, second) = (app.of_reports().0, app.of_reports().0);
    let (one, other) = tokio::join!(put(&first, "0 8 * * *", "{}"), put(&second, "0 8 * * *", "{}"));
    one.unwrap();
    other.unwrap();
    assert_eq!(app.schedules().names(), [NAME]);
    // Made by another between the two calls.
    first.delete(NAME).await.unwrap();
    app.scheduler.take_calls();
    let mut made = false;
    let racing = app.of_reports().0;
    app.scheduler.fail(move |call| {
        let first_create = call.method == "POST" && !std::mem::replace(&mut made, true);
        first_create.then_some(ServiceFault::LostAnswer)
    });
    put(&racing, "0 9 * * *", "{}").await.unwrap();
    assert_eq!(methods(&app), ["PUT", "POST", "POST", "PUT"]);
}

#[tokio::test]
async fn a_scheduler_that_fails_for_good_is_said_to() {
    let app = TestApp::start().await;
    tokio::time::pause();
    let (schedules, _) = app.of_reports();
    for (fault, expected) in [
        (ServiceFault::Unavailable, "unavailable"),
        (ServiceFault::Hang, "unavailable"),
        (ServiceFault::Refused(409, "ConflictException"), "in between"),
        (ServiceFault::Refused(404, "ResourceNotFoundException"), "refused"),
        (ServiceFault::Refused(400, "ValidationException"), "refused"),
        (ServiceFault::Refused(403, "AccessDeniedException"), "refused"),
        (ServiceFault::Refused(402, "ServiceQuotaExceededException"), "refused"),
    ] {
        app.scheduler.fail(move |_| Some(fault));
        let started = Instant::now();
        let error = put(&schedules, "0 8 * * *", "{}").await.unwrap_err().to_string();
        assert!(error.contains(expected), "{fault:?}: {error}");
        assert!(started.elapsed() < Duration::from_secs(5), "{fault:?}: {:?}", started.elapsed());
    }
    app.scheduler.fail(|_| None);
    assert!(app.schedules().names().is_empty());
}
