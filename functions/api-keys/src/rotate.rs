//! Rotating a key: a new one like it, and an end to the old one.

use deserr::Deserr;
use shared::Error;
use shared::base::{Code, Fields, Invalid, Timestamp};
use shared::http::{Created, JsonBody};
use shared::model::ApiKey;
use shared::service::CreateRequest;
use shared::store::New;
use shared::store::Versioned;
use utoipa::ToSchema;

use crate::api_key::{API_KEYS, ApiKeyPath, NewApiKey, check_own};
use crate::create::{ApiKeyCreate, make};

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
    params(ApiKeyPath),
    request_body = Option<Rotate>,
    responses(
        (status = 201, description = "The new key.", body = NewApiKey),
        (status = 409, description = "The key has expired, or was rotated before."),
    ),
)]
pub(crate) async fn rotate(
    request: CreateRequest,
    ApiKeyPath { id }: ApiKeyPath,
    body: Option<JsonBody<Rotate>>,
) -> Result<Created<NewApiKey>, Error> {
    let JsonBody(Rotate { grace_period_seconds: Grace(grace) }) = body.unwrap_or(JsonBody(Rotate::default()));
    let now = request.app.clock.now();
    let created = request.create_from(API_KEYS, id.into(), |new_id, old: &Versioned<ApiKey>| {
        check_own(&request.caller, &old.entity)?;
        check_may_rotate(&old.entity, now)?;
        let ApiKey { name, scope, expires_at, .. } = old.entity.clone();
        let fields = ApiKeyCreate { name, scope, expires_at };
        let (key, text) = make(&request, new_id.into(), fields, Some(old.entity.id))?;
        let shown = NewApiKey::new(key.clone(), &text);
        let expires_at = Some(end(&old.entity, now, grace));
        let original = ApiKey { expires_at, rotated_to: Some(key.id), ..old.entity.clone() };
        Ok::<_, Error>((New { original: Some(original), ..New::of(key) }, shown))
    });
    Ok(created.await?)
}

/// A key takes one rotation: a second one would make another key that counts, in place of one that does not any more.
fn check_may_rotate(key: &ApiKey, now: Timestamp) -> Result<(), Error> {
    let detail = match key.rotated_to {
        _ if key.has_expired(now) => format!("API key {} has expired: make a new one instead.", key.id),
        Some(successor) => format!("API key {} was replaced by {successor}: rotate that one.", key.id),
        None => return Ok(()),
    };
    Err(Error::new(Code::Conflict, detail))
}

/// When the old key ends: after the grace, but never later than it would have anyway.
fn end(old: &ApiKey, now: Timestamp, grace: u32) -> Timestamp {
    let after_grace = now.plus_seconds(grace.into());
    old.expires_at.map_or(after_grace, |end| end.min(after_grace))
}
