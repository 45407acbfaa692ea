//! `PATCH`: JSON merge patches (RFC 7396) on what a client may change.

use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Fields};

/// A patch: an object whose members replace those of the same name; null removes.
#[derive(Clone, Debug)]
pub struct MergePatch(Value);

impl From<Value> for MergePatch {
    fn from(patch: Value) -> Self {
        Self(patch)
    }
}

impl MergePatch {
    /// `current` with the patch merged in, read as `T`. What the patch names and `T` does not know is refused, also where
    /// it would be removed.
    pub fn apply<T: Deserr<Fields>>(&self, current: &impl Serialize) -> Result<T, Error> {
        let mut merged = serde_json::to_value(current).map_err(Error::internal)?;
        let known = merged.clone();
        json_patch::merge(&mut merged, &self.0);
        if let (Value::Object(merged), Value::Object(patch)) = (&mut merged, &self.0) {
            for (name, value) in patch {
                if value.is_null() && known.get(name).is_none() {
                    merged.insert(name.clone(), Value::Null);
                }
            }
        }
        deserr::deserialize(merged).map_err(Error::validation)
    }

    /// The value that the patch gives to a member, by its path.
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.0, |value, name| value.get(name))
    }
}
