//! Stores that refuse for a moment: what was certainly not done is done again, and nothing else.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, STATUS};
use tests::{Actor, Call, Fault, TestApp, TestUser, Wire};

async fn start() -> (Wire, TestUser) {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    tokio::time::pause();
    wire.take_calls();
    (wire, owner)
}

/// Fails the first call that `which` picks.
fn once(wire: &Wire, fault: Fault, which: impl Fn(&Call) -> bool + Send + 'static) {
    let mut first = true;
    wire.fail(move |call| (which(call) && std::mem::take(&mut first)).then_some(fault));
}

fn is_count(call: &Call) -> bool {
    call.operation == "UpdateItem" && call.body["TableName"] == "test-counters"
}

#[tokio::test]
async fn a_count_that_was_certainly_not_made_is_made_again() {
    let (wire, owner) = start().await;
    for (fault, remaining) in [(Fault::Throttled, "999"), (Fault::NoConnection, "998")] {
        once(&wire, fault, is_count);
        let reply = owner.get(STATUS).await;
        assert_eq!(
            (reply.status, reply.header("x-ratelimit-remaining")),
            (200, Some(remaining)),
            "{fault:?}"
        );
    }
    once(&wire, Fault::LostAnswer, is_count);
    assert_eq!(owner.get(STATUS).await.status, 503, "one that may have been made is not");
    assert_eq!(owner.get(STATUS).await.header("x-ratelimit-remaining"), Some("996"));
}

#[tokio::test]
async fn a_throttled_transaction_and_unprocessed_keys_are_tried_again() {
    let (wire, owner) = start().await;
    once(&wire, Fault::TransactionThrottled, |call| call.operation == "TransactWriteItems");
    assert_eq!(owner.post(DASHBOARDS, &json!({ "name": "x" })).await.status, 201);
    let mut left = 3;
    wire.fail(move |call| {
        let fails = call.operation == "BatchGetItem" && left > 0;
        left -= i32::from(fails);
        fails.then_some(Fault::Unprocessed)
    });
    assert_eq!(owner.get(STATUS).await.status, 200);
}

#[tokio::test]
async fn a_claim_that_meets_a_transaction_waits_for_its_answer() {
    let (wire, owner) = start().await;
    let post = || owner.post(DASHBOARDS, &json!({ "name": "x" })).header("idempotency-key", "k");
    once(&wire, Fault::TransactionConflict, |call| call.operation == "PutItem");
    let made = post().await;
    assert_eq!(made.status, 201, "{made:?}");
    once(&wire, Fault::TransactionConflict, |call| call.operation == "PutItem");
    let again = post().await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
}

#[tokio::test]
async fn work_after_an_answer_ends_within_two_seconds() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = tests::entities::api_key(&owner, "read_only").await;
    key.get(STATUS).await;
    tokio::time::pause();
    wire.fail(|_| Some(Fault::Hang));
    let began = tokio::time::Instant::now();
    app.after_answer().await;
    // The clock of paused time goes by milliseconds.
    assert!(began.elapsed().as_millis() <= 2_001, "{:?}", began.elapsed());
}
