//! A new access token for a refresh token, which stays as it is.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use secrecy::SecretString;
use serde::Serialize;
use shared::access::rate_limit::{Limit, Principal};
use shared::access::token::{self, PresentedToken, TokenSubject, TokenType};
use shared::base::Error;
use shared::base::{Fields, Invalid};
use shared::http::{JsonBody, RequestContext};
use shared::model::User;
use shared::service::App;
use shared::store::users;
use utoipa::ToSchema;

/// A refresh token.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = RefreshToken)]
pub(crate) struct Refresh {
    /// As signing in gave it.
    #[deserr(try_from(String) = presented -> Invalid)]
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 4096)]
    refresh: SecretString,
}

fn presented(token: String) -> Result<SecretString, Invalid> {
    match token.len() {
        0 => Err("Must not be empty.".into()),
        1..=token::MAX_BYTES => Ok(token.into()),
        _ => Err("Must not be longer than any token of ours: send it exactly as it was issued.".into()),
    }
}

/// A new access token.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessToken {
    /// Good for requests, for one hour.
    access: String,
}

/// Get a new access token
///
/// The refresh token stays as it is. At most 60 times a minute from an address.
#[utoipa::path(
    post,
    path = "/api/auth/token/refresh/",
    operation_id = "refresh_token",
    tag = "Authentication",
    request_body = Refresh,
    responses((status = 200, description = "A new access token.", body = AccessToken)),
)]
pub(crate) async fn refresh(
    State(app): State<App>,
    context: RequestContext,
    JsonBody(Refresh { refresh }): JsonBody<Refresh>,
) -> Result<Json<AccessToken>, Error> {
    let token = PresentedToken::parse(refresh)?;
    let user = Box::pin(authenticate(&app, &token, context.source_ip)).await?;
    let subject = TokenSubject::of(token.claimed.organization, &user);
    Ok(Json(AccessToken {
        access: token::issue(&app.secrets, subject, TokenType::Access, app.clock.now()).await?,
    }))
}

/// Whose token it is. One that is not ours is refused before anything is read for it.
async fn authenticate(app: &App, token: &PresentedToken, address: Option<IpAddr>) -> Result<User, Error> {
    let now = app.clock.now();
    let TokenSubject { organization, user, .. } = token.claimed;
    let verify = token.verify(&app.secrets, TokenType::Refresh, now);
    let user = async { Ok(users::find(&app.store, organization, user).await?) };
    let principal = Principal::address(Limit::RefreshAddress, address);
    let throttle = app.admission.rate_limiter().check(&app.store, &principal, now);
    let user = if app.secrets.are_fetched() {
        verify.await?;
        tokio::try_join!(user, throttle)?.0
    } else {
        // An instance's first request counts the address while it fetches the secret. The read then takes the count's connection.
        tokio::try_join!(verify, throttle)?;
        user.await?
    };
    token::current_user(token.claimed, user)
}
