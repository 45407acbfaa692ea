//! The one place that authenticates and authorizes a request.
//!
//! A credential names its organization and user, so all that admission must read is known before any I/O, and
//! costs one round trip. For safe methods the handler starts at the same moment; its answer is let out only once
//! admission has succeeded, and dropped otherwise. Unsafe methods wait for admission before the handler starts.
//!
//! A handler asks in one of two ways: [`Tenant`] is there at once and names the organization to read from;
//! [`Caller`] waits for admission and says who the user is.

use std::pin::pin;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use super::token::{self, TokenSubject, TokenType};
use super::{Credential, Permission};
use crate::App;
use crate::error::{Code, Error};
use crate::model::{OrganizationId, User, user};

/// The organization that the request's credential names. Data read for it reaches the client only if the request is
/// admitted; it must not be written for.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The organization.
    pub organization: OrganizationId,
    admitted: watch::Receiver<Option<Caller>>,
}

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
}

impl Tenant {
    /// Waits for admission.
    pub async fn caller(mut self) -> Result<Caller, Error> {
        let admitted = self.admitted.wait_for(Option::is_some).await;
        // The sender goes without a word only when the request is refused, which drops the handler asking here.
        let caller = admitted.map_err(Error::internal)?.clone();
        caller.ok_or_else(|| Error::internal("admitted nobody"))
    }
}

/// Admits a request to a route that requires a permission, or answers why not.
pub async fn admit(
    State((app, permission)): State<(App, Permission)>,
    mut request: Request,
    next: Next,
) -> Response {
    let subject = match identify(&app, request.headers()).await {
        Ok(subject) => subject,
        Err(refusal) => return refusal.into_response(),
    };
    let (sender, admitted) = watch::channel(None);
    request.extensions_mut().insert(Tenant { organization: subject.organization, admitted });

    let is_safe = request.method().is_safe();
    let mut admission = pin!(async {
        let caller = authorize(&app, subject, permission).await?;
        sender.send_replace(Some(caller));
        Ok::<_, Error>(())
    });
    if !is_safe && let Err(refusal) = admission.as_mut().await {
        return refusal.into_response();
    }
    let mut handler = pin!(next.run(request));
    if !is_safe {
        return handler.await;
    }
    let (early, admitted) = tokio::select! {
        biased;
        admitted = &mut admission => (None, admitted),
        response = &mut handler => (Some(response), admission.await),
    };
    match (admitted, early) {
        (Err(refusal), _) => refusal.into_response(),
        (Ok(()), Some(response)) => response,
        (Ok(()), None) => handler.await,
    }
}

/// Whom the credential names. Needs no I/O but the secret, which is cached.
async fn identify(app: &App, headers: &HeaderMap) -> Result<TokenSubject, Error> {
    let Credential::Bearer(token) = Credential::from_headers(headers)?;
    token::verify(app, &token, TokenType::Access).await
}

async fn authorize(app: &App, subject: TokenSubject, permission: Permission) -> Result<Caller, Error> {
    let user = user::find(&app.store, subject.organization, subject.user).await?;
    let user = token::standing(subject, user)?;
    if !permission.roles().contains(&user.role) {
        let detail = format!(
            "This needs the permission {}, which the role {} does not have.",
            permission.as_str(),
            user.role.as_str()
        );
        return Err(Error::new(Code::PermissionDenied, detail));
    }
    Ok(Caller(Arc::new(Admitted { organization: subject.organization, user })))
}

impl<S: Send + Sync> FromRequestParts<S> for Tenant {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let tenant = parts.extensions.get::<Tenant>().cloned();
        tenant.ok_or_else(|| Error::internal("the handler of a public route asks for a tenant"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Tenant::from_request_parts(parts, state).await?.caller().await
    }
}
