//! Whom a credential names, whether it is theirs, and whether they may.

use axum::http::HeaderMap;

use crate::access::api_key::{PresentedKey, Stage};
use crate::access::caller::LoggedCaller;
use crate::access::credential::Credential;
use crate::access::permission::{Credentials, Permission};
use crate::access::rate_limit::Principal;
use crate::access::token::PresentedToken;
use crate::base::{Code, Error, OrganizationId, Timestamp, UserId};
use crate::model::api_key::Scope;
use crate::model::user::Status;
use crate::model::{ApiKey, User};

/// Whom a credential names, which is still to be seen.
pub(super) enum Identity {
    Token(PresentedToken),
    ApiKey(PresentedKey),
}

impl Identity {
    pub(super) fn of(stage: Stage, headers: &HeaderMap) -> Result<Self, Error> {
        match Credential::from_headers(headers)? {
            Credential::AccessToken(token) => PresentedToken::parse(token).map(Self::Token),
            Credential::ApiKey(key) => PresentedKey::parse(stage, &key).map(Self::ApiKey),
        }
    }

    pub(super) fn organization(&self) -> OrganizationId {
        match self {
            Self::Token(token) => token.claimed.organization,
            Self::ApiKey(key) => key.location.organization,
        }
    }

    pub(super) fn user(&self) -> UserId {
        match self {
            Self::Token(token) => token.claimed.user,
            Self::ApiKey(key) => key.location.user,
        }
    }

    /// As the log knows them.
    pub(super) fn logged(&self) -> LoggedCaller {
        let credential = match self {
            Self::Token(_) => "token",
            Self::ApiKey(_) => "api_key",
        };
        LoggedCaller { organization: self.organization(), user: self.user(), credential }
    }

    pub(super) fn principal(&self) -> Principal {
        match self {
            Self::Token(_) => Principal::user(self.organization(), self.user()),
            Self::ApiKey(key) => Principal::api_key(key),
        }
    }
}

/// What the credential's numbers lead to.
pub(super) struct Records {
    pub(super) user: Option<User>,
    pub(super) api_key: Option<ApiKey>,
}

/// A user and, if they came with a key, what it may do.
pub(super) struct Authenticated {
    pub(super) user: User,
    pub(super) scope: Option<Scope>,
}

pub(super) fn authenticate_key(
    key: &PresentedKey,
    records: Records,
    now: Timestamp,
) -> Result<Authenticated, Error> {
    let refused = |reason| Error::new(Code::InvalidApiKey, reason);
    let unknown = "The API key was refused. It was revoked, or never issued.";
    let record = records.api_key.filter(|record| key.matches(&record.secret_digest));
    let record = record.filter(|record| record.created_by == key.location.user);
    let record = record.ok_or_else(|| refused(unknown))?;
    if record.has_expired(now) {
        return Err(refused("The API key was refused. It has expired: make a new one."));
    }
    let user = records.user.filter(|user| user.status == Status::Active);
    let user = user.ok_or_else(|| refused("The API key was refused. Its user has been deactivated."))?;
    Ok(Authenticated { user, scope: Some(record.scope) })
}

pub(super) fn authorize(
    caller: &Authenticated,
    permission: Permission,
    only_reads: bool,
) -> Result<(), Error> {
    let (needed, role) = (permission.as_str(), caller.user.role);
    if !permission.roles().contains(&role) {
        let detail =
            format!("This needs the permission {needed}, which the role {} does not have.", role.as_str());
        return Err(Error::new(Code::PermissionDenied, detail));
    }
    match caller.scope {
        Some(_) if permission.credentials() == Credentials::TokenOnly => Err(Error::new(
            Code::PermissionDenied,
            format!(
                "This needs the permission {needed}, which no API key has: sign in, and send the access token."
            ),
        )),
        Some(Scope::ReadOnly) if !only_reads => Err(Error::new(
            Code::ReadOnlyKey,
            format!("This needs the permission {needed} for writing: use a key with the scope read_write."),
        )),
        _ => Ok(()),
    }
}
