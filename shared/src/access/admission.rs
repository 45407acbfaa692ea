//! The one place that authenticates, authorizes and counts a request.
//!
//! A credential names its organization, its user and, if it is a key, the key's number, so all that admission must
//! read is known before any I/O: the records in one batch, the counter in one update, side by side. For safe methods
//! the handler starts at the same moment, and what it reads first goes along in the batch; its answer is let out only
//! once admission has succeeded, and dropped otherwise. Unsafe methods wait for admission before the handler starts.
//!
//! Who is not known (401) comes before who is not allowed (403), before who is too fast (429), before whatever the
//! handler says.
//!
//! A handler asks in one of two ways: [`Tenant`] is there at once and reads from the organization;
//! [`Caller`] waits for admission and says who the user is.

use std::pin::pin;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use super::api_key::PresentedKey;
use super::permission::Bearer;
use super::rate_limit::{Budget, Principal};
use super::tenant::{CompanionReads, Tenant};
use super::token::{self, PresentedToken, TokenType};
use super::{Credential, Permission};
use crate::App;
use crate::error::{Code, Error};
use crate::http;
use crate::model::api_key::Scope;
use crate::model::user::Status;
use crate::model::{ApiKey, OrganizationId, User, UserId};
use crate::store::{Key, Row, StoreError, read};

/// Who is calling: admitted, and allowed what the route needs.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Admitted>);

#[derive(Debug)]
struct Admitted {
    organization: OrganizationId,
    user: User,
}

impl Caller {
    /// The caller's organization.
    pub fn organization(&self) -> OrganizationId {
        self.0.organization
    }

    /// The caller.
    pub fn user(&self) -> &User {
        &self.0.user
    }

    /// Whether the caller's role has a permission beyond the one that the route needs.
    pub fn may(&self, permission: Permission) -> bool {
        permission.roles().contains(&self.0.user.role)
    }
}

/// Admits a request to a route that requires a permission, or answers why not.
pub async fn admit(
    State((app, permission)): State<(App, Permission)>,
    mut request: Request,
    next: Next,
) -> Response {
    let identity = match Identity::of(&app, request.headers()) {
        Ok(identity) => identity,
        Err(refusal) => return refusal.into_response(),
    };
    // A forged token is refused before anything is read for it, but for an instance's first request: that has to fetch the
    // secret first, and reads meanwhile.
    let is_verified = identity.verifies_at_once(&app);
    if is_verified && let Err(refusal) = identity.verify(&app).await {
        return refusal.into_response();
    }
    let caller = identity.caller();
    let (sender, admitted) = watch::channel(None);
    let (organization, reads) = (identity.organization(), CompanionReads::waiting());
    let tenant = Tenant { organization, app: app.clone(), reads: reads.clone(), admitted };
    request.extensions_mut().insert(tenant);

    let method = request.method().clone();
    let mut admission = pin!(async {
        // Kept off the stack: it holds all that it awaits.
        let admission =
            Box::pin(Admission::of(&app, &identity, is_verified, &reads, permission, &method)).await?;
        if let Ok(caller) = &admission.outcome {
            sender.send_replace(Some(caller.clone()));
        }
        Ok::<_, Error>(admission)
    });
    let mut handler = pin!(next.run(request));

    // The handler is not polled, and so does nothing, before it is. Where it may start, it does so first, up to what it reads.
    let (early, admission) = if method.is_safe() {
        tokio::select! {
            biased;
            response = &mut handler => (Some(response), admission.await),
            admission = &mut admission => (None, admission),
        }
    } else {
        (None, admission.await)
    };
    let (budget, response) = match (admission, early) {
        (Err(failure), _) => return failure.into_response(),
        (Ok(Admission { budget, outcome: Err(refusal) }), _) => (budget, refusal.into_response()),
        (Ok(Admission { budget, .. }), Some(response)) => (budget, response),
        (Ok(Admission { budget, .. }), None) => (budget, handler.await),
    };
    tell(response, budget, caller)
}

/// Tells the client of its budget, and the log of its name, if it is known.
fn tell(mut response: Response, budget: Option<Budget>, caller: http::LoggedCaller) -> Response {
    if let Some(budget) = budget {
        budget.write_headers(response.headers_mut());
        response.extensions_mut().insert(caller);
    }
    response
}

/// Whom a credential names, which is still to be seen.
enum Identity {
    Token(PresentedToken),
    ApiKey(PresentedKey),
}

impl Identity {
    fn of(app: &App, headers: &HeaderMap) -> Result<Self, Error> {
        match Credential::from_headers(headers)? {
            Credential::Bearer(token) => PresentedToken::parse(token).map(Self::Token),
            Credential::ApiKey(key) => PresentedKey::parse(app.config.stage, &key).map(Self::ApiKey),
        }
    }

    /// Whether verifying it needs no I/O, as far as can be told.
    fn verifies_at_once(&self, app: &App) -> bool {
        match self {
            Self::Token(_) => app.secrets.are_fetched(),
            Self::ApiKey(_) => true,
        }
    }

    /// Refuses what can be refused without its records: a token that is not ours.
    async fn verify(&self, app: &App) -> Result<(), Error> {
        match self {
            Self::Token(token) => token.verify(app, TokenType::Access).await.map(drop),
            Self::ApiKey(_) => Ok(()),
        }
    }

    fn organization(&self) -> OrganizationId {
        match self {
            Self::Token(token) => token.claimed.organization,
            Self::ApiKey(key) => key.location.organization,
        }
    }

    fn user(&self) -> UserId {
        match self {
            Self::Token(token) => token.claimed.user,
            Self::ApiKey(key) => key.location.user,
        }
    }

    /// As the log knows them.
    fn caller(&self) -> http::LoggedCaller {
        let kind = match self {
            Self::Token(_) => "token",
            Self::ApiKey(_) => "api_key",
        };
        http::LoggedCaller { organization: self.organization(), user: self.user(), kind }
    }

    fn principal(&self) -> Principal {
        match self {
            Self::Token(_) => Principal::user(self.organization(), self.user()),
            Self::ApiKey(key) => Principal::api_key(key),
        }
    }
}

/// What admission found.
struct Admission {
    /// What is left; `None` for somebody unknown, who is not told.
    budget: Option<Budget>,
    outcome: Result<Caller, Error>,
}

impl Admission {
    async fn of(
        app: &App,
        identity: &Identity,
        is_verified: bool,
        companions: &CompanionReads,
        permission: Permission,
        method: &Method,
    ) -> Result<Self, Error> {
        let now = app.clock.now();
        let principal = identity.principal();
        let read = Records::read(app, identity, companions);
        let count = app.rate_limiter.count(&app.store, &principal, now);
        let (budget, records) = if is_verified {
            tokio::join!(count, read)
        } else {
            // A user's budget is not spent by whoever knows their number. The count then takes the read's connection.
            let (verified, records) = tokio::join!(identity.verify(app), read);
            verified?;
            (count.await, records)
        };
        let (budget, records) = (budget?, records?);

        let bearer = match authenticate(identity, records, now) {
            Ok(bearer) => bearer,
            Err(refusal) => return Ok(Self { budget: None, outcome: Err(refusal) }),
        };
        let refusal = authorize(&bearer, permission, method).err().or_else(|| budget.refusal());
        if let (Identity::ApiKey(key), None) = (identity, &refusal) {
            app.key_usage.count(key.location, now);
        }
        let organization = identity.organization();
        let outcome = match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(Caller(Arc::new(Admitted { organization, user: bearer.user }))),
        };
        Ok(Self { budget: Some(budget), outcome })
    }
}

/// What the credential's numbers lead to.
struct Records {
    user: Option<User>,
    api_key: Option<ApiKey>,
}

impl Records {
    async fn read(app: &App, identity: &Identity, companions: &CompanionReads) -> Result<Self, StoreError> {
        let organization = identity.organization();
        let mut keys = vec![Key::user(organization, identity.user())];
        if let Identity::ApiKey(key) = identity {
            keys.push(Key::entity(organization, ApiKey::COLLECTION, key.location.id.into()));
        }
        let mut items = companions.read_along(&app.store, keys).await?.into_iter();
        let user = items.next().flatten().map(read).transpose()?;
        let api_key = items.next().flatten().map(read).transpose()?;
        Ok(Self { user, api_key })
    }
}

/// A user and, if they came with a key, what it may do.
struct Authenticated {
    user: User,
    scope: Option<Scope>,
}

fn authenticate(identity: &Identity, records: Records, now: jiff::Timestamp) -> Result<Authenticated, Error> {
    match identity {
        Identity::Token(token) => {
            token::standing(token.claimed, records.user).map(|user| Authenticated { user, scope: None })
        }
        Identity::ApiKey(key) => {
            let refused = |reason| Error::new(Code::InvalidApiKey, reason);
            let unknown = "The API key was refused. It was revoked, or never issued.";
            let record = records.api_key.filter(|record| key.matches(&record.secret_digest));
            let record = record.filter(|record| record.created_by == key.location.user);
            let record = record.ok_or_else(|| refused(unknown))?;
            if record.has_expired(now) {
                return Err(refused("The API key was refused. It has expired: make a new one."));
            }
            let user = records.user.filter(|user| user.status == Status::Active);
            let user =
                user.ok_or_else(|| refused("The API key was refused. Its user has been deactivated."))?;
            Ok(Authenticated { user, scope: Some(record.scope) })
        }
    }
}

fn authorize(bearer: &Authenticated, permission: Permission, method: &Method) -> Result<(), Error> {
    let (needed, role) = (permission.as_str(), bearer.user.role);
    if !permission.roles().contains(&role) {
        let detail =
            format!("This needs the permission {needed}, which the role {} does not have.", role.as_str());
        return Err(Error::new(Code::PermissionDenied, detail));
    }
    match bearer.scope {
        Some(_) if permission.bearer() == Bearer::TokenOnly => Err(Error::new(
            Code::PermissionDenied,
            format!(
                "This needs the permission {needed}, which no API key has: sign in, and send the access token."
            ),
        )),
        Some(Scope::ReadOnly) if !method.is_safe() => Err(Error::new(
            Code::ReadOnlyKey,
            format!("This needs the permission {needed} for writing: use a key with the scope read_write."),
        )),
        _ => Ok(()),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Tenant::from_request_parts(parts, state).await?.caller().await
    }
}
