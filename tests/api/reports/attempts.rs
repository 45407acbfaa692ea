//! The same run twice, at once, or after an attempt that ended halfway.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use shared::model::Role;
use tests::paths::{REPORTS, USAGE, action, item, run, runs};
use tests::{Actor, ServiceFault};

use super::{made, report, start};

#[tokio::test]
async fn a_run_that_is_told_twice_runs_once() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    let message = app.next_report_message();
    let told = (0..5).map(|_| app.run_report_message(message.clone()));
    for answer in join_all(told).await {
        assert_eq!(answer["batchItemFailures"], json!([]));
    }
    let done = analyst.get(&run(id, 1)).await;
    assert_eq!(done.body["status"], "done");
    app.run_report_message(message).await;
    assert_eq!(analyst.get(&run(id, 1)).await.header("etag"), done.header("etag"));
    assert_eq!(app.report_files(id).len(), 1);
    assert_eq!(analyst.get(&runs(id)).await.body["count"], 1);
}

#[tokio::test]
async fn an_idempotency_key_makes_one_run() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    let path = action(REPORTS, id, "generate");
    let sends = (0..5).map(|_| analyst.request("POST", &path).header("idempotency-key", "k"));
    for reply in join_all(sends.map(std::future::IntoFuture::into_future)).await {
        assert_eq!((reply.status, reply.id()), (202, 1), "{reply:?}");
    }
    app.run_reports().await;
    assert_eq!(analyst.get(&runs(id)).await.body["count"], 1);
}

#[tokio::test]
async fn an_attempt_that_ended_halfway_is_followed_by_another() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    let message = app.next_report_message();
    // It claims the run, and is killed while it waits for the bucket.
    app.bucket.fail(|_| Some(ServiceFault::Hang));
    let killed = tokio::time::timeout(Duration::from_millis(300), app.run_report_message(message.clone()));
    assert!(killed.await.is_err());
    app.bucket.fail(|_| None);
    let running = analyst.get(&run(id, 1)).await;
    assert_eq!(running.body["status"], "running");
    assert!(running.body["started_at"].is_string());
    // Until it is certainly over, nobody else is at it.
    app.run_report_message(message.clone()).await;
    assert_eq!(analyst.get(&run(id, 1)).await.body["status"], "running");
    app.clock.advance(Duration::from_mins(15));
    app.run_report_message(message).await;
    assert_eq!(analyst.get(&run(id, 1)).await.body["status"], "done");
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_writes_or_mails_is_followed_by_one_that_goes_on_there() {
    for killed_while in ["writing", "mailing"] {
        let (app, analyst, dashboard) = start().await;
        let mut body = report(dashboard, "csv");
        body["recipients"] = json!([analyst.user.id]);
        let id = made(&analyst, &body).await;
        analyst.post(&action(REPORTS, id, "generate"), &json!({ "deliver": true })).await;
        let message = app.next_report_message();
        match killed_while {
            "writing" => app.bucket.fail(|call| (call.method == "PUT").then_some(ServiceFault::Hang)),
            _ => app.ses.fail(|_| Some(ServiceFault::Hang)),
        }
        let killed = tokio::time::timeout(Duration::from_secs(2), app.run_report_message(message.clone()));
        assert!(killed.await.is_err());
        app.bucket.fail(|_| None);
        app.ses.fail(|_| None);
        let half = analyst.get(&run(id, 1)).await;
        let status = if killed_while == "writing" { "running" } else { "done" };
        assert_eq!(
            (&half.body["status"], &half.body["deliveries"]),
            (&json!(status), &json!([])),
            "{killed_while}"
        );
        let files = app.report_files(id);
        app.clock.advance(Duration::from_mins(15));
        app.run_report_message(message).await;
        let done = analyst.get(&run(id, 1)).await;
        assert_eq!(
            (&done.body["status"], &done.body["deliveries"][0]["status"]),
            (&json!("done"), &json!("sent"))
        );
        assert_eq!(app.outbox().sent().len(), 1, "{killed_while}");
        if killed_while == "mailing" {
            assert_eq!(app.report_files(id), files, "it is not drawn again");
        }
    }
}

#[tokio::test]
async fn a_run_that_never_ends_has_failed_after_six_hours() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    app.clock.advance(Duration::from_hours(6));
    let analyst = analyst.sign_in().await;
    let lapsed = analyst.get(&run(id, 1)).await;
    assert_eq!(lapsed.body["status"], "failed");
    assert!(lapsed.text("reason").contains("did not come to an end"), "{lapsed:?}");
    // Whoever was told so does not find it done later.
    app.run_reports().await;
    assert_eq!(analyst.get(&run(id, 1)).await.body, lapsed.body);
    assert_eq!(app.report_files(id), Vec::<String>::new());
    // It is an end as any other.
    let last = json!({ "id": 1, "status": "failed", "finished_at": lapsed.body["finished_at"] });
    assert_eq!(analyst.get(&item(REPORTS, id)).await.body["last_run"], last);
    let owner = app.user(Role::Owner).await;
    assert_eq!(owner.get(USAGE).await.body["reports"]["runs"], 1);
}

#[tokio::test]
async fn a_report_that_is_deleted_while_it_is_drawn_leaves_nothing() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    let message = app.next_report_message();
    let (answer, deleted) =
        tokio::join!(app.run_report_message(message), async { analyst.delete(&item(REPORTS, id)).await });
    assert_eq!((deleted.status, &answer["batchItemFailures"]), (204, &json!([])));
    app.clock.advance(Duration::from_secs(10));
    app.run_reports().await;
    assert_eq!(app.report_files(id), Vec::<String>::new());
    assert_eq!(app.items_under("REPORT#").await, 0);
}
