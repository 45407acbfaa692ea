//! Making a key.

use deserr::Deserr;
use secrecy::SecretString;
use shared::Error;
use shared::access::api_key::{self, Location};
use shared::base::{ApiKeyId, Fields, Name, Timestamp};
use shared::http::{Created, JsonBody};
use shared::model::ApiKey;
use shared::model::api_key::Scope;
use shared::service::CreateRequest;
use shared::store::New;
use utoipa::ToSchema;

use crate::api_key::{API_KEYS, NewApiKey};

/// What a new API key is to be.
#[derive(Clone, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = ApiKeyCreate,
    examples(json!({ "name": "nightly job", "scope": "read_only", "expires_at": "2099-12-31T00:00:00Z" })),
)]
pub(crate) struct ApiKeyCreate {
    pub(crate) name: Name,
    #[deserr(default = Scope::ReadOnly)]
    #[schema(required = false, default = "read_only")]
    pub(crate) scope: Scope,
    /// When it stops working, in the future; null for never.
    #[deserr(default)]
    pub(crate) expires_at: Option<Timestamp>,
}

/// Make an API key
///
/// It may do what its user may, cut down by its scope. The key itself is in this answer only: keep it.
#[utoipa::path(
    post,
    path = "/api/api-keys/",
    operation_id = "create_api_key",
    tag = "API keys",
    request_body = ApiKeyCreate,
    responses((status = 201, description = "The new key.", body = NewApiKey)),
)]
pub(crate) async fn create(
    request: CreateRequest,
    JsonBody(fields): JsonBody<ApiKeyCreate>,
) -> Result<Created<NewApiKey>, Error> {
    if fields.expires_at.is_some_and(|time| time <= request.app.clock.now()) {
        let mut mistakes = Fields::default();
        mistakes.add("expires_at", "Must be in the future.");
        return Err(Error::validation(mistakes));
    }
    let created = request.create(API_KEYS, |id| {
        let (key, text) = make(&request, id.into(), fields.clone(), None)?;
        let shown = NewApiKey::new(key.clone(), &text);
        Ok::<_, Error>((New::of(key), shown))
    });
    Ok(created.await?)
}

/// A key of the caller's, as it is stored and as it is shown once.
pub(crate) fn make(
    request: &CreateRequest,
    id: ApiKeyId,
    ApiKeyCreate { name, scope, expires_at }: ApiKeyCreate,
    replaces: Option<ApiKeyId>,
) -> Result<(ApiKey, SecretString), Error> {
    let (organization, user) = (request.caller.organization(), request.caller.user().id);
    let location = Location { organization, user, id };
    let (text, secret_digest) = api_key::mint(request.app.config.stage, location).map_err(Error::internal)?;
    let key = ApiKey {
        id,
        name,
        scope,
        created_by: user,
        secret_digest,
        created_at: request.app.clock.now(),
        expires_at,
        rotated_to: None,
        replaces,
        last_used_at: None,
        usage_count: 0,
    };
    Ok((key, text))
}
