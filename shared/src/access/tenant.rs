//! The organization that a request's credential names, and reading its data beside admission.
//!
//! The handler of a route that only reads starts with admission, so what it reads first is known before admission's own reads
//! leave. It goes along with them: one call to DynamoDB in place of two. Calls made at once each need a connection, and
//! a connection is what a cold start spends most of its time on.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio::sync::{oneshot, watch};

use crate::access::caller::Caller;
use crate::base::{Error, OrganizationId};
use crate::http::Input;
use crate::store::{GetItem, Item, Key, Store, StoreError};

/// The organization that the request's credential names. Data read for it reaches the client only if the request is
/// admitted; it must not be written for.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The organization.
    pub organization: OrganizationId,
    pub(super) store: Store,
    pub(super) reads: CompanionReads,
    pub(super) admitted: watch::Receiver<Option<Caller>>,
}

impl Tenant {
    /// Waits for admission.
    pub async fn caller(&self) -> Result<Caller, Error> {
        let mut admitted = self.admitted.clone();
        let admitted = admitted.wait_for(Option::is_some).await;
        // The sender goes without a word only when the request is refused, which drops the handler asking here.
        let caller = admitted.map_err(Error::internal)?.clone();
        caller.ok_or_else(|| Error::internal("admitted nobody"))
    }
}

impl GetItem for Tenant {
    /// In admission's call if that has not left yet, else in one of its own.
    async fn get_item(&self, key: Key) -> Result<Option<Item>, StoreError> {
        match self.reads.join(&key) {
            // Their sender goes without a word only when admission's reads fail, which is then the request's answer.
            Some(item) => item.await.map_err(|gone| StoreError::Unavailable(gone.into())),
            None => self.store.get_item(key).await,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tenant {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let tenant = parts.extensions.get::<Tenant>().cloned();
        tenant.ok_or_else(|| Error::internal("the handler of a public route asks for a tenant"))
    }
}

impl Input for Tenant {}

impl Input for Caller {}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Tenant::from_request_parts(parts, state).await?.caller().await
    }
}

/// Reads that wait for admission's to leave; none may join once they have.
#[derive(Clone)]
pub(super) struct CompanionReads(Arc<Mutex<Option<Vec<CompanionRead>>>>);

/// One of them, and where its item goes.
type CompanionRead = (Key, oneshot::Sender<Option<Item>>);

/// How many may join, beside admission's own two
/// ([BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html) takes 100 keys).
const MAX_COMPANIONS: usize = 98;

impl CompanionReads {
    pub(super) fn waiting() -> Self {
        Self(Arc::new(Mutex::new(Some(Vec::new()))))
    }

    /// None that could join.
    pub(super) fn none() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// `None` for those that must make their own way.
    fn join(&self, key: &Key) -> Option<oneshot::Receiver<Option<Item>>> {
        let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = reads.as_mut()?;
        // A batch may ask for a key once.
        if waiting.len() >= MAX_COMPANIONS || waiting.iter().any(|(other, _)| other == key) {
            return None;
        }
        let (sender, item) = oneshot::channel();
        waiting.push((key.clone(), sender));
        Some(item)
    }

    /// Leaves: reads the items at `own`, and hands out those of whoever joined.
    pub(super) async fn read_along(
        &self,
        store: &Store,
        own: Vec<Key>,
    ) -> Result<Vec<Option<Item>>, StoreError> {
        let companions = self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let mut keys = own.clone();
        keys.extend(companions.iter().map(|(key, _)| key).filter(|key| !own.contains(key)).cloned());
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut items = store.get_many(&keys).await?;
        for (key, sender) in companions {
            let place = keys.iter().position(|other| *other == key);
            let item = place.and_then(|place| {
                // A key may be asked to show itself.
                if place < own.len() { items[place].clone() } else { items[place].take() }
            });
            // A handler that is gone waits for nothing.
            let _ = sender.send(item);
        }
        items.truncate(own.len());
        Ok(items)
    }
}

impl fmt::Debug for CompanionReads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompanionReads")
    }
}
