//! Another plan holds from the next request on, also for what is on its way.

use std::time::Duration;

use serde_json::json;
use shared::model::{Plan, Role};
use tests::paths::{DATA_SOURCES, STATUS, item};
use tests::{Actor, TestApp, Wire, entities};

use super::{check_refused, start, told};

#[tokio::test]
async fn what_is_beyond_a_smaller_plan_stays_and_grows_no_more() {
    let (app, owner) = start().await;
    for _ in 0..7 {
        entities::data_source(&owner).await;
    }
    app.set_plan(Plan::Trial).await;
    let body = json!({ "name": "x", "type": "file", "engine": "csv" });
    let refusal =
        "The plan trial allows 5 data sources, and there are 7. Delete one, or ask for a larger plan.";
    check_refused(&owner.post(DATA_SOURCES, &body).await, refusal);
    assert_eq!(owner.patch(&item(DATA_SOURCES, 7), &json!({ "name": "y" })).await.status, 200);
    entities::imported(&app, &owner, 7, "n\n1\n").await;
    assert_eq!(told(&owner, "/data_sources/used").await, 7);
    app.set_plan(Plan::Starter).await;
    assert_eq!(owner.post(DATA_SOURCES, &body).await.status, 201);
    assert_eq!(owner.get(STATUS).await.body["organization"]["plan"], "starter");
}

#[tokio::test]
async fn a_create_that_has_read_the_larger_plan_is_refused_by_the_smaller_one() {
    const HOLD: Duration = Duration::from_millis(50);
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    for _ in 0..5 {
        entities::data_source(&owner).await;
    }
    wire.hold(HOLD);
    tokio::time::pause();
    let body = json!({ "name": "x", "type": "file", "engine": "csv" });
    // The first round is admission's, and the second reads the plan: its answer is on the way when the plan changes.
    let change = async {
        tokio::time::sleep(HOLD * 3 / 2).await;
        app.set_plan(Plan::Trial).await;
    };
    let (reply, ()) = tokio::join!(owner.post(DATA_SOURCES, &body).into_future(), change);
    let refusal =
        "The plan trial allows 5 data sources, and there are 5. Delete one, or ask for a larger plan.";
    check_refused(&reply, refusal);
}
