//! The one secret of a deployment, read from Secrets Manager and cached: the keys that sign tokens, and those that
//! encrypt what rests.
//!
//! It is fetched again every five minutes, and when something names a key that is not in it: another instance may have seen a
//! rotation already. Such look-ups are limited, since anybody can make up the name of a key; whoever comes beyond the limit is told
//! that the service is busy, and never that their token is no good.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;

use crate::base::{Clock, DataKeys, Error, SealError, Sealed, Timestamp};
use crate::store::StoreError;
use crate::store::secret_value::{SecretValue, SigningKey, SigningKeys};

/// How long a fetched secret serves before it is fetched again.
const CACHED_FOR: Duration = Duration::from_mins(5);

/// The least time between a fetch that failed and the next, while the secret fetched before serves on.
const RETRY_INTERVAL: Duration = Duration::from_secs(30);

/// How many look-ups of keys that are not known an instance makes in [`LOOK_UP_WINDOW`].
const LOOK_UPS: u32 = 10;
const LOOK_UP_WINDOW: Duration = Duration::from_secs(10);

/// How long a name that no key had is remembered: it is not looked up again before.
const UNKNOWN_FOR: Duration = Duration::from_secs(5);

/// How long a failed fetch answers for the requests behind it, when there is no secret to go on with.
const FAILURE_STANDS_FOR: Duration = Duration::from_secs(1);

/// What the secret holds.
#[derive(Debug)]
pub struct Keys {
    /// For tokens.
    pub signing: SigningKeys,
    /// For what rests encrypted.
    pub data: DataKeys,
}

/// The secret, fetched when it is first needed. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Secrets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    secret_id: String,
    clock: Clock,
    cached: RwLock<Option<Cached>>,
    /// Held while fetching, so that requests that need the secret at the same time fetch it once.
    fetching: tokio::sync::Mutex<Attempts>,
}

#[derive(Debug, Default)]
struct Attempts {
    failed: Option<Timestamp>,
    /// When the present window of look-ups began, and how many there were in it.
    look_ups: Option<(Timestamp, u32)>,
    /// Names that no key had, and when that was seen.
    unknown: HashMap<String, Timestamp>,
}

#[derive(Debug, Clone)]
struct Cached {
    keys: Arc<Keys>,
    fetched_at: Timestamp,
}

impl Secrets {
    /// The secret of that name or ARN, as `client` reaches it.
    pub fn new(client: Client, secret_id: String, clock: Clock) -> Self {
        let (cached, fetching) = (RwLock::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { client, secret_id, clock, cached, fetching }))
    }

    /// The keys. While Secrets Manager does not answer, those fetched last go on serving.
    pub async fn keys(&self) -> Result<Arc<Keys>, StoreError> {
        if let Some(cached) = self.cached()
            && !self.is_older(cached.fetched_at, CACHED_FOR)
        {
            return Ok(cached.keys);
        }
        let mut attempts = self.0.fetching.lock().await;
        let cached = self.cached();
        let failed_within = |age| attempts.failed.is_some_and(|at| !self.is_older(at, age));
        match &cached {
            Some(cached)
                if !self.is_older(cached.fetched_at, CACHED_FOR) || failed_within(RETRY_INTERVAL) =>
            {
                return Ok(cached.keys.clone());
            }
            // Those who waited while a fetch failed fail with it, instead of each waiting for a failure of its own.
            None if failed_within(FAILURE_STANDS_FOR) => {
                return Err(StoreError::Unavailable("the secret could not be fetched a moment ago".into()));
            }
            _ => {}
        }
        match (self.fetch(&mut attempts).await, cached) {
            (Ok(keys), _) => Ok(keys),
            (Err(error), Some(cached)) => {
                let cause = crate::base::error::chain(&error);
                tracing::warn!(cause, "serving with the secret fetched before");
                Ok(cached.keys)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// Whether there are keys to go on with, however old.
    pub fn are_fetched(&self) -> bool {
        self.cached().is_some()
    }

    /// The signing key of that id, or `None` for an id that no present key has.
    pub async fn signing_key(&self, id: &str) -> Result<Option<SigningKey>, StoreError> {
        let keys = self.keys().await?;
        if let Some(key) = keys.signing.find(id) {
            return Ok(Some(key.clone()));
        }
        let keys = self.look_up(&format!("signing {id}"), |keys| keys.signing.find(id).is_some()).await?;
        Ok(keys.signing.find(id).cloned())
    }

    /// Opens what was sealed for `context`, perhaps by another instance that has a newer key already.
    pub async fn open(&self, sealed: &Sealed, context: &str) -> Result<Vec<u8>, Error> {
        match self.keys().await?.data.open(sealed, context) {
            Err(SealError::UnknownKey(key)) => Ok(self.keys_with(key).await?.data.open(sealed, context)?),
            opened => Ok(opened?),
        }
    }

    /// The keys, with the data key of that version among them if there is one.
    pub async fn keys_with(&self, data_key: u32) -> Result<Arc<Keys>, StoreError> {
        self.look_up(&format!("data {data_key}"), |keys| keys.data.has(data_key)).await
    }

    /// The keys after one of that name was not among them: fetched anew.
    async fn look_up(&self, name: &str, is_there: impl Fn(&Keys) -> bool) -> Result<Arc<Keys>, StoreError> {
        let mut attempts = self.0.fetching.lock().await;
        // Another request may have fetched it while this one waited.
        if let Some(cached) = self.cached() {
            let was_looked_up = attempts.unknown.get(name).is_some_and(|at| !self.is_older(*at, UNKNOWN_FOR));
            if was_looked_up || is_there(&cached.keys) {
                return Ok(cached.keys);
            }
        }
        let now = self.0.clock.now();
        let (since, count) =
            attempts.look_ups.filter(|(since, _)| !self.is_older(*since, LOOK_UP_WINDOW)).unwrap_or((now, 0));
        if count >= LOOK_UPS {
            return Err(StoreError::Unavailable("too many keys were looked up that are not there".into()));
        }
        attempts.look_ups = Some((since, count + 1));
        let keys = self.fetch(&mut attempts).await?;
        attempts.unknown.retain(|_, at| !self.is_older(*at, UNKNOWN_FOR));
        if !is_there(&keys) {
            attempts.unknown.insert(name.to_owned(), now);
        }
        Ok(keys)
    }

    async fn fetch(&self, attempts: &mut Attempts) -> Result<Arc<Keys>, StoreError> {
        let fetched = self.current().await;
        attempts.failed = fetched.is_err().then(|| self.0.clock.now());
        let keys = Arc::new(fetched?);
        let fresh = Cached { keys: keys.clone(), fetched_at: self.0.clock.now() };
        *self.0.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(keys)
    }

    async fn current(&self) -> Result<Keys, StoreError> {
        let secret_id = &self.0.secret_id;
        let output = match self.0.client.get_secret_value().secret_id(secret_id).send().await {
            Ok(output) => output,
            // What Secrets Manager answers for a secret that has no value, too.
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(GetSecretValueError::ResourceNotFoundException(_))
                ) =>
            {
                return Err(StoreError::Refused(format!("secret {secret_id} has no value").into()));
            }
            Err(error) => return Err(error.into()),
        };
        let value =
            output.secret_string.ok_or_else(|| StoreError::Refused("the secret is not text".into()))?;
        let (signing, data) = SecretValue::parse(&value)?.keys()?;
        Ok(Keys { signing, data })
    }

    fn cached(&self) -> Option<Cached> {
        self.0.cached.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_older(&self, at: Timestamp, age: Duration) -> bool {
        self.0.clock.now().as_second().saturating_sub(at.as_second()) >= age.as_secs().cast_signed()
    }
}
