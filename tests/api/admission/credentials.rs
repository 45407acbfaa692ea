//! Credentials: keys beside tokens, one at a time, and none that is made up.

use shared::model::Role;
use shared::model::user::Status;
use shared::store::users;
use tests::paths::{API_KEYS, STATUS, item};
use tests::{Actor, TestApp, Wire, entities, token};

#[tokio::test]
async fn a_key_acts_for_its_user() {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let key = entities::api_key(&analyst, "read_only").await;
    let by_key = key.get(STATUS).await;
    let by_token = analyst.get(STATUS).await;
    assert_eq!((by_key.status, by_key.body), (200, by_token.body));
}

#[tokio::test]
async fn a_key_dies_with_its_user_and_changes_with_their_role() {
    let app = TestApp::start().await;
    let (store, organization) = (&app.app.store, app.organization_id());
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_write").await;

    users::set_role(store, organization, owner.user.id, Role::Viewer).await.unwrap();
    assert_eq!(key.get(STATUS).await.body["user"]["role"], "viewer");
    users::set_status(store, organization, owner.user.id, Status::Deactivated).await.unwrap();
    let reply = key.get(STATUS).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
    users::set_status(store, organization, owner.user.id, Status::Active).await.unwrap();
    assert_eq!(key.get(STATUS).await.status, 200);
    users::delete(store, organization, &owner.user).await.unwrap();
    assert_eq!(key.get(STATUS).await.status, 401);
}

#[tokio::test]
async fn one_credential_at_a_time() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    let both = owner.get(STATUS).api_key(&key.key).await;
    let two = key.get(STATUS).api_key(&key.key).await;
    let empty = key.with(" ").get(STATUS).await;
    for reply in [both, two, empty] {
        assert_eq!((reply.status, reply.error().as_str()), (401, "not_authenticated"), "{reply:?}");
    }
    let odd = app.get(STATUS).header("x-api-key", b"claribi_sk_test_\xff").await;
    assert_eq!(odd.status, 401);
}

#[tokio::test]
async fn what_is_no_key_is_refused_before_any_io() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let real = entities::api_key(&owner, "read_only").await;
    let key = &real.key;
    wire.take_calls();
    let swapped = format!("{}{}{}", &key[..60], if &key[60..61] == "0" { "1" } else { "0" }, &key[61..]);
    for key in [
        &swapped,
        &key[..111],
        "claribi_sk_test_your_key_here",
        "x",
        &key.to_uppercase(),
        &format!("{key}0"),
        &key.replace("_test_", "_live_"),
    ] {
        let reply = real.with(key).get(STATUS).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"), "{key}");
    }
    assert_eq!(wire.take_calls().len(), 0);
}

#[tokio::test]
async fn a_forged_key_is_refused_and_spends_nothing_of_its_victims() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    let forged = key.forged();
    assert_ne!(forged.key, key.key);
    assert_eq!(key.get(STATUS).await.header("x-ratelimit-remaining"), Some("99"));
    for _ in 0..30 {
        let reply = forged.get(STATUS).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_api_key"));
        assert_eq!(reply.header("x-ratelimit-remaining"), None);
        app.after_answer().await;
    }
    assert_eq!(key.get(STATUS).await.header("x-ratelimit-remaining"), Some("98"));
    let shown = owner.get(&item(API_KEYS, key.id)).await;
    assert_eq!(shown.body["usage_count"], 1, "and is not counted as a use");
}

#[tokio::test]
async fn a_forged_token_is_refused_and_spends_nothing_of_its_victims() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let header = serde_json::to_value(token::header(&app).await).unwrap();
    let forged = owner.with(token::unsigned(&header, &token::claims(&app, &owner), &[7; 32]));
    let cold = app.another_instance();
    wire.take_calls();
    for instance in [&app, &cold, &cold, &app.another_instance()] {
        let reply = forged.at(&instance.instance()).get(STATUS).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"));
        assert_eq!(reply.header("x-ratelimit-remaining"), None);
        let calls = wire.take_calls().len();
        assert_eq!(calls, 0, "nothing is read or counted for it, not even by a first request");
    }
    let reply = owner.at(&cold.instance()).get(STATUS).await;
    assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, Some("999")));
}
