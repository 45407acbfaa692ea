//! How many active users a plan allows. The operator's tool adds them, and this is what it calls.

use serde_json::json;
use shared::base::Email;
use shared::model::user::Status;
use shared::model::{Plan, Role, User};
use shared::store::users::{self, CreateError, NewUser, StatusError};
use tests::paths::{LOGIN, STATUS};
use tests::{Actor, TestApp, TestUser};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{start, told};

async fn create(app: &TestApp, email: &str) -> Result<User, CreateError> {
    let new = NewUser {
        email: Email::parse(email).unwrap(),
        first_name: "Test".into(),
        last_name: "User".into(),
        role: Role::Viewer,
        password_hash: tests::password_hash().await.clone(),
    };
    users::create(&app.app.store, app.organization_id(), new, app.app.clock.now()).await
}

fn email() -> String {
    format!("{}@example.com", Uuid::new_v4())
}

async fn set_status(app: &TestApp, user: &TestUser, status: Status) -> Result<(), StatusError> {
    users::set_status(&app.app.store, app.organization_id(), user.user.id, status).await
}

#[tokio::test]
async fn there_are_as_many_as_the_plan_allows() {
    let (app, owner) = start().await;
    let (second, third) = (app.user(Role::Viewer).await, app.user(Role::Viewer).await);
    app.set_plan(Plan::Starter).await;
    let refused = create(&app, &email()).await.unwrap_err();
    let refusal =
        "The plan starter allows 3 active users, and there are 3. Deactivate one, or ask for a larger plan.";
    assert_eq!(refused.to_string(), refusal);

    // Who is deactivated takes no place, and needs one to come back.
    set_status(&app, &second, Status::Deactivated).await.unwrap();
    set_status(&app, &second, Status::Deactivated).await.unwrap();
    assert_eq!(told(&owner, "/users/used").await, 2);
    let fourth = create(&app, &email()).await.unwrap();
    assert_eq!(set_status(&app, &second, Status::Active).await.unwrap_err().to_string(), refusal);
    assert_eq!(second.get(STATUS).await.status, 401);
    users::delete(&app.app.store, app.organization_id(), &third.user).await.unwrap();
    set_status(&app, &second, Status::Active).await.unwrap();
    assert_eq!(second.get(STATUS).await.status, 200);
    assert_eq!(told(&owner, "/users/used").await, 3);
    assert!(u64::from(fourth.id) > u64::from(third.user.id), "numbers are not used again");

    let gone = users::delete(&app.app.store, app.organization_id(), &third.user).await;
    assert!(matches!(gone, Err(StatusError::NoUser(_))), "who is gone frees no place twice");
    assert_eq!(told(&owner, "/users/used").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_users_on_the_last_place_one_is_added() {
    let (app, owner) = start().await;
    app.user(Role::Viewer).await;
    app.set_plan(Plan::Starter).await;
    let mut creates = JoinSet::new();
    for _ in 0..64 {
        let app = app.another_instance();
        creates.spawn(async move { create(&app, &email()).await });
    }
    let mut added = Vec::new();
    for created in creates.join_all().await {
        match created {
            Ok(user) => added.push(user),
            Err(error) => assert!(matches!(error, CreateError::PlanLimit(_)), "{error}"),
        }
    }
    assert_eq!((added.len(), told(&owner, "/users/used").await), (1, 3));
    let body = json!({ "email": added[0].email, "password": tests::PASSWORD });
    assert_eq!(app.post(LOGIN).json(&body).await.status, 200);
}

#[tokio::test]
async fn an_email_that_is_taken_takes_no_place() {
    let (app, owner) = start().await;
    let taken = create(&app, &owner.user.email.to_string()).await.unwrap_err();
    assert!(matches!(taken, CreateError::EmailTaken(_)), "{taken}");
    assert_eq!(told(&owner, "/users/used").await, 1);
}
