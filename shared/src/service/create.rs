//! Answering a `POST` that makes something: in one place, so that no handler can forget the `Idempotency-Key`.

use std::fmt;
use std::future::{Future, ready};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Serialize;

use crate::access::Caller;
use crate::base::Error;
use crate::http::{Created, Input, RequestContext, Tag, Tagged};
use crate::service::App;
use crate::service::idempotency::Idempotency;
use crate::store::collection::Along;
use crate::store::{Collection, CollectionError, Item, Key, New, Versioned, creation};

/// What a handler that makes something needs of its request, but for the body.
pub struct CreateRequest {
    /// What the handler may reach.
    pub app: App,
    /// Who makes it.
    pub caller: Caller,
    status: StatusCode,
    context: RequestContext,
    idempotency: Idempotency,
}

impl Input for CreateRequest {}

impl<S: Send + Sync> FromRequestParts<S> for CreateRequest
where
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Ok(Self {
            app: App::from_ref(state),
            caller: Caller::from_request_parts(parts, state).await?,
            status: StatusCode::CREATED,
            context: RequestContext::from_request_parts(parts, state).await?,
            idempotency: Idempotency::of(parts),
        })
    }
}

impl CreateRequest {
    /// Answers with 202: what is made is something to do, which is done later.
    pub fn accepted(self) -> Self {
        Self { status: StatusCode::ACCEPTED, ..self }
    }

    /// Adds the entity that `build` makes for the next id, and answers with what it shows of that. The entity is at `path`, which
    /// ends in a slash, and its id.
    pub async fn create<E, V, R>(
        &self,
        path: &str,
        mut build: impl FnMut(u64) -> Result<(New<E>, V), R>,
    ) -> Result<Created<V>, CollectionError<R>>
    where
        E: Collection,
        V: Serialize,
        R: From<Error> + fmt::Debug,
    {
        self.create_with(path, ready(Ok(())), |id, ()| build(id)).await
    }

    /// Adds the entity that `build` makes for the next id, as [`create`](Self::create) does. `build` is also given what `with` comes
    /// to, which is waited for beside the first read.
    pub async fn create_with<E, T, V, R>(
        &self,
        path: &str,
        with: impl Future<Output = Result<T, R>>,
        mut build: impl FnMut(u64, &T) -> Result<(New<E>, V), R>,
    ) -> Result<Created<V>, CollectionError<R>>
    where
        E: Collection,
        V: Serialize,
        R: From<Error> + fmt::Debug,
    {
        self.create_reading(path, &[], with, |id, _, with| build(id, with)).await
    }

    /// Adds an entity as [`create_with`](Self::create_with) does. `build` is also given the items at the keys `also`, read in the same
    /// round trip.
    pub async fn create_reading<E, T, V, R>(
        &self,
        path: &str,
        also: &[Key],
        with: impl Future<Output = Result<T, R>>,
        mut build: impl FnMut(u64, Vec<Option<Item>>, &T) -> Result<(New<E>, V), R>,
    ) -> Result<Created<V>, CollectionError<R>>
    where
        E: Collection,
        V: Serialize,
        R: From<Error> + fmt::Debug,
    {
        let (organization, now) = (self.caller.organization(), self.app.clock.now());
        let mut answer = None;
        creation::create_with(&self.app.store, organization, also, now, with, |id, items, with| {
            let (new, shown) = build(id, items, with)?;
            self.answered(path, new, shown, &mut answer)
        })
        .await?;
        made(answer)
    }

    /// Adds the entity that `build` makes for the next id of another one, as [`create`](Self::create) does.
    pub async fn create_from<E, V, R>(
        &self,
        path: &str,
        original: u64,
        mut build: impl FnMut(u64, &Versioned<E>) -> Result<(New<E>, V), R>,
    ) -> Result<Created<V>, CollectionError<R>>
    where
        E: Collection,
        V: Serialize,
        R: From<Error> + fmt::Debug,
    {
        let (organization, now) = (self.caller.organization(), self.app.clock.now());
        let mut answer = None;
        creation::create_from(&self.app.store, organization, original, now, |id, original| {
            let (new, shown) = build(id, original)?;
            self.answered(path, new, shown, &mut answer)
        })
        .await?;
        made(answer)
    }

    /// Adds the entity that `build` makes for the next id to a collection of another entity, as [`create`](Self::create) does. `build` is
    /// given that entity, and the items at the keys `also`.
    pub async fn create_within<P, E, V, R>(
        &self,
        path: &str,
        within: u64,
        also: &[Key],
        build: impl FnMut(u64, &Versioned<P>, Vec<Option<Item>>) -> Result<(New<E>, V), R>,
    ) -> Result<Created<V>, CollectionError<R>>
    where
        P: Collection,
        E: Collection,
        V: Serialize,
        R: From<Error> + fmt::Debug,
    {
        self.create_within_with(path, within, also, ready(Ok(())), build).await
    }

    /// Adds an entity as [`create_within`](Self::create_within) does, and nothing unless `with` comes to `Ok`, which is waited for beside
    /// the first read.
    pub async fn create_within_with<P, E, V, R>(
        &self,
        path: &str,
        within: u64,
        also: &[Key],
        with: impl Future<Output = Result<(), R>>,
        mut build: impl FnMut(u64, &Versioned<P>, Vec<Option<Item>>) -> Result<(New<E>, V), R>,
    ) -> Result<Created<V>, CollectionError<R>>
    where
        P: Collection,
        E: Collection,
        V: Serialize,
        R: From<Error> + fmt::Debug,
    {
        let (organization, now) = (self.caller.organization(), self.app.clock.now());
        let (mut answer, store) = (None, &self.app.store);
        creation::create_within_with(store, organization, within, also, now, with, |id, parent, items| {
            let (new, shown) = build(id, parent, items)?;
            self.answered(path, new, shown, &mut answer)
        })
        .await?;
        made(answer)
    }

    /// Writes the answer out, and along with the entity, where it is to be kept.
    fn answered<E, V, R>(
        &self,
        path: &str,
        mut new: New<E>,
        shown: V,
        answer: &mut Option<Created<V>>,
    ) -> Result<New<E>, R>
    where
        E: Collection,
        V: Serialize,
        R: From<Error>,
    {
        let url = self.context.url(&format!("{path}{}/", new.entity.id()));
        let tag = Tag { version: 1, side_changes: new.entity.side_changes() };
        let created = Created::new(self.status, &url, &Tagged { tag, body: shown })?;
        new.along.extend(self.idempotency.keep(&created)?.map(Along::Required));
        *answer = Some(created);
        Ok(new)
    }
}

/// The answer that was written out for what was made.
fn made<V, R: From<Error>>(answer: Option<Created<V>>) -> Result<Created<V>, CollectionError<R>> {
    answer.ok_or_else(|| CollectionError::Refused(Error::internal("made without an answer").into()))
}
