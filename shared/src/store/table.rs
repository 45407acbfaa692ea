//! The two tables, and the few ways they are read and written.
//!
//! Reads are strongly consistent: a changed role, a revoked key and a client's own write count from the next
//! request on.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, KeysAndAttributes, Put, ReturnValue, TransactWriteItem,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Key, StoreError};

/// An item as DynamoDB holds it.
pub type Item = HashMap<String, AttributeValue>;

/// The names of the tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Organizations, users and everything they own.
    pub entities: String,
    /// Rate counters, throttles and idempotency records, all with a time to live.
    pub counters: String,
}

/// The tables, reached.
#[derive(Debug)]
pub struct Store {
    client: Client,
    tables: Tables,
}

/// One write of a [`Store::transact`].
#[derive(Debug)]
pub enum Write {
    /// Puts an item where none may be yet.
    Create(Key, Item),
    /// Removes an item that must be there.
    Delete(Key),
}

impl Write {
    /// Puts `value` where nothing may be yet.
    pub fn create(key: Key, value: &impl Serialize) -> Result<Self, StoreError> {
        Ok(Self::Create(key, item(value)?))
    }
}

impl Store {
    /// The tables as `client` reaches them.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self { client, tables }
    }

    /// The item at `key`, if there is one.
    pub async fn get<T: DeserializeOwned>(&self, key: Key) -> Result<Option<T>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tables.entities)
            .set_key(Some(key.into()))
            .consistent_read(true)
            .send()
            .await?;
        output.item.map(read).transpose()
    }

    /// The items at `keys` in the order of `keys`, in one round trip. At most 100 keys, none twice.
    pub async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, StoreError> {
        let mut found: HashMap<Key, Item> = HashMap::with_capacity(keys.len());
        let mut missing: Vec<Item> = keys.iter().cloned().map(Item::from).collect();
        // DynamoDB may leave keys over (16 MB, or throttling): they are asked for again until none is left.
        for _ in 0..BATCH_ATTEMPTS {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(missing))
                .consistent_read(true)
                .build()
                .map_err(StoreError::unreadable)?;
            let output =
                self.client.batch_get_item().request_items(&self.tables.entities, request).send().await?;
            let items = output.responses.into_iter().flat_map(HashMap::into_values).flatten();
            found.extend(items.filter_map(|item| Some((Key::of(&item)?, item))));
            missing = output
                .unprocessed_keys
                .into_iter()
                .flat_map(HashMap::into_values)
                .flat_map(|left| left.keys)
                .collect();
            if missing.is_empty() {
                return Ok(keys.iter().map(|key| found.remove(key)).collect());
            }
        }
        Err(StoreError::Unavailable("DynamoDB left keys of a batch unprocessed".into()))
    }

    /// Adds 1 to the number `attribute` of an item that must be there, and returns the sum.
    pub async fn increment(&self, key: Key, attribute: &str) -> Result<u64, StoreError> {
        self.add_one(key, attribute, true).await
    }

    /// The next number of a sequence, from 1. The item is made by the first call.
    pub async fn next_in_sequence(&self, key: Key) -> Result<u64, StoreError> {
        self.add_one(key, "last", false).await
    }

    async fn add_one(&self, key: Key, attribute: &str, must_exist: bool) -> Result<u64, StoreError> {
        let output = self
            .client
            .update_item()
            .table_name(&self.tables.entities)
            .set_key(Some(key.into()))
            .update_expression("ADD #a :one")
            .set_condition_expression(must_exist.then(|| "attribute_exists(pk)".to_owned()))
            .expression_attribute_names("#a", attribute)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        let sum = output.attributes.and_then(|mut attributes| attributes.remove(attribute));
        match sum {
            Some(AttributeValue::N(sum)) => sum.parse().map_err(StoreError::unreadable),
            other => Err(StoreError::unreadable(format!("{attribute} is not a number: {other:?}"))),
        }
    }

    /// Sets attributes of an item that must be there and, where `unchanged` is given, whose attribute of that name
    /// must still have that value.
    pub async fn set(
        &self,
        key: Key,
        attributes: Item,
        unchanged: Option<(&str, AttributeValue)>,
    ) -> Result<(), StoreError> {
        let Assignment { expression, names, values } = Assignment::of(attributes);
        let mut request = self
            .client
            .update_item()
            .table_name(&self.tables.entities)
            .set_key(Some(key.into()))
            .update_expression(expression)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values));
        request = match unchanged {
            None => request.condition_expression("attribute_exists(pk)"),
            Some((name, value)) => request
                .condition_expression("#unchanged = :unchanged")
                .expression_attribute_names("#unchanged", name)
                .expression_attribute_values(":unchanged", value),
        };
        request.send().await?;
        Ok(())
    }

    /// All of the writes, or none: fails with [`StoreError::Condition`] and the positions of those that could not be.
    pub async fn transact(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let items = writes.into_iter().map(|write| self.transact_item(write)).collect::<Result<_, _>>()?;
        match self.client.transact_write_items().set_transact_items(Some(items)).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(cancellation(&error).unwrap_or_else(|| error.into())),
        }
    }

    fn transact_item(&self, write: Write) -> Result<TransactWriteItem, StoreError> {
        let table = &self.tables.entities;
        let item = TransactWriteItem::builder();
        let item = match write {
            Write::Create(key, mut attributes) => {
                attributes.extend(Item::from(key));
                let put = Put::builder().table_name(table).set_item(Some(attributes));
                item.put(
                    put.condition_expression("attribute_not_exists(pk)")
                        .build()
                        .map_err(StoreError::unreadable)?,
                )
            }
            Write::Delete(key) => {
                let delete = Delete::builder().table_name(table).set_key(Some(key.into()));
                item.delete(
                    delete
                        .condition_expression("attribute_exists(pk)")
                        .build()
                        .map_err(StoreError::unreadable)?,
                )
            }
        };
        Ok(item.build())
    }

    /// Makes sure that the tables can be reached, by reading a key that is never written. Also opens the
    /// connection that the first request will use.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let nowhere = Key { pk: "PING".to_owned(), sk: "PING".to_owned() };
        self.client.get_item().table_name(&self.tables.entities).set_key(Some(nowhere.into())).send().await?;
        Ok(())
    }
}

/// How often keys that DynamoDB left unprocessed are asked for before giving up.
const BATCH_ATTEMPTS: usize = 3;

/// A `SET` of any number of attributes, names escaped since many words are reserved.
struct Assignment {
    expression: String,
    names: HashMap<String, String>,
    values: Item,
}

impl Assignment {
    fn of(attributes: Item) -> Self {
        let mut set = Vec::with_capacity(attributes.len());
        let mut names = HashMap::with_capacity(attributes.len());
        let mut values = HashMap::with_capacity(attributes.len());
        for (index, (name, value)) in attributes.into_iter().enumerate() {
            set.push(format!("#{index} = :{index}"));
            names.insert(format!("#{index}"), name);
            values.insert(format!(":{index}"), value);
        }
        Self { expression: format!("SET {}", set.join(", ")), names, values }
    }
}

impl From<Key> for Item {
    fn from(Key { pk, sk }: Key) -> Self {
        Self::from([("pk".to_owned(), AttributeValue::S(pk)), ("sk".to_owned(), AttributeValue::S(sk))])
    }
}

impl Key {
    fn of(item: &Item) -> Option<Self> {
        let text = |name| Some(item.get(name)?.as_s().ok()?.clone());
        Some(Self { pk: text("pk")?, sk: text("sk")? })
    }
}

/// Why a transaction was cancelled, one reason per write: a conflict outweighs a condition, since the condition
/// may hold once the other write is through.
fn cancellation(error: &SdkError<TransactWriteItemsError>) -> Option<StoreError> {
    let SdkError::ServiceError(service) = error else { return None };
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = service.err() else { return None };
    let codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code()).collect();
    let failed = |code: &str| -> Vec<usize> {
        codes.iter().enumerate().filter(|(_, found)| **found == Some(code)).map(|(index, _)| index).collect()
    };
    if !failed("TransactionConflict").is_empty() {
        return Some(StoreError::Conflict);
    }
    if !failed("ThrottlingError").is_empty() || !failed("ProvisionedThroughputExceeded").is_empty() {
        return Some(StoreError::Unavailable("the transaction was throttled".into()));
    }
    let conditions = failed("ConditionalCheckFailed");
    (!conditions.is_empty()).then_some(StoreError::Condition(conditions))
}

/// Reads a value from its item.
pub(crate) fn read<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(StoreError::unreadable)
}

/// The item of a value.
fn item(value: &impl Serialize) -> Result<Item, StoreError> {
    serde_dynamo::to_item(value).map_err(StoreError::unreadable)
}
