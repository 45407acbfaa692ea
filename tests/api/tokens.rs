//! What every route asks of a token.

use std::time::Duration;

use jsonwebtoken::{Algorithm, Header};
use serde_json::json;
use shared::access::token::ACCESS_TOKEN_LIFETIME;
use shared::model::Role;
use shared::model::user::Status;
use shared::store::SecretValue;
use shared::store::users;
use tests::paths::STATUS;
use tests::{Actor, TestApp, TestUser, password_hash, token};

async fn refused(user: &TestUser, says: &str) {
    let reply = user.get(STATUS).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"), "{says}: {reply:?}");
    assert!(reply.text("detail").contains(says), "{reply:?}");
    assert_eq!(reply.header("www-authenticate"), Some(r#"Bearer realm="claribi", error="invalid_token""#));
}

async fn start() -> (TestApp, TestUser) {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    (app, viewer)
}

#[tokio::test]
async fn an_access_token_lives_one_hour() {
    let (app, viewer) = start().await;
    app.clock.advance(Duration::from_secs(ACCESS_TOKEN_LIFETIME.as_secs() - 1));
    assert_eq!(viewer.get(STATUS).await.status, 200);
    app.clock.advance(Duration::from_secs(1));
    let reply = viewer.get(STATUS).await;
    assert_eq!((reply.status, reply.error().as_str()), (401, "token_expired"));
    assert!(reply.text("detail").contains("/api/auth/token/refresh/"));
}

#[tokio::test]
async fn a_token_ends_with_its_users_password_activity_and_existence() {
    let app = TestApp::start().await;
    let (store, organization) = (&app.app.store, app.organization_id());

    let changed = app.user(Role::Owner).await;
    users::set_password(store, organization, &changed.user, password_hash().await).await.unwrap();
    refused(&changed, "password was changed").await;
    assert_eq!(changed.sign_in().await.get(STATUS).await.status, 200, "signed in within the same second");

    let deactivated = app.user(Role::Owner).await;
    users::set_status(store, organization, deactivated.user.id, Status::Deactivated).await.unwrap();
    refused(&deactivated, "deactivated").await;

    let deleted = app.user(Role::Owner).await;
    users::delete(store, organization, &deleted.user).await.unwrap();
    refused(&deleted, "no longer exists").await;
}

#[tokio::test]
async fn a_refresh_token_is_not_an_access_token() {
    let (_, viewer) = start().await;
    refused(&viewer.with(&viewer.refresh), "send the access token").await;
}

#[tokio::test]
async fn no_algorithm_but_hs256_is_accepted() {
    let (app, viewer) = start().await;
    let claims = token::claims(&app, &viewer);
    let kid = token::header(&app).await.kid.unwrap();
    for algorithm in
        ["none", "None", "NONE", "RS256", "ES256", "PS256", "EdDSA", "HS384", "HS512", "", "hs256"]
    {
        let header = json!({ "typ": "JWT", "alg": algorithm, "kid": kid });
        for signature in [&b""[..], &[7; 32]] {
            refused(&viewer.with(token::unsigned(&header, &claims, signature)), "HS256").await;
        }
    }
    // Signed with the right key, under another algorithm.
    let header = Header { kid: Some(kid), ..Header::new(Algorithm::HS512) };
    refused(&viewer.with(token::sign(&app, &header, &claims).await), "HS256").await;
}

#[tokio::test]
async fn a_token_signed_by_another_key_is_refused() {
    let (app, viewer) = start().await;
    let (elsewhere, _) = start().await;
    let claims = token::claims(&app, &viewer);
    let theirs = token::sign(&elsewhere, &token::header(&elsewhere).await, &claims).await;
    refused(&viewer.with(theirs), "a key that is not in use").await;
    let forged = token::sign(&elsewhere, &token::header(&app).await, &claims).await;
    refused(&viewer.with(forged), "signature does not match").await;
}

#[tokio::test]
async fn a_header_that_is_not_ours_is_refused() {
    let (app, viewer) = start().await;
    let claims = token::claims(&app, &viewer);
    let ours = token::header(&app).await;
    let without_kid = Header { kid: None, ..ours.clone() };
    refused(&viewer.with(token::sign(&app, &without_kid, &claims).await), "a kid").await;
    let other_type = Header { typ: Some("at+jwt".into()), ..ours };
    refused(&viewer.with(token::sign(&app, &other_type, &claims).await), "typ JWT").await;
}

#[tokio::test]
async fn claims_must_be_complete_and_of_the_present() {
    let (app, viewer) = start().await;
    let header = token::header(&app).await;
    let now = app.clock.now();
    let valid = token::claims(&app, &viewer);
    assert_eq!(viewer.with(token::sign(&app, &header, &valid).await).get(STATUS).await.status, 200);
    for claim in valid.as_object().unwrap().keys() {
        let mut claims = valid.clone();
        claims.as_object_mut().unwrap().remove(claim);
        refused(&viewer.with(token::sign(&app, &header, &claims).await), "lacks a claim").await;
    }
    for (claim, value, says) in [
        ("exp", json!("tomorrow"), "lacks a claim"),
        ("exp", json!(1e300), "lacks a claim"),
        ("org", json!(-1), "lacks a claim"),
        ("org", json!(0), "no longer exists"),
        ("sub", json!("one"), "not a user"),
        ("sub", json!("99999999999999999999"), "not a user"),
        ("iss", json!("somebody"), "somebody else"),
        ("iat", json!(now + 6), "in the future"),
        ("token_type", json!("session"), "lacks a claim"),
    ] {
        let mut claims = valid.clone();
        claims[claim] = value;
        refused(&viewer.with(token::sign(&app, &header, &claims).await), says).await;
    }
}

#[tokio::test]
async fn a_token_cut_short_is_refused() {
    let (_, viewer) = start().await;
    for length in (1..viewer.access.len()).step_by(7) {
        let reply = viewer.with(&viewer.access[..length]).get(STATUS).await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "invalid_token"), "{length}");
    }
}

#[tokio::test]
async fn a_credential_must_be_one_bearer_token() {
    let (app, viewer) = start().await;
    let bearer = format!("Bearer {}", viewer.access);
    for (values, says) in [
        (vec![], "Send \"Authorization: Bearer"),
        (vec![String::new()], "must be Bearer"),
        (vec!["Basic dXNlcjpwYXNz".into()], "must be Bearer"),
        (vec![viewer.access.clone()], "must be Bearer"),
        (vec!["Bearer".into()], "no token"),
        (vec!["Bearer ".into()], "no token"),
        (vec![format!("{bearer} {}", viewer.access)], "more than one token"),
        (vec![format!("{bearer}, {bearer}")], "more than one token"),
        (vec![bearer.clone(), bearer.clone()], "two Authorization headers"),
    ] {
        let request =
            values.iter().fold(app.get(STATUS), |request, value| request.header("authorization", value));
        let reply = request.await;
        assert_eq!((reply.status, reply.error().as_str()), (401, "not_authenticated"), "{values:?}");
        assert!(reply.text("detail").contains(says), "{reply:?}");
        assert_eq!(reply.header("www-authenticate"), Some(r#"Bearer realm="claribi""#));
    }
    let reply = app.get(STATUS).header("authorization", b"Bearer \xff\xfe").await;
    assert_eq!(reply.error(), "not_authenticated");
}

#[tokio::test]
async fn a_rotated_secret_logs_nobody_out() {
    let (app, viewer) = start().await;
    app.change_secret(SecretValue::rotated).await;
    let again = viewer.sign_in().await;
    assert_eq!(viewer.get(STATUS).await.status, 200, "signed with the key that is now previous");
    assert_eq!(again.get(STATUS).await.status, 200);

    // An instance that has not fetched the new version does when it sees a token signed with it.
    app.clock.advance(Duration::from_mins(5));
    let new = viewer.sign_in().await;
    assert_eq!(new.get(STATUS).await.status, 200);
    assert_eq!(viewer.get(STATUS).await.status, 200);

    app.change_secret(SecretValue::rotated).await;
    app.clock.advance(Duration::from_mins(5));
    refused(&viewer, "a key that is not in use").await;
    assert_eq!(new.get(STATUS).await.status, 200);
}
