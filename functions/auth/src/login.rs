//! Signing in with email and password.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use serde::Serialize;
use shared::access::Password;
use shared::access::password::{self, Check};
use shared::access::rate_limit::{Limit, Principal};
use shared::access::token::{self, TokenSubject, TokenType};
use shared::base::Email;
use shared::base::Error;
use shared::base::error::chain;
use shared::base::{Code, Fields};
use shared::http::{JsonBody, RequestContext};
use shared::model::user::Status;
use shared::service::App;
use shared::store::users::{self, EmailOwner};
use utoipa::ToSchema;

/// An email and its password.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = Credentials)]
pub(crate) struct Login {
    /// Compared without regard to case or surrounding space.
    email: Email,
    password: Password,
}

/// JWTs, to be treated as opaque.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Good for requests, for one hour.
    #[schema(examples("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.…"))]
    access: String,
    /// Good for new access tokens, for seven days.
    #[schema(examples("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.…"))]
    refresh: String,
}

/// Sign in
///
/// At most 10 times a minute with an email, and 30 times from an address. An unknown email, a wrong password and a deactivated
/// user get the same answer.
#[utoipa::path(
    post,
    path = "/api/auth/login/",
    operation_id = "sign_in",
    tag = "Authentication",
    request_body = Login,
    responses((status = 200, description = "Signed in.", body = Tokens)),
)]
pub(crate) async fn login(
    State(app): State<App>,
    context: RequestContext,
    JsonBody(Login { email, password }): JsonBody<Login>,
) -> Result<Json<Tokens>, Error> {
    // An instance's first sign-in fetches the key that signs while it reads.
    let keys = async { Ok(app.secrets.keys().await?) };
    let (subject, _) = tokio::try_join!(authenticate(&app, &email, password, context.source_ip), keys)?;
    let now = app.clock.now();
    Ok(Json(Tokens {
        access: token::issue(&app.secrets, subject, TokenType::Access, now).await?,
        refresh: token::issue(&app.secrets, subject, TokenType::Refresh, now).await?,
    }))
}

/// Whose email and password they are. An unknown email takes the same reads and the same hashing as a wrong
/// password, and neither it nor a deactivated user gets another answer.
async fn authenticate(
    app: &App,
    email: &Email,
    password: Password,
    address: Option<IpAddr>,
) -> Result<TokenSubject, Error> {
    let owner = async { Ok(users::find_owner(&app.store, email).await?) };
    let (owner, ()) = tokio::try_join!(owner, throttle(app, email, address))?;
    let EmailOwner { organization, user } = owner.unwrap_or_else(EmailOwner::nobody);
    let user = users::find(&app.store, organization, user).await?.filter(|user| user.email == *email);

    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let check = password::check(password, hash).await?;
    match user.filter(|user| user.status == Status::Active) {
        Some(user) if check != Check::Wrong => {
            if let Check::RightWithNewHash(hash) = check {
                // They are signed in either way; the next time tries again.
                if let Err(error) = users::rehash_password(&app.store, organization, &user, &hash).await {
                    tracing::warn!(cause = chain(&error), "the password's new hash was not stored");
                }
            }
            Ok(TokenSubject::of(organization, &user))
        }
        _ => Err(Error::new(
            Code::InvalidCredentials,
            "No active user has this email and password. Check both, or ask an administrator.",
        )),
    }
}

/// Counts a sign-in, whether or not it will succeed, for the email and for the address that it comes from.
async fn throttle(app: &App, email: &Email, address: Option<IpAddr>) -> Result<(), Error> {
    let now = app.clock.now();
    let (by_email, by_address) =
        (Principal::login_email(email), Principal::address(Limit::LoginAddress, address));
    app.admission.rate_limiter().check_both(&app.store, (&by_email, &by_address), now).await
}
