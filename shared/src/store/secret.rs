//! The one secret of a deployment, read from Secrets Manager and cached: the key that signs tokens, and those that
//! encrypt what rests.
//!
//! Tokens are signed with `AWSCURRENT` and verified with `AWSCURRENT` and `AWSPREVIOUS`, told apart by `kid`, which
//! is the version's id. So a rotation logs nobody out as long as it happens less often than a refresh token lives.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{DataKeys, StoreError};
use crate::clock::Clock;

/// How long a fetched secret serves before it is fetched again.
const CACHED_FOR: Duration = Duration::from_mins(5);

/// The least time between two fetches that something other than age asked for: a token with an unknown `kid`, or a
/// fetch that failed. It bounds what a client can make us spend.
const FETCH_INTERVAL: Duration = Duration::from_secs(30);

/// How long a failed fetch answers for the requests behind it, when there is no secret to go on with.
const FAILURE_STANDS_FOR: Duration = Duration::from_secs(1);

/// The least length of a signing key in bytes: that of HS256's hash (RFC 7518, section 3.2).
const SIGNING_KEY_MIN_BYTES: usize = 32;

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
    /// Still verifies tokens signed before the last rotation.
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

#[derive(Debug, Default)]
struct Attempts {
    last: Option<Timestamp>,
    failed: Option<Timestamp>,
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
            _ => self.fetch(CACHED_FOR).await,
        }
    }

    /// The keys after one was named that is not among them: fetched anew, though at most every 30 s.
    pub async fn keys_anew(&self) -> Result<Arc<Keys>, StoreError> {
        self.fetch(FETCH_INTERVAL).await
    }

    async fn fetch(&self, unless_younger_than: Duration) -> Result<Arc<Keys>, StoreError> {
        let mut attempts = self.fetching.lock().await;
        let cached = self.cached();
        if let Some(cached) = &cached {
            let tried_lately = attempts.last.is_some_and(|at| !self.is_older(at, FETCH_INTERVAL));
            if tried_lately || !self.is_older(cached.fetched_at, unless_younger_than) {
                return Ok(cached.keys.clone());
            }
        }
        // Those who waited while a fetch failed fail with it, instead of each waiting for a failure of its own.
        if attempts.failed.is_some_and(|at| !self.is_older(at, FAILURE_STANDS_FOR)) {
            return Err(StoreError::Unavailable("the secret could not be fetched a moment ago".into()));
        }
        attempts.last = Some(self.clock.now());
        let fetched = self.fetch_versions().await;
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

    async fn fetch_versions(&self) -> Result<Keys, StoreError> {
        let (current, previous) = tokio::try_join!(self.version("AWSCURRENT"), self.version("AWSPREVIOUS"))?;
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
        // serde_json's message could quote the secret: only its position is kept.
        let value: SecretValue = serde_json::from_str(&value).map_err(|error| {
            StoreError::Refused(
                format!("the secret is not the JSON expected, at {}:{}", error.line(), error.column()).into(),
            )
        })?;
        let secret = SecretString::from(value.jwt_signing_key);
        if secret.expose_secret().len() < SIGNING_KEY_MIN_BYTES {
            let reason = format!("jwt_signing_key is shorter than {SIGNING_KEY_MIN_BYTES} bytes");
            return Err(StoreError::Refused(reason.into()));
        }
        Ok(Some((SigningKey { id, secret }, DataKeys::new(&value.data_keys)?)))
    }

    fn cached(&self) -> Option<Cached> {
        self.cached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_older(&self, at: Timestamp, age: Duration) -> bool {
        self.clock.now().as_second().saturating_sub(at.as_second()) >= age.as_secs().cast_signed()
    }
}

/// The secret's JSON.
#[derive(Deserialize)]
struct SecretValue {
    jwt_signing_key: String,
    /// Texts of the data keys by version: the highest seals, all open.
    #[serde(default)]
    data_keys: BTreeMap<u32, String>,
}
