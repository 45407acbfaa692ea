//! Rotating the secret while the API is in use.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rotate_secret::{Rotation, RotationError, Step, rotate};
use serde_json::json;
use shared::model::Role;
use tests::paths::{API_KEYS, STATUS};
use tests::{Actor, TestApp, TestUser};
use uuid::Uuid;

const STEPS: [Step; 4] = [Step::CreateSecret, Step::SetSecret, Step::TestSecret, Step::FinishSecret];

async fn step(app: &TestApp, step: Step, id: &str) -> Result<(), RotationError> {
    let (secret_id, client_request_token) = (app.secret_id.clone(), id.to_owned());
    rotate(app.secrets_manager.clone(), Rotation { step, secret_id, client_request_token }).await
}

/// A rotation as Secrets Manager does it, which now and then calls a step twice.
async fn rotate_once(app: &TestApp) {
    let id = Uuid::new_v4().to_string();
    for number in STEPS {
        step(app, number, &id).await.unwrap();
        step(app, number, &id).await.unwrap();
    }
}

/// Shows the user's token to this instance.
async fn status(app: &TestApp, user: &TestUser) -> u16 {
    user.at(&app.instance()).get(STATUS).await.status
}

/// The user, signed in by this instance.
async fn signed_in(app: &TestApp, user: &TestUser) -> TestUser {
    user.at(&app.instance()).sign_in().await
}

#[tokio::test]
async fn nobody_is_logged_out_while_the_secret_rotates() {
    let app = Arc::new(TestApp::start().await);
    let owner = app.user(Role::Owner).await;
    let (done, before) = (Arc::new(AtomicBool::new(false)), owner.clone());
    let load = tokio::spawn({
        let (app, done, before) = (app.clone(), done.clone(), before.clone());
        async move {
            let mut requests = 0;
            // New instances come up all the time, and read whatever the secret is then.
            while !done.load(Ordering::Relaxed) {
                assert_eq!(status(&app.another_instance(), &before).await, 200);
                requests += 1;
            }
            requests
        }
    });
    rotate_once(&app).await;
    let after = signed_in(&app.another_instance(), &owner).await;
    assert_eq!(status(&app, &after).await, 200, "an instance with the old secret looks for the new one");
    assert_eq!(status(&app.another_instance(), &before).await, 200);
    done.store(true, Ordering::Relaxed);
    assert!(load.await.unwrap() > 0);
}

#[tokio::test]
async fn the_key_before_the_previous_one_is_refused() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    rotate_once(&app).await;
    let second = signed_in(&app.another_instance(), &owner).await;
    rotate_once(&app).await;
    let late = app.another_instance();
    assert_eq!(status(&late, &second).await, 200);
    assert_eq!(status(&late, &owner).await, 401);
}

#[tokio::test]
async fn what_rests_encrypted_stays_readable() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let create = async |app: &TestApp| {
        let request = owner.at(&app.instance()).post(API_KEYS, &json!({ "name": "x" }));
        request.header("idempotency-key", "k").await.text("key")
    };
    let key = create(&app).await;
    rotate_once(&app).await;
    assert_eq!(
        create(&app.another_instance()).await,
        key,
        "the kept answer opens with the key that sealed it"
    );
}

#[tokio::test]
async fn a_step_out_of_turn_changes_nothing() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let id = Uuid::new_v4().to_string();
    for early in [Step::SetSecret, Step::TestSecret, Step::FinishSecret] {
        assert!(matches!(step(&app, early, &id).await, Err(RotationError::UnknownVersion(_))), "{early:?}");
    }
    step(&app, Step::CreateSecret, &id).await.unwrap();
    app.clock.advance(Duration::from_mins(5));
    let token = signed_in(&app, &owner).await;
    step(&app, Step::FinishSecret, &id).await.unwrap();
    assert_eq!(status(&app.another_instance(), &token).await, 200, "a version that waits signs nothing");
}

#[test]
fn both_spellings_of_the_steps_are_read() {
    for (spelled, expected) in [
        ("createSecret", Step::CreateSecret),
        ("create_secret", Step::CreateSecret),
        ("setSecret", Step::SetSecret),
        ("set_secret", Step::SetSecret),
        ("testSecret", Step::TestSecret),
        ("test_secret", Step::TestSecret),
        ("finishSecret", Step::FinishSecret),
        ("finish_secret", Step::FinishSecret),
    ] {
        let event =
            json!({ "Step": spelled, "SecretId": "arn", "ClientRequestToken": "t", "RotationToken": "r" });
        assert_eq!(serde_json::from_value::<Rotation>(event).unwrap().step, expected);
    }
}
