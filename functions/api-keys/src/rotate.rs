//! Rotating a key: a new one like it, and an end to the old one.

use axum::extract::State;
use deserr::Deserr;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use shared::access::Caller;
use shared::error::{Code, Fields, Invalid};
use shared::http::{Created, Idempotency, JsonBody, PathId, RequestContext};
use shared::model::ApiKey;
use shared::store::{Versioned, collection};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::api_key::{NewApiKey, check_own, created};
use crate::create::NewKey;

const LONGEST_GRACE_SECONDS: u32 = 7 * 24 * 60 * 60;

/// How long the old key goes on working.
#[derive(Default, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ApiKeyRotate, examples(json!({ "grace_period_seconds": 86_400 })))]
pub(crate) struct Rotate {
    /// Never longer than it would have otherwise.
    #[deserr(default)]
    #[schema(value_type = u32, minimum = 0, maximum = 604_800, required = false, default = 0)]
    grace_period_seconds: Grace,
}

#[derive(Clone, Copy, Default, Deserr)]
#[deserr(try_from(u64) = Grace::parse -> Invalid)]
struct Grace(u32);

impl Grace {
    fn parse(seconds: u64) -> Result<Self, Invalid> {
        match u32::try_from(seconds) {
            Ok(seconds @ 0..=LONGEST_GRACE_SECONDS) => Ok(Self(seconds)),
            _ => Err(Invalid(format!("Must be 0 to {LONGEST_GRACE_SECONDS} (7 days).").into())),
        }
    }
}

/// Rotate an API key
///
/// Makes a new key like it, under an ID of its own, and ends the old one when the grace period does. One's own only.
#[utoipa::path(
    post,
    path = "/api/api-keys/{id}/rotate/",
    operation_id = "rotate_api_key",
    tag = "API keys",
    request_body = Option<Rotate>,
    responses(
        (status = 201, description = "The new key.", body = NewApiKey),
        (status = 409, description = "The key has expired."),
    ),
)]
pub(crate) async fn rotate(
    State(app): State<App>,
    context: RequestContext,
    caller: Caller,
    PathId(id): PathId,
    idempotency: Idempotency,
    body: Option<JsonBody<Rotate>>,
) -> Result<Created<NewApiKey>, Error> {
    let JsonBody(Rotate { grace_period_seconds: Grace(grace) }) = body.unwrap_or(JsonBody(Rotate::default()));
    let (organization, now) = (caller.organization(), app.clock.now());
    let mut text = SecretString::default();
    let key = collection::create_from(&app.store, organization, id, |new_id, old: Versioned<ApiKey>| {
        check_own(&caller, &old.entity)?;
        if old.entity.has_expired(now) {
            let detail = format!("API key {id} has expired: make a new one instead.");
            return Err(Error::new(Code::Conflict, detail).into());
        }
        let ending = ApiKey { expires_at: Some(end(&old.entity, now, grace)), ..old.entity.clone() };
        let mut others = old.replace(organization, &old.next(ending))?;

        let ApiKey { name, scope, expires_at, .. } = old.entity;
        let (key, minted) = NewKey { name, scope, expires_at }.mint(&app, &caller, new_id)?;
        text = minted;
        others.extend(idempotency.keep(&created(&context, Versioned::first(key.clone()), &text))?);
        Ok((key, others))
    })
    .await?;
    Ok(created(&context, key, &text))
}

/// When the old key ends: after the grace, but never later than it would have anyway.
fn end(old: &ApiKey, now: Timestamp, grace: u32) -> Timestamp {
    let after_grace = now.saturating_add(SignedDuration::from_secs(grace.into())).unwrap_or(now);
    old.expires_at.map_or(after_grace, |end| end.min(after_grace))
}
