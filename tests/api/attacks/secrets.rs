//! The secret: its keys change without anybody being signed out, and while it cannot be looked at nobody's token is called bad.

use jsonwebtoken::{Algorithm, Header};
use local::secrets_manager::SecretsManager;
use serde_json::json;
use shared::model::Role;
use shared::service::app::Stores;
use shared::store::{SecretValue, Secrets, aws};
use tests::paths::{DASHBOARDS, DATA_SOURCES, STATUS, item};
use tests::{Actor, Instance, TestApp, TestUser};

/// A token of the user's that names a signing key which there is not.
async fn with_unknown_kid(app: &TestApp, user: &TestUser, kid: &str) -> String {
    let header = Header { kid: Some(kid.into()), ..Header::new(Algorithm::HS256) };
    tests::token::sign(app, &header, &tests::token::claims(app, user)).await
}

async fn sign_in(user: &TestUser, app: &TestApp) -> TestUser {
    let reply = app.login(&user.user.email.to_string(), tests::PASSWORD).await;
    TestUser { access: reply.text("access"), ..user.clone() }
}

#[tokio::test]
async fn an_unknown_kid_of_one_request_does_not_make_anothers_token_fail() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let forged = with_unknown_kid(&app, &owner, "made-up").await;
    assert_eq!(app.get(STATUS).token(&forged).await.status, 401);

    app.change_secret(SecretValue::rotated).await;
    let signed_anew = sign_in(&owner, &app.another_instance()).await;
    assert_eq!(signed_anew.at(&app.instance()).get(STATUS).await.status, 200, "in the same second");
}

#[tokio::test]
async fn keys_that_there_are_not_are_looked_up_a_few_times_and_then_the_service_is_busy() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let forged = with_unknown_kid(&app, &owner, &format!("made-up-{number}")).await;
        statuses.push(app.get(STATUS).token(&forged).await.status);
    }
    assert_eq!(statuses, [[401; 10].as_slice(), &[503; 2]].concat());
    assert_eq!(owner.get(STATUS).await.status, 200, "a key that is known needs no look-up");
    let again = with_unknown_kid(&app, &owner, "made-up-0").await;
    assert_eq!(
        app.get(STATUS).token(&again).await.status,
        401,
        "nor does one that was looked up a moment ago"
    );
}

#[tokio::test]
async fn while_the_secret_cannot_be_looked_at_nobodys_token_is_called_bad() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let secrets_manager = SecretsManager::start(None).unwrap();
    let mut settings = tests::settings();
    settings.secrets_manager_endpoint = Some(format!("http://{}", secrets_manager.address()));
    let (_, client) = aws::clients(&settings, aws::http_client().unwrap());
    let current = app.secrets_manager.get_secret_value().secret_id(&app.secret_id).send().await.unwrap();
    let value = current.secret_string.unwrap();
    client.create_secret().name("secret").secret_string(value).send().await.unwrap();
    let secrets = Secrets::new(client, "secret".into(), app.clock.clock());
    let instance = app.instance_over(Stores { secrets, ..app.stores() });
    assert_eq!(owner.at(&instance).get(STATUS).await.status, 200, "it has a copy");

    app.change_secret(SecretValue::rotated).await;
    let signed_anew = sign_in(&owner, &app.another_instance()).await;
    drop(secrets_manager);
    let reply = signed_anew.at(&instance).get(STATUS).await;
    assert_eq!((reply.status, reply.error().as_str()), (503, "service_unavailable"), "it may be good");
    assert_eq!(owner.at(&instance).get(STATUS).await.status, 200, "the copy serves on");
}

#[tokio::test]
async fn a_data_key_is_added_without_touching_tokens() {
    let app = TestApp::start().await;
    let before = app.user(Role::Owner).await;
    app.change_secret(SecretValue::rotated).await;
    let after = sign_in(&before, &app.another_instance()).await;
    for _ in 0..2 {
        app.change_secret(SecretValue::with_new_data_key).await;
    }
    let fresh = app.another_instance().instance();
    assert_eq!(before.at(&fresh).get(STATUS).await.status, 200, "signed with the key of before the rotation");
    assert_eq!(after.at(&fresh).get(STATUS).await.status, 200);
}

#[tokio::test]
async fn what_a_newer_data_key_sealed_opens_on_an_instance_with_the_older_copy() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    assert_eq!(owner.get(STATUS).await.status, 200, "this instance has the secret as it is");
    app.change_secret(SecretValue::with_new_data_key).await;
    let newer: Instance = app.another_instance().instance();

    let body = json!({ "name": "x" });
    let post = |user: &TestUser| user.post(DASHBOARDS, &body).header("idempotency-key", "k");
    let made = post(&owner.at(&newer)).await;
    let replayed = post(&owner).await;
    assert_eq!((replayed.status, &replayed.body), (201, &made.body));

    let source = json!({
        "name": "x", "type": "database", "engine": "postgresql",
        "connection": { "host": "db.example.com", "database": "d", "username": "u", "password": "p" },
    });
    let app = app.another_organization().await;
    let (owner, older) = (app.user(Role::Owner).await, app.instance());
    app.change_secret(SecretValue::with_new_data_key).await;
    let id = owner.at(&app.another_instance().instance()).post(DATA_SOURCES, &source).await.id();
    let patch = json!({ "connection": { "ssl_mode": "verify_full", "password": "q" } });
    let reply = owner.at(&older).patch(&item(DATA_SOURCES, id), &patch).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}
