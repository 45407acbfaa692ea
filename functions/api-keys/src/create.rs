//! Making a key.

use axum::extract::State;
use deserr::Deserr;
use jiff::Timestamp;
use secrecy::SecretString;
use shared::access::Caller;
use shared::access::api_key::{self, Location};
use shared::error::{Fields, Invalid};
use shared::http::{Created, Idempotency, JsonBody, RequestContext};
use shared::model::api_key::Scope;
use shared::model::{ApiKey, Name};
use shared::store::{Versioned, collection};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::api_key::{NewApiKey, created};

/// What a new API key is to be.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = ApiKeyCreate,
    examples(json!({ "name": "nightly job", "scope": "read_only", "expires_at": "2099-12-31T00:00:00Z" })),
)]
pub(crate) struct Create {
    name: Name,
    #[deserr(default = Scope::ReadOnly)]
    #[schema(required = false, default = "read_only")]
    scope: Scope,
    /// When it stops working, in the future; null for never.
    #[deserr(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<ExpiresAt>,
}

#[derive(Deserr)]
#[deserr(try_from(&String) = ExpiresAt::parse -> Invalid)]
struct ExpiresAt(Timestamp);

impl ExpiresAt {
    fn parse(text: &str) -> Result<Self, Invalid> {
        let time: Timestamp = text
            .parse()
            .map_err(|_| Invalid::from("Must be a time in RFC 3339, like 2027-01-31T12:00:00Z."))?;
        Timestamp::from_second(time.as_second())
            .map(Self)
            .map_err(|_| "Must be a time up to the year 9999.".into())
    }
}

/// Make an API key
///
/// It may do what its user may, cut down by its scope. The key itself is in this answer only: keep it.
#[utoipa::path(
    post,
    path = "/api/api-keys/",
    operation_id = "create_api_key",
    tag = "API keys",
    request_body = Create,
    responses((status = 201, description = "The new key.", body = NewApiKey)),
)]
pub(crate) async fn create(
    State(app): State<App>,
    context: RequestContext,
    caller: Caller,
    idempotency: Idempotency,
    JsonBody(Create { name, scope, expires_at }): JsonBody<Create>,
) -> Result<Created<NewApiKey>, Error> {
    let now = app.clock.now();
    let expires_at = expires_at.map(|ExpiresAt(time)| time);
    if expires_at.is_some_and(|time| time <= now) {
        let mut fields = Fields::default();
        fields.add("expires_at", "Must be in the future.");
        return Err(Error::validation(fields));
    }
    let mut text = SecretString::default();
    let key = collection::create(&app.store, caller.organization(), |id| {
        let new = NewKey { name: name.clone(), scope, expires_at };
        let (key, minted) = new.mint(&app, &caller, id)?;
        text = minted;
        let answer = idempotency.keep(&created(&context, Versioned::first(key.clone()), &text))?;
        Ok((key, answer))
    })
    .await?;
    Ok(created(&context, key, &text))
}

/// What a new key is to be.
pub(crate) struct NewKey {
    pub(crate) name: Name,
    pub(crate) scope: Scope,
    pub(crate) expires_at: Option<Timestamp>,
}

impl NewKey {
    /// A key of the caller's under this id, as it is kept and as it is shown once.
    pub(crate) fn mint(self, app: &App, caller: &Caller, id: u64) -> Result<(ApiKey, SecretString), Error> {
        let Self { name, scope, expires_at } = self;
        let (organization, user, id) = (caller.organization(), caller.user().id, id.into());
        let location = Location { organization, user, id };
        let (text, secret_digest) = api_key::mint(app.config.stage, location).map_err(Error::internal)?;
        let key = ApiKey {
            id,
            name,
            scope,
            created_by: user,
            secret_digest,
            created_at: app.clock.now(),
            expires_at,
            last_used_at: None,
            usage_count: 0,
        };
        Ok((key, text))
    }
}
