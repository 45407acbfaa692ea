//! What a handler is given.

use std::ops::Deref;
use std::sync::Arc;

use crate::access::api_key::Stage;
use crate::access::key_usage::KeyUsage;
use crate::access::rate_limit::RateLimiter;
use crate::clock::Clock;
use crate::store::{Secrets, Store};

/// Everything a handler may reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Parts {
    /// The tables.
    pub store: Store,
    /// The secret.
    pub secrets: Secrets,
    /// The time.
    pub clock: Clock,
    /// What this deployment is told of itself.
    pub config: Config,
    /// Who has how much of their budget left.
    pub rate_limiter: RateLimiter,
    /// How often API keys are used.
    pub key_usage: KeyUsage,
}

/// What a deployment is told of itself.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether it is for production.
    pub stage: Stage,
    /// The URL that clients reach it by, without a slash at the end, where the front door does not tell: as in
    /// `https://api.example.com`.
    pub public_base_url: Option<String>,
}

impl App {
    /// An app over these stores.
    pub fn new(store: Store, secrets: Secrets, clock: Clock, config: Config) -> Self {
        let (rate_limiter, key_usage) = (RateLimiter::default(), KeyUsage::default());
        Self(Arc::new(Parts { store, secrets, clock, config, rate_limiter, key_usage }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
