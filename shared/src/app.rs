//! What a handler is given.

use std::ops::Deref;
use std::sync::Arc;

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
}

impl App {
    /// An app of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
