//! The one secret of a deployment, read from Secrets Manager and cached: the key that signs tokens, and those that
//! encrypt what rests.
//!
//! Tokens are signed with `AWSCURRENT` and verified with `AWSCURRENT` and `AWSPREVIOUS`, told apart by `kid`, which
//! is the version's id. So a rotation logs nobody out as long as it happens less often than a refresh token lives.
//! `AWSPREVIOUS` is fetched when a token names another version than the current one: few do, and a cold start that
//! fetched both would open two connections.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use jiff::Timestamp;
use secrecy::SecretString;

use super::{DataKeys, SecretValue, StoreError};
use crate::clock::Clock;

/// How long a fetched secret serves before it is fetched again.
const CACHED_FOR: Duration = Duration::from_mins(5);

/// The least time between a fetch that failed and the next, while the secret fetched before serves on.
const RETRY_INTERVAL: Duration = Duration::from_secs(30);

/// The least time between two fetches that tokens with an unknown `kid` asked for. It bounds what a client can make us
/// spend, and how long an instance that is asked so all the time takes to learn of a rotation.
const LOOK_UP_INTERVAL: Duration = Duration::from_secs(5);

/// How long a failed fetch answers for the requests behind it, when there is no secret to go on with.
const FAILURE_STANDS_FOR: Duration = Duration::from_secs(1);

/// A key that signs tokens, and the id that tokens name it by.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// The secret's version id, the `kid` of tokens signed with the key.
    pub id: String,
    /// The key itself.
    pub secret: SecretString,
}

/// The keys that tokens may be signed with at present.
#[derive(Debug, Clone)]
pub struct SigningKeys {
    /// Signs new tokens.
    pub current: SigningKey,
    /// Still verifies tokens signed before the last rotation. Not known before it is looked for
    /// ([`Secrets::keys_anew`]).
    pub previous: Option<SigningKey>,
}

impl SigningKeys {
    /// The key of that id, if it is one of them.
    pub fn find(&self, id: &str) -> Option<&SigningKey> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|key| key.id == id)
    }
}

/// What the secret holds.
#[derive(Debug)]
pub struct Keys {
    /// For tokens.
    pub signing: SigningKeys,
    /// For what rests encrypted.
    pub data: DataKeys,
}

/// The secret, fetched when it is first needed and again every five minutes.
#[derive(Debug)]
pub struct Secrets {
    client: Client,
    secret_id: String,
    clock: Clock,
    cached: RwLock<Option<Cached>>,
    /// Held while fetching, so that requests that need the secret at the same time fetch it once.
    fetching: tokio::sync::Mutex<Attempts>,
}

/// Why the secret is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// It is old, or has not been fetched at all.
    Age,
    /// Something names a key that is not in it.
    UnknownKey,
}

#[derive(Debug, Default)]
struct Attempts {
    failed: Option<Timestamp>,
    looked_up: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Cached {
    keys: Arc<Keys>,
    fetched_at: Timestamp,
}

impl Secrets {
    /// The secret of that name or ARN, as `client` reaches it.
    pub fn new(client: Client, secret_id: String, clock: Clock) -> Self {
        Self { client, secret_id, clock, cached: RwLock::default(), fetching: tokio::sync::Mutex::default() }
    }

    /// The keys. While Secrets Manager does not answer, those fetched last go on serving.
    pub async fn keys(&self) -> Result<Arc<Keys>, StoreError> {
        match self.cached() {
            Some(cached) if !self.is_older(cached.fetched_at, CACHED_FOR) => Ok(cached.keys),
            _ => self.fetch(Reason::Age).await,
        }
    }

    /// Whether there are keys to go on with, however old.
    pub fn are_fetched(&self) -> bool {
        self.cached().is_some()
    }

    /// The keys after one was named that is not among them: fetched anew, though at most every 5 s.
    pub async fn keys_anew(&self) -> Result<Arc<Keys>, StoreError> {
        self.fetch(Reason::UnknownKey).await
    }

    async fn fetch(&self, reason: Reason) -> Result<Arc<Keys>, StoreError> {
        let mut attempts = self.fetching.lock().await;
        let cached = self.cached();
        if let Some(cached) = &cached {
            let is_recent = |at: Option<Timestamp>, age| at.is_some_and(|at| !self.is_older(at, age));
            let suffices = match reason {
                Reason::Age => {
                    !self.is_older(cached.fetched_at, CACHED_FOR)
                        || is_recent(attempts.failed, RETRY_INTERVAL)
                }
                Reason::UnknownKey => is_recent(attempts.looked_up, LOOK_UP_INTERVAL),
            };
            if suffices {
                return Ok(cached.keys.clone());
            }
        } else if attempts.failed.is_some_and(|at| !self.is_older(at, FAILURE_STANDS_FOR)) {
            // Those who waited while a fetch failed fail with it, instead of each waiting for a failure of its own.
            return Err(StoreError::Unavailable("the secret could not be fetched a moment ago".into()));
        }
        if reason == Reason::UnknownKey {
            attempts.looked_up = Some(self.clock.now());
        }
        let knows_previous = cached.as_ref().is_some_and(|cached| cached.keys.signing.previous.is_some());
        let with_previous = reason == Reason::UnknownKey || knows_previous;
        let fetched = self.fetch_versions(with_previous).await;
        attempts.failed = fetched.is_err().then(|| self.clock.now());
        match (fetched, cached) {
            (Ok(keys), _) => {
                let keys = Arc::new(keys);
                let fresh = Cached { keys: keys.clone(), fetched_at: self.clock.now() };
                *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
                Ok(keys)
            }
            (Err(error), Some(cached)) => {
                tracing::warn!(cause = crate::error::chain(&error), "serving with the secret fetched before");
                Ok(cached.keys)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn fetch_versions(&self, with_previous: bool) -> Result<Keys, StoreError> {
        let previous = async { if with_previous { self.version("AWSPREVIOUS").await } else { Ok(None) } };
        let (current, previous) = tokio::try_join!(self.version("AWSCURRENT"), previous)?;
        let current = current
            .ok_or_else(|| StoreError::Refused(format!("secret {} has no value", self.secret_id).into()))?;
        let (current, data) = current;
        Ok(Keys { signing: SigningKeys { current, previous: previous.map(|(key, _)| key) }, data })
    }

    async fn version(&self, stage: &str) -> Result<Option<(SigningKey, DataKeys)>, StoreError> {
        let request = self.client.get_secret_value().secret_id(&self.secret_id).version_stage(stage);
        let output = match request.send().await {
            Ok(output) => output,
            // How Secrets Manager says that no version has the stage: before the first rotation, none is previous.
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(GetSecretValueError::ResourceNotFoundException(_))
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let (Some(id), Some(value)) = (output.version_id, output.secret_string) else {
            return Err(StoreError::Refused("the secret is not text".into()));
        };
        let value = SecretValue::parse(&value)?;
        let (secret, data) = value.keys()?;
        Ok(Some((SigningKey { id, secret }, data)))
    }

    fn cached(&self) -> Option<Cached> {
        self.cached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_older(&self, at: Timestamp, age: Duration) -> bool {
        self.clock.now().as_second().saturating_sub(at.as_second()) >= age.as_secs().cast_signed()
    }
}
