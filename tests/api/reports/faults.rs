//! A process that ends between two steps, and services that fail: a run is done once, or tried again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{REPORTS, action, run};
use tests::{Actor, Fault, ServiceFault, TestApp, Wire, entities, widget};

use super::{made, report, start};

#[tokio::test]
async fn whichever_call_to_the_bucket_fails_the_run_is_done_in_the_end() {
    for fault in [ServiceFault::Unavailable, ServiceFault::LostAnswer, ServiceFault::Truncated] {
        for failing in 0..5 {
            let (app, analyst, dashboard) = start().await;
            let id = made(&analyst, &report(dashboard, "csv")).await;
            analyst.request("POST", &action(REPORTS, id, "generate")).await;
            let message = app.next_report_message();
            let calls = AtomicUsize::new(0);
            // A call is tried three times: all of those fail.
            app.bucket.fail(move |_| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                (failing..failing + 3).contains(&call).then_some(fault)
            });
            app.run_report_message(message.clone()).await;
            app.bucket.fail(|_| None);
            let answer = app.run_report_message(message).await;
            assert_eq!(answer["batchItemFailures"], json!([]), "{fault:?} {failing}");
            let done = analyst.get(&run(id, 1)).await;
            assert_eq!(done.body["status"], "done", "{fault:?} {failing}: {done:?}");
            let (file, _) = app.download(&analyst, id, 1).await;
            assert_eq!(file, b"region,sum_amount\r\nSouth,20\r\nNorth,13.75\r\n", "{fault:?} {failing}");
        }
    }
}

#[tokio::test]
async fn whichever_write_to_the_tables_fails_the_run_is_done_and_mailed_once() {
    for fault in [Fault::ServerError, Fault::LostAnswer, Fault::TransactionConflict] {
        for failing in 0..8 {
            let wire = Wire::default();
            let app = TestApp::start_on(&wire).await;
            let analyst = app.user(Role::Analyst).await;
            let source = entities::data_source(&analyst).await;
            entities::imported(&app, &analyst, source, "region,amount\nNorth,1\n").await;
            let dashboard = entities::dashboard(&analyst, json!([widget::pie(source)])).await;
            let mut body = report(dashboard, "csv");
            body["recipients"] = json!([analyst.user.id]);
            let id = made(&analyst, &body).await;
            analyst.post(&action(REPORTS, id, "generate"), &json!({ "deliver": true })).await;
            let message = app.next_report_message();
            let calls = AtomicUsize::new(0);
            wire.fail(move |_| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                (failing..failing + 3).contains(&call).then_some(fault)
            });
            app.run_report_message(message.clone()).await;
            wire.fail(|_| None);
            app.run_report_message(message.clone()).await;
            // An attempt that could not say that it is over is over after a while.
            app.clock.advance(Duration::from_mins(15));
            let answer = app.run_report_message(message).await;
            assert_eq!(answer["batchItemFailures"], json!([]), "{fault:?} {failing}");
            let done = analyst.get(&run(id, 1)).await;
            assert_eq!(done.body["status"], "done", "{fault:?} {failing}: {done:?}");
            let deliveries = done.body["deliveries"].as_array().unwrap();
            assert_eq!((deliveries.len(), &deliveries[0]["status"]), (1, &json!("sent")));
            // A mail whose delivery could not be noted is sent again: there is no other way to know.
            let sent = app.outbox().sent().len();
            assert!((1..=2).contains(&sent), "{fault:?} {failing}: {sent}");
            // An attempt that did not know that its file was published leaves one that nothing points at.
            assert!(!app.report_files(id).is_empty(), "{fault:?} {failing}");
        }
    }
}
