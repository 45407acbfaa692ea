//! `PATCH`: JSON merge patches (RFC 7396) on what a client may change.

use std::marker::PhantomData;

use axum::extract::{FromRequest, Request};
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;

use super::input::Input;
use super::json::read_object;
use crate::base::{Error, Fields};

/// A patch on `F`, which are the fields of a resource that a client may change: an object whose members replace those of the same
/// name; null removes.
#[derive(Clone, Debug)]
pub struct MergePatch<F> {
    patch: Value,
    of: PhantomData<fn() -> F>,
}

impl<F> From<Value> for MergePatch<F> {
    fn from(patch: Value) -> Self {
        Self { patch, of: PhantomData }
    }
}

impl<F> Input for MergePatch<F> {}

impl<F, S: Send + Sync> FromRequest<S> for MergePatch<F> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        read_object(request).await.map(Self::from)
    }
}

impl<F: Serialize + Deserr<Fields>> MergePatch<F> {
    /// `current` with the patch merged in. What the patch names and `F` does not know is refused, also where it would be
    /// removed.
    pub fn apply(&self, current: &F) -> Result<F, Error> {
        let mut merged = serde_json::to_value(current).map_err(Error::internal)?;
        let known = merged.clone();
        json_patch::merge(&mut merged, &self.patch);
        keep_unknown_removals(&mut merged, &self.patch, &known);
        deserr::deserialize(merged).map_err(Error::validation)
    }
}

impl<F> MergePatch<F> {
    /// The value that the patch gives to a member, by its path.
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.patch, |value, name| value.get(name))
    }
}

/// Puts nulls back where the patch removes what was not there: whether the name is known is then for `F` to say.
fn keep_unknown_removals(merged: &mut Value, patch: &Value, known: &Value) {
    let (Value::Object(merged), Value::Object(patch)) = (merged, patch) else { return };
    for (name, value) in patch {
        let was = known.get(name).unwrap_or(&Value::Null);
        if value.is_null() && was.is_null() {
            merged.insert(name.clone(), Value::Null);
        } else if let Some(merged) = merged.get_mut(name) {
            keep_unknown_removals(merged, value, was);
        }
    }
}
