//! The one place that authenticates, authorizes and counts a request.
//!
//! A credential names its organization, its user and, if it is a key, the key's number, so all that admission must
//! read is known before any I/O: the records in one batch, the counter in one update, side by side. Where a route only
//! reads, the handler starts at the same moment, and what it reads first goes along in the batch; its answer is let out only
//! once admission has succeeded, and dropped otherwise. Other routes wait for admission before the handler starts.
//!
//! All of that is for a credential that is proved: a token whose signature was verified, or a key that this instance admitted
//! within the last minute. Of a key that anybody could have made up, only its own records are read first, and nothing is counted:
//! what it pretends to belong to is not read, and its answer takes as long whatever there is. An address whose keys are refused
//! again and again is refused before that.
//!
//! Who is not known (401) comes before who is not allowed (403), before who is too fast (429), before whatever the
//! handler says.
//!
//! A handler asks in one of two ways: [`Tenant`] is there at once and reads from the organization;
//! [`Caller`] waits for admission and says who the user is.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use crate::access::api_key::Stage;
use crate::access::caller::Caller;
use crate::access::identity::{Authenticated, Identity, Records, authenticate_key, authorize};
use crate::access::permission::Permission;
use crate::access::proved_keys::ProvedKeys;
use crate::access::rate_limit::{Budget, Limit, Principal, RateLimiter};
use crate::access::tenant::{CompanionReads, Tenant};
use crate::access::token::{self, TokenType};
use crate::access::usage::Usage;
use crate::base::error::chain;
use crate::base::{Clock, Code, Error, Timestamp};
use crate::http::RequestContext;
use crate::model::{ApiKey, Counts};
use crate::store::item::read;
use crate::store::{Key, Secrets, Store, StoreError, Summary as _};

/// What admitting takes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Admission(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    secrets: Secrets,
    clock: Clock,
    stage: Stage,
    rate_limiter: RateLimiter,
    usage: Usage,
    proved_keys: ProvedKeys,
}

/// What a route asks of its callers.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// What they must be allowed.
    pub permission: Permission,
    /// Whether the route only reads: then a read-only key may call it, and its handler starts with admission.
    pub only_reads: bool,
}

/// Admits a request to a route, or answers why not.
pub async fn admit(
    State((admission, requirement)): State<(Admission, Requirement)>,
    request: Request,
    next: Next,
) -> Response {
    admission.admit(requirement, request, next).await.unwrap_or_else(Error::into_response)
}

impl Admission {
    /// Admission over these stores.
    pub fn new(store: Store, secrets: Secrets, clock: Clock, stage: Stage) -> Self {
        let (rate_limiter, usage, proved_keys) = Default::default();
        Self(Arc::new(Inner { store, secrets, clock, stage, rate_limiter, usage, proved_keys }))
    }

    /// Who has how much of their budget left.
    pub fn rate_limiter(&self) -> &RateLimiter {
        &self.0.rate_limiter
    }

    /// What is used: API keys, and what organizations are told of.
    pub fn usage(&self) -> &Usage {
        &self.0.usage
    }

    async fn admit(
        &self,
        requirement: Requirement,
        mut request: Request,
        next: Next,
    ) -> Result<Response, Error> {
        let identity = Identity::of(self.0.stage, request.headers())?;
        let address = request.extensions().get::<RequestContext>().and_then(|context| context.source_ip);
        let authenticated = self.prove(&identity, address).await?;

        let (sender, admitted) = watch::channel(None);
        let (organization, companions) = (identity.organization(), CompanionReads::waiting());
        let tenant =
            Tenant { organization, store: self.0.store.clone(), reads: companions.clone(), admitted };
        request.extensions_mut().insert(tenant);
        let mut admission = pin!(async {
            // Kept off the stack: it holds all that it awaits.
            let decision = self.decide(&identity, address, authenticated, &companions, requirement);
            let decision = Box::pin(decision).await?;
            if let Ok(caller) = &decision.outcome {
                sender.send_replace(Some(caller.clone()));
            }
            Ok::<_, Error>(decision)
        });
        let mut handler = pin!(next.run(request));

        // The handler is not polled, and so does nothing, before it is. Where it may start, it does so first, up to what it reads.
        let (early, decision) = if requirement.only_reads {
            tokio::select! {
                biased;
                response = &mut handler => (Some(response), admission.await),
                decision = &mut admission => (None, decision),
            }
        } else {
            (None, admission.await)
        };
        let Decision { budget, outcome } = decision?;
        let mut response = match (outcome, early) {
            (Err(refusal), _) => refusal.into_response(),
            (Ok(_), Some(response)) => response,
            (Ok(_), None) => handler.await,
        };
        budget.write_headers(response.headers_mut());
        response.extensions_mut().insert(identity.logged());
        Ok(response)
    }

    /// Refuses what is not proved to be a credential of ours. For a key that this instance has not admitted of late, that takes
    /// its records, which are not read again then.
    async fn prove(
        &self,
        identity: &Identity,
        address: Option<IpAddr>,
    ) -> Result<Option<Authenticated>, Error> {
        let now = self.0.clock.now();
        match identity {
            Identity::Token(token) => {
                token.verify(&self.0.secrets, TokenType::Access, now).await?;
                Ok(None)
            }
            Identity::ApiKey(key) if self.0.proved_keys.contains(key, now) => Ok(None),
            Identity::ApiKey(_) => {
                let address_budget = Principal::address(Limit::RefusedKeyAddress, address);
                if let Some(seconds) = self.0.rate_limiter.wait(&address_budget, now) {
                    let detail = format!(
                        "Too many API keys from this address were refused. Try again in {seconds} s."
                    );
                    return Err(Error::new(Code::RateLimited, detail).retry_after(seconds));
                }
                let records = self.read(identity, &CompanionReads::none()).await?;
                self.authenticate(identity, address, records, now).await.map(Some)
            }
        }
    }

    /// Counts the request, sees who it is if that is not known yet, and whether they may.
    async fn decide(
        &self,
        identity: &Identity,
        address: Option<IpAddr>,
        authenticated: Option<Authenticated>,
        companions: &CompanionReads,
        Requirement { permission, only_reads }: Requirement,
    ) -> Result<Decision, Error> {
        let Inner { store, rate_limiter, usage, .. } = &*self.0;
        let now = self.0.clock.now();
        let principal = identity.principal();
        let authenticate = async {
            if let Some(authenticated) = authenticated {
                companions.read_along(store, Vec::new()).await?;
                return Ok(authenticated);
            }
            let records = self.read(identity, companions).await?;
            self.authenticate(identity, address, records, now).await
        };
        let (budget, authenticated) = tokio::join!(rate_limiter.count(store, &principal, now), authenticate);
        let (authenticated, budget) = (authenticated?, budget?);
        let refusal = authorize(&authenticated, permission, only_reads).err().or_else(|| budget.refusal());
        if refusal.is_none() {
            usage.count(identity.organization(), Counts { requests: 1, ..Counts::default() }, now);
            if let Identity::ApiKey(key) = identity {
                usage.count_key(key.location, now);
            }
        }
        let outcome = match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(Caller::new(identity.organization(), authenticated.user)),
        };
        Ok(Decision { budget, outcome })
    }

    async fn read(&self, identity: &Identity, companions: &CompanionReads) -> Result<Records, StoreError> {
        let organization = identity.organization();
        let mut keys = vec![Key::user(organization, identity.user())];
        if let Identity::ApiKey(key) = identity {
            keys.push(Key::entity(organization, ApiKey::COLLECTION, key.location.id.into()));
        }
        let mut items = companions.read_along(&self.0.store, keys).await?.into_iter();
        let user = items.next().flatten().map(read).transpose()?;
        let api_key = items.next().flatten().map(read).transpose()?;
        Ok(Records { user, api_key })
    }

    /// Whose credential it is. Refused keys are counted by the address that they come from.
    async fn authenticate(
        &self,
        identity: &Identity,
        address: Option<IpAddr>,
        records: Records,
        now: Timestamp,
    ) -> Result<Authenticated, Error> {
        let key = match identity {
            Identity::Token(token) => {
                let user = token::current_user(token.claimed, records.user)?;
                return Ok(Authenticated { user, scope: None });
            }
            Identity::ApiKey(key) => key,
        };
        let authenticated = authenticate_key(key, records, now);
        if authenticated.is_ok() {
            self.0.proved_keys.add(key, now);
        } else {
            self.0.proved_keys.remove(key);
            let principal = Principal::address(Limit::RefusedKeyAddress, address);
            if let Err(error) = self.0.rate_limiter.count_refusal(&self.0.store, &principal, now).await {
                tracing::warn!(cause = chain(&error), "a refused key was not counted");
            }
        }
        authenticated
    }
}

/// What admission comes to, for somebody who is known.
struct Decision {
    budget: Budget,
    outcome: Result<Caller, Error>,
}
