//! An API key as it is answered, and who gets to see it.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use shared::Error;
use shared::access::{Caller, Permission};
use shared::error::Code;
use shared::http::{Created, RequestContext, Tagged};
use shared::model::api_key::Scope;
use shared::model::{ApiKey, ApiKeyId, Name, UserId};
use shared::store::collection::not_found;
use shared::store::{Collection, Versioned};
use utoipa::ToSchema;

/// An API key, without the key itself.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    id: ApiKeyId,
    name: Name,
    scope: Scope,
    /// The user it acts for.
    created_by: UserId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it stops working; null for never.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    expires_at: Option<Timestamp>,
    /// May lag by a minute; null until it is used.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
    /// May lag by a minute.
    usage_count: u64,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, name, scope, created_by, created_at, expires_at, last_used_at, usage_count, .. } =
            key;
        Self { id, name, scope, created_by, created_at, expires_at, last_used_at, usage_count }
    }
}

/// A new API key, with the key itself: the only answer that has it.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApiKey)]
pub(crate) struct NewApiKey {
    #[serde(flatten)]
    view: ApiKeyView,
    /// The key. It is not kept and cannot be shown again.
    #[schema(examples("claribi_sk_live_…"))]
    key: String,
}

/// The 201 for a new key.
pub(crate) fn created(
    context: &RequestContext,
    key: Versioned<ApiKey>,
    text: &SecretString,
) -> Created<NewApiKey> {
    let path = format!("/api/api-keys/{}/", key.entity.id);
    let show = |key: ApiKey| NewApiKey { view: key.into(), key: text.expose_secret().to_owned() };
    Created::new(context, &path, Tagged::new(key, show))
}

fn is_own(caller: &Caller, key: &ApiKey) -> bool {
    key.created_by == caller.user().id
}

/// `Ok` if the caller may see and revoke the key; to others it is not there.
pub(crate) fn check_visible(caller: &Caller, key: &ApiKey) -> Result<(), Error> {
    if is_own(caller, key) || caller.may(Permission::ManageAnyApiKeys) {
        return Ok(());
    }
    Err(not_found(ApiKey::NOUN, key.id.into()))
}

/// `Ok` if the key is the caller's own. Nobody else may hold a key that acts for its user, or change one.
pub(crate) fn check_own(caller: &Caller, key: &ApiKey) -> Result<(), Error> {
    check_visible(caller, key)?;
    if is_own(caller, key) {
        return Ok(());
    }
    Err(Error::new(
        Code::PermissionDenied,
        format!(
            "API key {} acts for user {}: only they may change or rotate it. You may revoke it.",
            key.id, key.created_by
        ),
    ))
}
