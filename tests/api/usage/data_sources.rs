//! How many data sources a plan allows.

use serde_json::{Value, json};
use shared::model::Plan;
use tests::paths::{DATA_SOURCES, item};
use tests::{Actor, entities};
use tokio::task::JoinSet;

use super::{check_refused, start, told};

fn file() -> Value {
    json!({ "name": "x", "type": "file", "engine": "csv" })
}

const REFUSAL: &str =
    "The plan starter allows 10 data sources, and there are 10. Delete one, or ask for a larger plan.";

#[tokio::test]
async fn there_are_as_many_as_the_plan_allows() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Starter).await;
    for _ in 0..10 {
        entities::data_source(&owner).await;
    }
    check_refused(&owner.post(DATA_SOURCES, &file()).await, REFUSAL);
    assert_eq!(told(&owner, "/data_sources/used").await, 10);
    assert_eq!(owner.delete(&item(DATA_SOURCES, 3)).await.status, 204);
    assert_eq!(owner.post(DATA_SOURCES, &file()).await.status, 201);
    check_refused(&owner.post(DATA_SOURCES, &file()).await, REFUSAL);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_creates_on_the_last_place_one_succeeds() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Starter).await;
    for _ in 0..9 {
        entities::data_source(&owner).await;
    }
    let mut creates = JoinSet::new();
    for number in 0..64 {
        // Half of them on another instance.
        let instance = if number % 2 == 0 { app.instance() } else { app.another_instance().instance() };
        creates.spawn(owner.at(&instance).post(DATA_SOURCES, &file()).into_future());
    }
    let mut made = 0;
    for reply in creates.join_all().await {
        match reply.status {
            201 => made += 1,
            _ => check_refused(&reply, REFUSAL),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(told(&owner, "/data_sources/used").await, 10);
}

#[tokio::test]
async fn a_create_that_is_repeated_takes_one_place_and_is_not_refused() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Starter).await;
    for _ in 0..9 {
        entities::data_source(&owner).await;
    }
    let last = || owner.post(DATA_SOURCES, &file()).header("idempotency-key", "the last");
    let (first, again) = (last().await, last().await);
    assert_eq!((first.status, again.status, first.id()), (201, 201, again.id()));
    let refused = || owner.post(DATA_SOURCES, &file()).header("idempotency-key", "one too many");
    check_refused(&refused().await, REFUSAL);
    assert_eq!(owner.delete(&item(DATA_SOURCES, 1)).await.status, 204);
    check_refused(&refused().await, REFUSAL);
}
