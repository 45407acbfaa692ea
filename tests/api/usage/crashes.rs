//! Credits are spent once, whatever ends or fails between their steps.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use shared::model::{Month, Plan, Role};
use shared::store::credits::HELD_FOR;
use tests::paths::STATUS;
use tests::{Actor, Call, Fault, TestApp, TestUser, Wire};
use tokio::sync::Notify;

use super::credits::{HELD, SPENT, instance};

/// More than a request makes.
const STEPS: usize = 12;

struct Stage {
    wire: Wire,
    app: TestApp,
    owner: TestUser,
    worked: Arc<AtomicUsize>,
}

impl Stage {
    async fn set() -> Self {
        let wire = Wire::default();
        let app = TestApp::start_on(&wire).await;
        app.set_plan(Plan::Starter).await;
        let owner = app.user(Role::Owner).await;
        Self { wire, app, owner, worked: Arc::default() }
    }

    /// The user at an instance that shares nothing in memory with others, and has the secret: its sockets do not know of paused time.
    async fn asking(&self) -> TestUser {
        let app = self.app.another_instance();
        app.app.secrets.keys().await.unwrap();
        self.owner.at(&instance(&app, &self.worked))
    }

    async fn remaining(&self) -> u64 {
        let status = self.owner.get(STATUS).await;
        status.body["organization"]["ai_credits_remaining"].as_u64().unwrap()
    }

    /// Credits that were counted as spent.
    async fn counted(&self) -> u64 {
        let month = Month::of(self.app.app.clock.now());
        let organizations = [self.app.organization_id()];
        let totals = shared::store::usage::totals(&self.app.app.store, &organizations, month).await;
        totals.unwrap()[0].credits
    }
}

/// Fails from the call of that number on, of those of a request, as many as told.
fn from(step: usize, count: usize, fault: Fault) -> impl FnMut(&Call) -> Option<Fault> + Send {
    let mut calls = 0;
    move |_| {
        calls += 1;
        (step..step + count).contains(&(calls - 1)).then_some(fault)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_at_any_step_is_followed_by_another_that_spends_once() {
    for step in 0..STEPS {
        for comes_back_early in [true, false] {
            let stage = Stage::set().await;
            let (reached, asking) = (Arc::new(Notify::new()), stage.asking().await);
            let mut fail = from(step, usize::MAX - step, Fault::Hang);
            let hangs = Arc::clone(&reached);
            stage.wire.fail(move |call| {
                let fault = fail(call);
                if fault.is_some() {
                    hangs.notify_one();
                }
                fault
            });
            // A runtime of its own is dropped with all that it does, as by `kill -9`.
            let killed = tokio::task::spawn_blocking(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let request = asking.request("POST", "/api/ask/").header("idempotency-key", "k");
                    tokio::select! {
                        reply = request.into_future() => Some(reply),
                        () = reached.notified() => None,
                    }
                })
            });
            let reply = killed.await.unwrap();
            stage.wire.fail(|_| None);
            let left = stage.remaining().await;
            assert!([500, 500 - HELD, 500 - SPENT].contains(&left), "step {step}: {left}");
            // The claim of the key ends first, and the reservation later.
            let pause =
                if comes_back_early { Duration::from_secs(11) } else { HELD_FOR + Duration::from_mins(1) };
            stage.app.clock.advance(pause);
            if !comes_back_early {
                let left = stage.remaining().await;
                assert!(
                    [500, 500 - SPENT].contains(&left),
                    "step {step}: {left} although nothing is held any more"
                );
            }
            let again =
                stage.asking().await.request("POST", "/api/ask/").header("idempotency-key", "k").await;
            assert_eq!(again.status, 200, "step {step}: {again:?}");
            assert_eq!(stage.remaining().await, 500 - SPENT, "step {step}");
            assert_eq!(stage.counted().await, SPENT, "step {step}");
            assert!(reply.is_none_or(|reply| reply.status == 200), "step {step}");
        }
    }
}

#[tokio::test]
async fn a_store_that_fails_at_any_step_has_credits_spent_once() {
    for fault in [Fault::ServerError, Fault::LostAnswer, Fault::TransactionConflict, Fault::Throttled] {
        for count in [1, 3] {
            for step in 0..STEPS {
                let stage = Stage::set().await;
                let (one, other) = (stage.asking().await, stage.asking().await);
                stage.wire.fail(from(step, count, fault));
                tokio::time::pause();
                let ask = |user: TestUser| user.request("POST", "/api/ask/").header("idempotency-key", "k");
                let first = ask(one).await;
                stage.wire.fail(|_| None);
                let context = format!("{fault:?} {count} at {step}");
                assert!([200, 503].contains(&first.status), "{context}: {first:?}");
                stage.app.clock.advance(Duration::from_secs(11));
                assert_eq!(ask(other).await.status, 200, "{context}");
                assert_eq!(
                    (stage.remaining().await, stage.counted().await),
                    (500 - SPENT, SPENT),
                    "{context}"
                );
                tokio::time::resume();
            }
        }
    }
}

#[tokio::test]
async fn a_failure_costs_nothing_whatever_fails_beside_it() {
    for fault in [Fault::ServerError, Fault::LostAnswer] {
        for step in 0..STEPS {
            let stage = Stage::set().await;
            let asking = stage.asking().await;
            stage.wire.fail(from(step, 3, fault));
            tokio::time::pause();
            let failed = asking.request("POST", "/api/fail/").await;
            stage.wire.fail(|_| None);
            assert!(failed.status >= 500, "{fault:?} at {step}: {failed:?}");
            // What could not be given back comes back by itself.
            stage.app.clock.advance(HELD_FOR + Duration::from_mins(1));
            assert_eq!((stage.remaining().await, stage.counted().await), (500, 0), "{fault:?} at {step}");
            tokio::time::resume();
        }
    }
}
