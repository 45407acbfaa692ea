//! The two tables, and the few ways they are read and written.
//!
//! Reads are strongly consistent: a changed role, a revoked key and a client's own write count from the next
//! request on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValue};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde::de::DeserializeOwned;

use crate::base::Timestamp;
use crate::store::backoff::Backoff;
use crate::store::error::was_not_applied;
use crate::store::item::{self, Item, attribute, number, read};
use crate::store::update_expression::UpdateExpression;
use crate::store::{Key, StoreError};

/// The names of the tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Organizations, users and everything they own.
    pub entities: String,
    /// Rate counters, throttles and idempotency records, all with a time to live.
    pub counters: String,
}

/// The tables, reached. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) client: Client,
    pub(super) tables: Arc<Tables>,
}

/// How long what DynamoDB refused for the moment is tried again, beyond what the SDK does by itself.
pub(super) const RETRY_LIMIT: Duration = Duration::from_secs(1);
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// The attribute of a sequence that has its last number.
const SEQUENCE: &str = "last";

/// Where the item of that name is in the `counters` table.
pub(super) fn counter_key(name: String) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(name))])
}

/// That something was not added, as far as that is known.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// It certainly was not.
    #[error(transparent)]
    NotApplied(StoreError),
    /// It may have been: the answer was lost.
    #[error(transparent)]
    Unknown(StoreError),
}

impl AddError {
    /// What went wrong.
    pub fn into_inner(self) -> StoreError {
        match self {
            Self::NotApplied(error) | Self::Unknown(error) => error,
        }
    }
}

fn is_conflict(error: &SdkError<UpdateItemError, HttpResponse>) -> bool {
    error
        .as_service_error()
        .is_some_and(|error| matches!(error, UpdateItemError::TransactionConflictException(_)))
}

impl Store {
    /// The tables as `client` reaches them.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self { client, tables: Arc::new(tables) }
    }

    /// The items at `keys` in the order of `keys`, in one round trip. At most 100 keys, none twice.
    pub async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, StoreError> {
        let wanted = keys.iter().cloned().map(Item::from).collect();
        let found = self.batch_get(&self.tables.entities, wanted, true).await?;
        let found = found.into_iter().filter_map(|item| Some((item::key(&item)?, item)));
        let mut found: HashMap<Key, Item> = found.collect();
        Ok(keys.iter().map(|key| found.remove(key)).collect())
    }

    /// The items of these names in the `counters` table, in one round trip; perhaps as they were a moment ago, which costs half. At
    /// most 100 names, none twice.
    pub(super) async fn get_counters(&self, names: &[String]) -> Result<Vec<Option<Item>>, StoreError> {
        let wanted = names.iter().cloned().map(counter_key).collect();
        let found = self.batch_get(&self.tables.counters, wanted, false).await?;
        let found = found.into_iter().filter_map(|item| Some((item.get("pk")?.as_s().ok()?.clone(), item)));
        let mut found: HashMap<String, Item> = found.collect();
        Ok(names.iter().map(|name| found.remove(name)).collect())
    }

    async fn batch_get(
        &self,
        table: &str,
        mut missing: Vec<Item>,
        is_consistent: bool,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::with_capacity(missing.len());
        let mut backoff = Backoff::new(FIRST_PAUSE, RETRY_LIMIT);
        // DynamoDB may leave keys over (16 MB, or throttling): they are asked for again until none is left.
        loop {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(missing))
                .consistent_read(is_consistent)
                .build()
                .map_err(StoreError::unreadable)?;
            let output = self.client.batch_get_item().request_items(table, request).send().await?;
            found.extend(output.responses.into_iter().flat_map(HashMap::into_values).flatten());
            missing = output
                .unprocessed_keys
                .into_iter()
                .flat_map(HashMap::into_values)
                .flat_map(|left| left.keys)
                .collect();
            if missing.is_empty() {
                return Ok(found);
            }
            if !backoff.pause().await {
                return Err(StoreError::Unavailable("DynamoDB left keys of a batch unprocessed".into()));
            }
        }
    }

    /// The item of that name in the `counters` table, if there is one.
    pub(super) async fn get_counter(&self, name: &str) -> Result<Option<Item>, StoreError> {
        let get = self.client.get_item().table_name(&self.tables.counters);
        let output = get.set_key(Some(counter_key(name.to_owned()))).consistent_read(true).send().await?;
        Ok(output.item)
    }

    /// The next number of a sequence, from 1. The item is made by the first call.
    pub async fn next_in_sequence(&self, key: Key) -> Result<u64, StoreError> {
        let output = self
            .client
            .update_item()
            .table_name(&self.tables.entities)
            .set_key(Some(key.into()))
            .update_expression("ADD #a :one")
            .expression_attribute_names("#a", SEQUENCE)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        number(output.attributes.as_ref(), SEQUENCE)
    }

    /// The last number of a sequence; 0 before the first.
    pub async fn last_in_sequence(&self, key: Key) -> Result<u64, StoreError> {
        let item = self.get_item(key).await?;
        if item.is_none() { Ok(0) } else { number(item.as_ref(), SEQUENCE) }
    }

    /// Adds 1 to a counter, and returns the sum. DynamoDB deletes the counter some time after `expires_at`.
    ///
    /// Tried again only when it was certainly not applied: one repeated after an answer that was lost would count twice.
    pub async fn count(&self, counter: &str, expires_at: Timestamp) -> Result<u64, StoreError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.tables.counters)
            .set_key(Some(counter_key(counter.to_owned())))
            .update_expression("ADD n :one SET expires_at = :expires_at")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":expires_at", AttributeValue::N(expires_at.as_second().to_string()))
            .return_values(ReturnValue::UpdatedNew);
        let output = self.add_once(request).await.map_err(AddError::into_inner)?;
        number(output.attributes.as_ref(), "n")
    }

    /// Sends an update that adds. Tried again only when it was certainly not applied.
    pub(super) async fn add_once(
        &self,
        request: UpdateItemFluentBuilder,
    ) -> Result<UpdateItemOutput, AddError> {
        let mut backoff = Backoff::new(FIRST_PAUSE, RETRY_LIMIT);
        loop {
            let once = aws_sdk_dynamodb::Config::builder().retry_config(RetryConfig::disabled());
            let error = match request.clone().customize().config_override(once).send().await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let was_not_applied = was_not_applied(&error) || is_conflict(&error);
            if was_not_applied && backoff.pause().await {
                continue;
            }
            return Err(match StoreError::from(error) {
                error if was_not_applied => AddError::NotApplied(error),
                error @ (StoreError::Condition(_) | StoreError::Refused(_)) => AddError::NotApplied(error),
                error => AddError::Unknown(error),
            });
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
        let UpdateExpression { expression, names, values } = UpdateExpression::new(attributes, Vec::new());
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

    /// Adds to the `usage_count` of the API key at `key`, which must be there, and sets when it was last used. Never adds twice.
    pub async fn add_key_uses(&self, key: Key, uses: u64, last_used_at: Timestamp) -> Result<(), AddError> {
        let value = |value: Result<AttributeValue, StoreError>| value.map_err(AddError::NotApplied);
        let request = self
            .client
            .update_item()
            .table_name(&self.tables.entities)
            .set_key(Some(key.into()))
            .update_expression("ADD usage_count :uses SET last_used_at = :last_used_at")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":uses", value(attribute(uses))?)
            .expression_attribute_values(":last_used_at", value(attribute(last_used_at))?);
        self.add_once(request).await.map(drop)
    }

    /// Makes sure that the tables can be reached, by reading a key that is never written. Also opens the
    /// connection that the first request will use.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let nowhere = Key { pk: "PING".to_owned(), sk: "PING".to_owned() };
        self.client.get_item().table_name(&self.tables.entities).set_key(Some(nowhere.into())).send().await?;
        Ok(())
    }
}

/// What single items can be read through: the tables, or what reads from them along with something else.
pub trait GetItem: Sync {
    /// The item at `key` as it is, if there is one.
    fn get_item(&self, key: Key) -> impl Future<Output = Result<Option<Item>, StoreError>> + Send;

    /// The value at `key`, if there is one.
    fn get<T: DeserializeOwned>(
        &self,
        key: Key,
    ) -> impl Future<Output = Result<Option<T>, StoreError>> + Send {
        async { self.get_item(key).await?.map(read).transpose() }
    }
}

impl GetItem for Store {
    async fn get_item(&self, key: Key) -> Result<Option<Item>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tables.entities)
            .set_key(Some(key.into()))
            .consistent_read(true)
            .send()
            .await?;
        Ok(output.item)
    }
}
