//! Spending AI credits, by a route that does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Json;
use axum::http::Method;
use serde_json::{Value, json};
use shared::access::Permission;
use shared::base::{Code, Error};
use shared::model::{Plan, Role};
use shared::service::{Routes, Spending};
use shared::store::credits;
use tests::paths::STATUS;
use tests::{Actor, Instance, Reply, TestApp, TestUser};
use tokio::task::JoinSet;

use super::{check_refused, told, usage};

/// How many credits the route holds at most, and how many it spends.
pub(super) const HELD: u64 = 7;
pub(super) const SPENT: u64 = 5;

/// Routes that spend credits: one that does its work, and two that fail at it.
pub(super) fn routes(worked: &Arc<AtomicUsize>) -> Routes {
    let worked = Arc::clone(worked);
    let ask = move |spending: Spending| {
        let worked = Arc::clone(&worked);
        async move {
            let work = async { Ok::<_, Error>((worked.fetch_add(1, Ordering::SeqCst), SPENT)) };
            Ok::<_, Error>(Json(spending.spend(HELD, work).await?))
        }
    };
    let fail = async |spending: Spending| {
        let work = async { Err::<((), u64), _>(Error::internal("it cannot be done")) };
        spending.spend(HELD, work).await.map(Json)
    };
    let refuse = async |spending: Spending| {
        let work = async { Err::<((), u64), _>(Error::new(Code::Conflict, "It is of no use.")) };
        spending.spend(HELD, work).await.map(Json)
    };
    let permission = Permission::QueryAnalytics;
    Routes::new()
        .add(Method::POST, "/api/ask/", permission, ask)
        .add(Method::POST, "/api/fail/", permission, fail)
        .add(Method::POST, "/api/refuse/", permission, refuse)
}

/// An instance with those routes.
pub(super) fn instance(app: &TestApp, worked: &Arc<AtomicUsize>) -> Instance {
    Instance { router: routes(worked).into_router(app.app.clone()), address: app.address }
}

struct Stage {
    app: TestApp,
    owner: TestUser,
    asking: TestUser,
    worked: Arc<AtomicUsize>,
}

impl Stage {
    async fn set(plan: Plan) -> Self {
        let app = TestApp::start().await;
        let owner = app.user(Role::Owner).await;
        app.set_plan(plan).await;
        let worked = Arc::default();
        let asking = owner.at(&instance(&app, &worked));
        Self { app, owner, asking, worked }
    }

    async fn ask(&self, key: &str) -> Reply {
        self.asking.request("POST", "/api/ask/").header("idempotency-key", key).await
    }

    async fn remaining(&self) -> u64 {
        let status = self.owner.get(STATUS).await;
        let remaining = status.body["organization"]["ai_credits_remaining"].as_u64().unwrap();
        assert_eq!(told(&self.owner, "/ai_credits/remaining").await, remaining, "both tell the same");
        remaining
    }
}

#[tokio::test]
async fn what_is_done_is_spent_and_the_rest_given_back() {
    let stage = Stage::set(Plan::Starter).await;
    assert_eq!(stage.remaining().await, 500);
    assert_eq!(stage.asking.request("POST", "/api/ask/").await.status, 200);
    assert_eq!(stage.remaining().await, 495);
    let expected = json!({ "limit": 500, "used": 5, "remaining": 495, "resets_at": "2027-02-01T00:00:00Z" });
    assert_eq!(usage(&stage.owner).await["ai_credits"], expected);
}

#[tokio::test]
async fn a_request_that_is_sent_again_spends_nothing() {
    let stage = Stage::set(Plan::Starter).await;
    let first = stage.ask("once").await;
    for _ in 0..3 {
        let again = stage.ask("once").await;
        assert_eq!((again.status, &again.body), (200, &first.body));
    }
    assert_eq!((stage.remaining().await, stage.worked.load(Ordering::SeqCst)), (495, 1));
    assert_eq!(stage.ask("twice").await.status, 200);
    assert_eq!(stage.remaining().await, 490);
}

#[tokio::test]
async fn what_fails_costs_nothing() {
    let stage = Stage::set(Plan::Starter).await;
    for (path, status) in [("/api/fail/", 500), ("/api/refuse/", 409)] {
        for key in ["", "a key"] {
            let mut request = stage.asking.request("POST", path);
            if !key.is_empty() {
                request = request.header("idempotency-key", format!("{key} {status}"));
            }
            assert_eq!(request.await.status, status, "{path}");
            assert_eq!(stage.remaining().await, 500, "{path}");
        }
    }
}

#[tokio::test]
async fn without_credits_nothing_is_done() {
    let stage = Stage::set(Plan::Trial).await;
    for _ in 0..9 {
        assert_eq!(stage.asking.request("POST", "/api/ask/").await.status, 200);
    }
    // Five are left, and the work might take seven.
    let refusal = "The plan trial has 50 AI credits a month; 5 are left, and this takes 7. There are new ones on \
                   2027-02-01T00:00:00Z, or ask for more.";
    check_refused(&stage.asking.request("POST", "/api/ask/").await, refusal);
    assert_eq!(stage.worked.load(Ordering::SeqCst), 9);
    // Extra ones stay until they are spent.
    let (store, organization) = (&stage.app.app.store, stage.app.organization_id());
    let left = credits::give(store, organization, 100, stage.app.app.clock.now()).await.unwrap();
    assert_eq!(left, Some(105));
    assert_eq!(stage.asking.request("POST", "/api/ask/").await.status, 200);
    assert_eq!(stage.asking.request("POST", "/api/ask/").await.status, 200);
    let expected = json!({ "limit": 150, "used": 55, "remaining": 95, "resets_at": "2027-02-01T00:00:00Z" });
    assert_eq!(usage(&stage.owner).await["ai_credits"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_at_once_does_not_spend_more_than_there_is() {
    let stage = Stage::set(Plan::Trial).await;
    let mut asked = JoinSet::new();
    for _ in 0..64 {
        let asking = stage.owner.at(&instance(&stage.app.another_instance(), &stage.worked));
        asked.spawn(asking.request("POST", "/api/ask/").into_future());
    }
    let mut done = 0;
    for reply in asked.join_all().await {
        match reply.status {
            200 => done += 1,
            // With one of 64 writers at a time, some may run out of time: they are told to come again.
            503 => {}
            _ => assert_eq!(reply.error(), "plan_limit_reached"),
        }
    }
    stage.app.clock.advance(credits::HELD_FOR + Duration::from_mins(1));
    assert!(done > 0 && done * SPENT <= 50, "{done}");
    assert_eq!(stage.remaining().await, 50 - done * SPENT);
}

#[tokio::test]
async fn what_takes_longer_than_credits_are_held_is_paid_from_what_there_is_then() {
    let stage = Stage::set(Plan::Trial).await;
    let (store, organization) = (&stage.app.app.store, stage.app.organization_id());
    let now = || stage.app.app.clock.now();
    let slow = credits::reserve(store, organization, "slow", 30, now()).await.unwrap();
    let slower = credits::reserve(store, organization, "slower", 20, now()).await.unwrap();
    assert_eq!(stage.remaining().await, 0);
    stage.app.clock.advance(credits::HELD_FOR + Duration::from_mins(1));
    assert_eq!(stage.remaining().await, 50, "a reservation that is left ends by itself");
    let quick = credits::reserve(store, organization, "quick", 25, now()).await.unwrap();
    credits::settle(store, &quick, 25, now()).await.unwrap();
    assert!(credits::settle(store, &slow, 30, now()).await.is_err());
    credits::settle(store, &slower, 20, now()).await.unwrap();
    credits::settle(store, &slower, 20, now()).await.unwrap();
    credits::release(store, &slower, now()).await.unwrap();
    assert_eq!(stage.remaining().await, 5);
}

#[tokio::test]
async fn what_was_spent_is_told_by_day() {
    let stage = Stage::set(Plan::Starter).await;
    for _ in 0..3 {
        assert_eq!(stage.asking.request("POST", "/api/ask/").await.status, 200);
    }
    let month = shared::model::Month::of(stage.app.app.clock.now());
    let organizations = [stage.app.organization_id()];
    let totals = shared::store::usage::totals(&stage.app.app.store, &organizations, month).await.unwrap();
    assert_eq!(totals[0].credits, 15);
    let all = shared::store::organizations::all(&stage.app.app.store).await.unwrap();
    assert!(all.iter().any(|organization| organization.id == organizations[0]), "the operator sees all");
    let value: Value = usage(&stage.owner).await;
    assert_eq!(value["ai_credits"]["used"], 15);
}
