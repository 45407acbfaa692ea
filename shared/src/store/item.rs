//! Items as DynamoDB holds them, and values as items.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{Key, StoreError};

/// An item as DynamoDB holds it.
pub type Item = HashMap<String, AttributeValue>;

/// The attribute that counts an item's changes.
pub(super) const VERSION: &str = "version";

impl From<Key> for Item {
    fn from(Key { pk, sk }: Key) -> Self {
        Self::from([("pk".to_owned(), AttributeValue::S(pk)), ("sk".to_owned(), AttributeValue::S(sk))])
    }
}

/// The key of an item.
pub(super) fn key(item: &Item) -> Option<Key> {
    let text = |name| Some(item.get(name)?.as_s().ok()?.clone());
    Some(Key { pk: text("pk")?, sk: text("sk")? })
}

/// A number among attributes.
pub(super) fn number(attributes: Option<&Item>, name: &str) -> Result<u64, StoreError> {
    match attributes.and_then(|attributes| attributes.get(name)) {
        Some(AttributeValue::N(number)) => number.parse().map_err(StoreError::unreadable),
        other => Err(StoreError::unreadable(format!("{name} is not a number: {other:?}"))),
    }
}

/// Reads a value from its item.
pub(crate) fn read<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(StoreError::unreadable)
}

/// The item of a value.
pub fn item(value: &impl Serialize) -> Result<Item, StoreError> {
    serde_dynamo::to_item(value).map_err(StoreError::unreadable)
}

/// The attribute of a value.
pub(crate) fn attribute(value: impl Serialize) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value).map_err(StoreError::unreadable)
}
