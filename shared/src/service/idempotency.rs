//! `Idempotency-Key`: a `POST` that is sent again is answered again, not done again.
//!
//! The first request with a key claims it, does its work and leaves its answer; the others get that answer. Where the
//! work is a create, the answer is written in the same transaction as the entity ([`Idempotency::keep`]), so that
//! neither is there without the other, whatever fails. Answers hold what is shown once, such as API keys, and rest
//! encrypted.
//!
//! The work goes on when the client hangs up: it is what the client will ask for when it comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::access::Caller;
use crate::base::{Code, DataKeys, Error, Sealed};
use crate::http::json::read_body;
use crate::http::{Created, canonical};
use crate::service::App;
use crate::service::kept_answer::KeptAnswer;
use crate::store::claim::{Claim, Claimed};
use crate::store::meter::Meter;
use crate::store::{StoreError, Write};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

const KEY_MAX_BYTES: usize = 255;

/// How long a request waits for the answer to another with its key.
const WAIT_LIMIT: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(50);

/// The headers that are part of an answer. The others are of the request that carries it.
const KEPT_HEADERS: [HeaderName; 4] = [CONTENT_TYPE, LOCATION, ETAG, CACHE_CONTROL];

/// Keeps the answer of what makes something, in the transaction that makes it.
#[derive(Clone, Debug)]
pub(super) struct Idempotency(Option<Arc<Held>>);

#[derive(Debug)]
struct Held {
    claim: Claim,
    keys: DataKeys,
    in_transaction: AtomicBool,
}

impl Idempotency {
    /// That of a request.
    pub(super) fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or(Self(None))
    }

    /// Names what is done once: none where the client sent no key.
    pub(super) fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|held| held.claim.name())
    }

    /// The write that keeps the answer: none where the client sent no key.
    pub(super) fn keep<T>(&self, created: &Created<T>) -> Result<Option<Write>, Error> {
        let Some(held) = &self.0 else { return Ok(None) };
        let (status, headers, body) = created.parts();
        let answer = KeptAnswer { status, headers: headers.to_vec(), body: Some(body.clone()) };
        held.in_transaction.store(true, Ordering::Relaxed);
        Ok(Some(Write::Answer(held.claim.clone(), held.seal(&answer)?)))
    }
}

impl Held {
    fn seal(&self, answer: &KeptAnswer) -> Result<Sealed, Error> {
        Ok(self.keys.seal(&answer.to_bytes()?, self.claim.name())?)
    }
}

/// Around each `POST` of an admitted caller.
pub(super) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    match key(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => once_for(app, &key, request, next).await.unwrap_or_else(Error::into_response),
        Err(refusal) => refusal.into_response(),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        // `to_str` lets tabs through, too.
        Ok(key) if (1..=KEY_MAX_BYTES).contains(&key.len()) && !key.contains('\t') => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Error::new(
            Code::BadRequest,
            format!("Idempotency-Key must be 1 to {KEY_MAX_BYTES} printable characters of ASCII."),
        )),
    }
}

async fn once_for(app: App, key: &str, request: Request, next: Next) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &()).await?;
    let limited = Request::from_parts(parts.clone(), body);
    let body = read_body(limited).await?;

    let name =
        format!("idempotency#{}#{}#{}", caller.organization(), caller.user().id, digest(&[key.as_bytes()]));
    let path = canonical(parts.uri.path());
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let content_type = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let fingerprint = digest(&[path.as_bytes(), query, content_type, &body]);
    let keys = app.secrets.keys().await?.data.clone();

    let until = Instant::now() + WAIT_LIMIT;
    loop {
        match app.store.claim(&name, &fingerprint, app.clock.now()).await? {
            Claimed::Held(claim) => {
                let held = Arc::new(Held { claim, keys, in_transaction: AtomicBool::new(false) });
                parts.extensions.insert(Idempotency(Some(held.clone())));
                let request = Request::from_parts(parts, Body::from(body));
                // On a task of its own, which goes on when the client hangs up.
                let work = async move { answer(&app, &held, next.run(request).await).await };
                let work = tokio::spawn(Meter::carry(work));
                return work.await.map_err(Error::internal)?;
            }
            Claimed::Answered(sealed) => return replay(&app, &name, &sealed).await,
            Claimed::Taken => {
                return Err(Error::new(
                    Code::Conflict,
                    "This Idempotency-Key was used with another request: use a new one for each.",
                ));
            }
            Claimed::Busy if Instant::now() + PAUSE > until => {
                return Err(Error::new(
                    Code::Conflict,
                    "A request with this Idempotency-Key is still running: send it again in some seconds.",
                ));
            }
            Claimed::Busy => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Keeps the answer, unless it says that we failed: then the key is free to be tried again.
async fn answer(app: &App, held: &Held, response: Response) -> Result<Response, Error> {
    let in_transaction = held.in_transaction.load(Ordering::Relaxed);
    if response.status().is_server_error() {
        return match app.store.release(&held.claim).await {
            // It was done after all, and only the news of it was lost.
            Err(StoreError::Condition(_)) if in_transaction => {
                Ok(answered(app, held).await?.unwrap_or(response))
            }
            // Left as it is, the claim ends by itself.
            Ok(()) | Err(_) => Ok(response),
        };
    }
    if in_transaction && response.status().is_success() {
        return Ok(response);
    }
    if in_transaction && let Some(response) = answered(app, held).await? {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
    let header = |name: HeaderName| Some((name.clone(), parts.headers.get(&name)?.clone()));
    let sealed = held.seal(&KeptAnswer {
        status: parts.status,
        headers: KEPT_HEADERS.into_iter().filter_map(header).collect(),
        body: Some(body.clone()),
    })?;
    let response = Response::from_parts(parts, Body::from(body));
    match app.store.answer(&held.claim, sealed).await {
        Ok(()) | Err(StoreError::Condition(_)) => Ok(response),
        Err(error) => Err(error.into()),
    }
}

/// The answer that the claim has got.
async fn answered(app: &App, held: &Held) -> Result<Option<Response>, Error> {
    match app.store.find_answer(&held.claim).await? {
        Some(sealed) => replay(app, held.claim.name(), &sealed).await.map(Some),
        None => Ok(None),
    }
}

async fn replay(app: &App, name: &str, sealed: &Sealed) -> Result<Response, Error> {
    let KeptAnswer { status, headers, body } = KeptAnswer::from_bytes(app.secrets.open(sealed, name).await?)?;
    let Some(body) = body else {
        let detail = format!(
            "The first request with this Idempotency-Key was answered with {status}; the answer was too large to be kept."
        );
        return Err(Error::new(Code::Conflict, detail));
    };
    let mut response = Body::from(body).into_response();
    *response.status_mut() = status;
    response.headers_mut().extend(headers);
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// A digest of parts, told apart by their lengths.
fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}
