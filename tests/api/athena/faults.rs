//! What goes wrong, and what is told of it.

use serde_json::json;
use tests::paths::{DATA_SOURCES, action, item};
use tests::{Actor, ServiceFault};

use super::fake::Execution;
use super::{Stage, count};

#[tokio::test]
async fn failures_are_told_with_what_would_help() {
    for (state, reason, told, hint) in [
        ("FAILED", "line 1:8: Column 'x' cannot be resolved", "Column 'x'", "import the catalog again"),
        (
            "CANCELLED",
            "Bytes scanned limit was exceeded",
            "more than the workgroup allows",
            "partition columns",
        ),
        ("CANCELLED", "", "cancelled", "Ask again"),
        (
            "FAILED",
            "Insufficient permissions to execute the query.",
            "does not allow",
            "read the catalog in Glue",
        ),
    ] {
        let stage = Stage::set().await;
        stage.athena.next(Execution::Ended(state, reason.to_owned()));
        let reply = stage.ask(count()).await;
        let detail = reply.body["detail"].as_str().unwrap();
        assert_eq!((reply.status, &reply.body["error"]), (502, &json!("source_error")), "{reply:?}");
        assert!(detail.contains(told) && detail.contains(hint), "{detail}");
    }
}

#[tokio::test]
async fn what_has_failed_is_started_anew_when_it_is_asked_again() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Ended("FAILED", "boom".to_owned()));
    assert_eq!(stage.ask(count()).await.status, 502);
    stage.app.clock.advance(std::time::Duration::from_secs(1));
    stage.athena.next(Execution::Done);
    assert_eq!(stage.ask(count()).await.status, 200);
    assert_eq!(stage.athena.started(), 2);
}

#[tokio::test]
async fn throttled_calls_are_made_again() {
    let stage = Stage::set().await;
    let mut calls = 0;
    stage.app.athena.fail(move |_| {
        calls += 1;
        match calls % 4 {
            0 => None,
            1 => Some(ServiceFault::Refused(400, "ThrottlingException")),
            2 => Some(ServiceFault::Refused(429, "TooManyRequestsException")),
            _ => Some(ServiceFault::Unavailable),
        }
    });
    let reply = stage.ask(count()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(stage.athena.started(), 1);
}

#[tokio::test]
async fn an_athena_that_hangs_or_lies_is_told_of_in_time() {
    for (fault, told) in [
        (ServiceFault::Hang, "cannot be reached"),
        (ServiceFault::Truncated, "cannot be reached"),
        (ServiceFault::Refused(400, "AccessDeniedException"), "does not allow"),
        (ServiceFault::Refused(400, "UnrecognizedClientException"), "does not accept the keys"),
    ] {
        let stage = Stage::set().await;
        stage.app.athena.fail(move |_| Some(fault));
        let began = tokio::time::Instant::now();
        let reply = stage.ask(count()).await;
        assert_eq!((reply.status, &reply.body["error"]), (502, &json!("source_error")), "{reply:?}");
        assert!(reply.body["detail"].as_str().unwrap().contains(told), "{fault:?}: {reply:?}");
        assert!(began.elapsed().as_secs() <= 20, "{fault:?}");
    }
}

#[tokio::test]
async fn rows_that_are_none_are_a_mistake_of_athenas() {
    let stage = Stage::set().await;
    stage.athena.rows(vec![vec![Some("forty-two".to_owned())]]);
    let reply = stage.ask(count()).await;
    assert_eq!((reply.status, &reply.body["error"]), (502, &json!("source_error")), "{reply:?}");
}

#[tokio::test]
async fn a_test_says_what_is_wrong() {
    let stage = Stage::set().await;
    let test = action(DATA_SOURCES, stage.source, "test");
    let fine = stage.administrator.post(&test, &json!({})).await;
    assert_eq!(fine.body["ok"], true, "{fine:?}");
    for (change, reason) in [
        (json!({ "workgroup": "other", "secret_access_key": "secret" }), "no workgroup"),
        (
            json!({ "workgroup": "primary", "database": "none", "secret_access_key": "secret" }),
            "no such database",
        ),
    ] {
        let patched =
            stage.administrator.patch(&item(DATA_SOURCES, stage.source), &json!({ "connection": change }));
        assert_eq!(patched.await.status, 200);
        let reply = stage.administrator.post(&test, &json!({})).await;
        assert_eq!(reply.body["ok"], false, "{reply:?}");
        assert!(reply.body["reason"].as_str().unwrap().contains(reason), "{reply:?}");
        assert!(reply.body["hint"].is_string());
    }
}
