//! Reports by mail.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use shared::store::users;
use tests::paths::{REPORTS, USAGE, action, run, runs};
use tests::{Actor, ServiceFault, TestApp, TestUser};

use super::{made, report, start};

/// A report that goes to three people.
async fn mailed() -> (TestApp, TestUser, u64, Vec<TestUser>) {
    let (app, analyst, dashboard) = start().await;
    let mut recipients = Vec::new();
    for role in [Role::Owner, Role::Member, Role::Viewer] {
        recipients.push(app.user(role).await);
    }
    let mut body = report(dashboard, "csv");
    body["recipients"] = recipients.iter().map(|recipient| json!(recipient.user.id)).collect();
    let id = made(&analyst, &body).await;
    (app, analyst, id, recipients)
}

async fn deliver(analyst: &TestUser, id: u64) {
    let accepted = analyst.post(&action(REPORTS, id, "generate"), &json!({ "deliver": true })).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
}

/// Whom mail went to.
fn sent(app: &TestApp) -> Vec<String> {
    app.outbox().sent().into_iter().flat_map(|sent| sent.recipients).collect()
}

fn statuses(run: &Value) -> Vec<&str> {
    run["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| delivery["status"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn each_recipient_gets_the_file() {
    let (app, analyst, id, recipients) = mailed().await;
    deliver(&analyst, id).await;
    app.run_reports().await;
    let emails: Vec<_> = recipients.iter().map(|recipient| recipient.user.email.to_string()).collect();
    assert_eq!(sent(&app), emails);
    let done = analyst.get(&run(id, 1)).await;
    let deliveries: Vec<_> = recipients
        .iter()
        .map(|recipient| json!({ "user": recipient.user.id, "status": "sent", "reason": null }))
        .collect();
    assert_eq!(done.body["deliveries"], json!(deliveries));
    let message = app.outbox().sent()[0].message.clone();
    for part in [
        "Subject: Monday report",
        "Monday report 2027-01-15.csv is attached.",
        "https://api.example.com/api/reports/1/runs/1/",
        "text/html",
        "text/csv",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(!message.to_ascii_lowercase().contains("list-unsubscribe"), "{message}");
}

#[tokio::test]
async fn nobody_gets_mail_for_a_run_that_somebody_only_downloads() {
    let (app, analyst, id, _) = mailed().await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    app.run_reports().await;
    assert_eq!(sent(&app), Vec::<String>::new());
    assert_eq!(analyst.get(&run(id, 1)).await.body["deliveries"], json!([]));
}

#[tokio::test]
async fn a_recipient_who_is_gone_or_refused_keeps_no_other_from_it() {
    let (app, analyst, id, recipients) = mailed().await;
    let organization = app.organization.id;
    users::delete(&app.app.store, organization, &recipients[0].user).await.unwrap();
    let refused = recipients[1].user.email.to_string();
    // Recipients are within the message, which is in base64: the address that it is sent to is beside it.
    app.ses.fail(move |call| {
        call.body.contains(&refused).then_some(ServiceFault::Refused(400, "MessageRejected"))
    });
    deliver(&analyst, id).await;
    app.run_reports().await;
    let done = analyst.get(&run(id, 1)).await;
    assert_eq!(done.body["status"], "done");
    assert_eq!(statuses(&done.body), ["failed", "failed", "sent"]);
    assert_eq!(done.body["deliveries"][0]["reason"], "The user is not there any more.");
    assert_eq!(done.body["deliveries"][1]["reason"], "The mail service refuses this recipient.");
    assert_eq!(sent(&app), [recipients[2].user.email.to_string()]);
    // What has failed for good is not tried again.
    app.ses.fail(|_| None);
    app.run_reports().await;
    assert_eq!(sent(&app).len(), 1);
}

#[tokio::test]
async fn a_deactivated_user_gets_nothing() {
    let (app, analyst, id, recipients) = mailed().await;
    let gone = &recipients[2].user;
    users::set_status(&app.app.store, app.organization.id, gone.id, shared::model::user::Status::Deactivated)
        .await
        .unwrap();
    deliver(&analyst, id).await;
    app.run_reports().await;
    assert_eq!(sent(&app).len(), 2);
    let done = analyst.get(&run(id, 1)).await;
    assert_eq!(done.body["deliveries"][2]["reason"], "The user is deactivated.");
}

#[tokio::test]
async fn mail_that_cannot_be_sent_now_is_sent_by_the_next_attempt_to_those_who_lack_it() {
    let (app, analyst, id, recipients) = mailed().await;
    deliver(&analyst, id).await;
    let second = recipients[1].user.email.to_string();
    app.ses.fail(move |call| call.body.contains(&second).then_some(ServiceFault::Unavailable));
    let message = app.next_report_message();
    let answer = app.run_report_message(message.clone()).await;
    assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), 1);
    assert_eq!(sent(&app).len(), 2);
    let half = analyst.get(&run(id, 1)).await;
    assert_eq!((&half.body["status"], statuses(&half.body)), (&json!("done"), vec!["sent", "sent"]));
    let counted = async || recipients[0].get(USAGE).await.body["reports"]["runs"].clone();
    assert_eq!(counted().await, 1, "its file is there");
    app.ses.fail(|_| None);
    let answer = app.run_report_message(message).await;
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert_eq!(sent(&app).len(), 3);
    let emails: std::collections::BTreeSet<_> = sent(&app).into_iter().collect();
    assert_eq!(emails.len(), 3, "nobody twice");
    assert_eq!(counted().await, 1);
}

#[tokio::test]
async fn mail_that_could_not_be_sent_for_hours_is_given_up() {
    let (app, analyst, id, _) = mailed().await;
    deliver(&analyst, id).await;
    app.ses.fail(|_| Some(ServiceFault::Unavailable));
    let message = app.next_report_message();
    app.run_report_message(message.clone()).await;
    app.ses.fail(|_| None);
    app.clock.advance(Duration::from_hours(6));
    app.run_report_message(message).await;
    assert_eq!(sent(&app), Vec::<String>::new());
    let given_up = analyst.sign_in().await.get(&run(id, 1)).await;
    assert_eq!((&given_up.body["status"], statuses(&given_up.body)), (&json!("done"), vec!["failed"; 3]));
    let reason = given_up.body["deliveries"][0]["reason"].as_str().unwrap();
    assert_eq!(reason, "The mail service could not be reached for 6 hours.");
}

#[tokio::test]
async fn mail_that_nobody_tries_to_send_any_more_is_given_up_by_the_time_alone() {
    let (app, analyst, id, _) = mailed().await;
    deliver(&analyst, id).await;
    app.ses.fail(|_| Some(ServiceFault::Unavailable));
    app.run_report_message(app.next_report_message()).await;
    let before = analyst.get(&run(id, 1)).await;
    assert_eq!((&before.body["status"], statuses(&before.body)), (&json!("done"), Vec::new()));
    app.clock.advance(Duration::from_hours(6));
    let analyst = analyst.sign_in().await;
    let given_up = analyst.get(&run(id, 1)).await;
    assert_eq!((&given_up.body["status"], statuses(&given_up.body)), (&json!("done"), vec!["failed"; 3]));
    assert_ne!(given_up.header("etag"), before.header("etag"));
    assert_eq!(analyst.get(&runs(id)).await.body["results"], json!([given_up.body]));
    // Whoever was told so does not get it later.
    app.ses.fail(|_| None);
    app.run_reports().await;
    assert_eq!(sent(&app), Vec::<String>::new());
    assert_eq!(analyst.get(&run(id, 1)).await.body, given_up.body);
}

#[tokio::test]
async fn mail_whose_answer_is_lost_is_not_sent_twice() {
    let (app, analyst, id, _) = mailed().await;
    deliver(&analyst, id).await;
    app.ses.fail(|_| Some(ServiceFault::Truncated));
    app.run_reports().await;
    app.clock.advance(Duration::from_hours(1));
    app.ses.fail(|_| None);
    app.run_reports().await;
    assert_eq!(sent(&app).len(), 3);
}

#[tokio::test]
async fn what_is_too_large_for_mail_is_told_of() {
    use std::fmt::Write as _;

    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = tests::entities::data_source(&analyst).await;
    let rows = (0..6_000).fold("id,text\n".to_owned(), |mut rows, n| {
        let _ = writeln!(rows, "{n},{}", format!("{n:06}").repeat(150));
        rows
    });
    tests::entities::imported(&app, &analyst, source, &rows).await;
    let widget = json!({
        "title": "All",
        "type": "table",
        "data_source": source,
        "query": { "dimensions": [{ "field": "id" }, { "field": "text" }] },
        "position": { "x": 0, "y": 0, "width": 12, "height": 4 },
    });
    let dashboard = tests::entities::dashboard(&analyst, json!([widget])).await;
    let mut body = report(dashboard, "csv");
    body["recipients"] = json!([analyst.user.id]);
    let id = made(&analyst, &body).await;
    deliver(&analyst, id).await;
    app.run_reports().await;
    let done = analyst.get(&run(id, 1)).await;
    assert_eq!((&done.body["rows"], statuses(&done.body)), (&json!(6_000), vec!["sent"]), "{done:?}");
    let message = app.outbox().sent()[0].message.clone();
    assert!(message.len() < 10_000);
    let text = message.replace("=\r\n", "");
    assert!(text.contains("has 5.4 MB, which is too large for a mail"), "{text}");
    assert!(text.contains("/api/reports/1/runs/1/download/"), "{text}");
}
