//! An API key as it is shown, and who gets to see it.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use shared::Error;
use shared::access::{Caller, Permission};
use shared::base::{ApiKeyId, Code, Name, Timestamp, UserId};
use shared::http::Tagged;
use shared::model::ApiKey;
use shared::model::api_key::Scope;
use shared::store::collection::not_found;
use shared::store::{Collection, Versioned};
use utoipa::ToSchema;

/// The path of the collection.
pub(crate) const API_KEYS: &str = "/api/api-keys/";

shared::path! {
    /// The path of an API key.
    pub(crate) struct ApiKeyPath {
        /// The key's ID.
        id: ApiKeyId,
    }
}

/// An API key, without the key itself.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    id: ApiKeyId,
    name: Name,
    scope: Scope,
    /// The user it acts for.
    created_by: UserId,
    created_at: Timestamp,
    /// When it stops working; null for never.
    #[schema(required)]
    expires_at: Option<Timestamp>,
    /// May lag by a minute; null until it is used.
    #[schema(required)]
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

impl NewApiKey {
    /// The key, shown this once.
    pub(crate) fn new(key: ApiKey, text: &SecretString) -> Self {
        Self { view: key.into(), key: text.expose_secret().to_owned() }
    }
}

/// The 200 for a key.
pub(crate) fn tagged(key: Versioned<ApiKey>) -> Tagged<ApiKeyView> {
    Tagged { tag: key.tag(), body: key.entity.into() }
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
