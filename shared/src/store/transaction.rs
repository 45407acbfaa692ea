//! Writes that are all made or none, each on a condition.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use crate::base::{OrganizationId, Sealed};
use crate::model::{Counts, Day};
use crate::store::backoff::Backoff;
use crate::store::claim::{ANSWER, Claim, STILL_HELD};
use crate::store::item::{VERSION, attribute, item};
use crate::store::table::{FIRST_PAUSE, RETRY_LIMIT, Tables, counter_key};
use crate::store::update_expression::UpdateExpression;
use crate::store::usage;
use crate::store::{Item, Key, Store, StoreError};

/// What must be at a key for a write to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// Nothing.
    Absent,
    /// An item.
    Present,
    /// An item of this `version`.
    Version(u64),
    /// An item whose attributes of these names have these values, or are not there.
    Unchanged(Vec<(&'static str, Option<AttributeValue>)>),
}

/// One write of a [`Store::transact`].
#[derive(Clone, Debug)]
pub enum Write {
    /// Puts an item.
    Put(Key, Item, Expect),
    /// Sets and removes attributes of an item.
    Update {
        /// Where the item is.
        key: Key,
        /// What to set.
        set: Item,
        /// What to remove.
        remove: Vec<String>,
        /// What must be there.
        expect: Expect,
    },
    /// Removes an item.
    Delete(Key, Expect),
    /// Writes nothing, but lets the others through only if this holds.
    Check(Key, Expect),
    /// Answers a claim that must still be held.
    Answer(Claim, Sealed),
    /// Puts an item of that name into the `counters` table.
    PutCounter(String, Item, Expect),
    /// Removes the item of that name from the `counters` table.
    DeleteCounter(String, Expect),
    /// Adds to what an organization has used on a day.
    Count(OrganizationId, Day, Counts),
}

impl Write {
    /// Puts `value` where nothing may be yet.
    pub fn create(key: Key, value: &impl Serialize) -> Result<Self, StoreError> {
        Ok(Self::Put(key, item(value)?, Expect::Absent))
    }

    /// Where it writes in the `entities` table.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::Put(key, ..) | Self::Update { key, .. } | Self::Delete(key, _) | Self::Check(key, _) => {
                Some(key)
            }
            Self::Answer(..) | Self::PutCounter(..) | Self::DeleteCounter(..) | Self::Count(..) => None,
        }
    }
}

impl Store {
    /// All of the writes, or none: fails with [`StoreError::Condition`] and the positions of those that could not be.
    pub async fn transact(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let items: Vec<_> =
            writes.into_iter().map(|write| self.transact_item(write)).collect::<Result<_, _>>()?;
        let mut backoff = Backoff::new(FIRST_PAUSE, RETRY_LIMIT);
        loop {
            let request = self.client.transact_write_items().set_transact_items(Some(items.clone()));
            let Err(error) = request.send().await else { return Ok(()) };
            match Cancellation::of(&error) {
                // The SDK does not try these again: to it, a cancelled transaction is final.
                Some(Cancellation::Throttled) if backoff.pause().await => {}
                Some(Cancellation::Conflict) => return Err(StoreError::Conflict),
                Some(Cancellation::Conditions(failed)) => return Err(StoreError::Condition(failed)),
                Some(Cancellation::Throttled) | None => return Err(error.into()),
            }
        }
    }

    fn transact_item(&self, write: Write) -> Result<TransactWriteItem, StoreError> {
        let Tables { entities, counters } = &*self.tables;
        let item = TransactWriteItem::builder();
        let item = match write {
            Write::Put(key, mut attributes, expect) => {
                attributes.extend(Item::from(key));
                item.put(put(entities, attributes, expect)?)
            }
            Write::PutCounter(name, mut attributes, expect) => {
                attributes.extend(counter_key(name));
                item.put(put(counters, attributes, expect)?)
            }
            Write::Update { key, set, remove, expect } => {
                let update_expression = UpdateExpression::new(set, remove);
                let Condition { expression, names, values } = expect.into();
                let names = names.into_iter().flatten().chain(update_expression.names).collect();
                let values: Item = values.into_iter().flatten().chain(update_expression.values).collect();
                let update = Update::builder()
                    .table_name(entities)
                    .set_key(Some(key.into()))
                    .update_expression(update_expression.expression)
                    .condition_expression(expression)
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values((!values.is_empty()).then_some(values));
                item.update(update.build().map_err(unfit)?)
            }
            Write::Delete(key, expect) => item.delete(delete(entities, key.into(), expect)?),
            Write::DeleteCounter(name, expect) => item.delete(delete(counters, counter_key(name), expect)?),
            Write::Check(key, expect) => {
                let Condition { expression, names, values } = expect.into();
                let check = ConditionCheck::builder()
                    .table_name(entities)
                    .set_key(Some(key.into()))
                    .condition_expression(expression)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values);
                item.condition_check(check.build().map_err(unfit)?)
            }
            Write::Count(organization, day, counts) => {
                let UpdateExpression { expression, names, values } = usage::addition(day, &counts);
                let update = Update::builder()
                    .table_name(counters)
                    .set_key(Some(counter_key(usage::name(organization, day))))
                    .update_expression(expression)
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values(Some(values));
                item.update(update.build().map_err(unfit)?)
            }
            Write::Answer(claim, answer) => {
                let update = Update::builder()
                    .table_name(counters)
                    .set_key(Some(counter_key(claim.name)))
                    .update_expression(ANSWER)
                    .condition_expression(STILL_HELD)
                    .expression_attribute_names("#token", "token")
                    .expression_attribute_values(":answer", attribute(answer)?)
                    .expression_attribute_values(":token", AttributeValue::S(claim.token));
                item.update(update.build().map_err(unfit)?)
            }
        };
        Ok(item.build())
    }
}

fn put(table: &str, item: Item, expect: Expect) -> Result<Put, StoreError> {
    let Condition { expression, names, values } = expect.into();
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression(expression)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values);
    put.build().map_err(unfit)
}

fn delete(table: &str, key: Item, expect: Expect) -> Result<Delete, StoreError> {
    let Condition { expression, names, values } = expect.into();
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key))
        .condition_expression(expression)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values);
    delete.build().map_err(unfit)
}

/// An [`Expect`] as DynamoDB is told it.
struct Condition {
    expression: String,
    names: Option<HashMap<String, String>>,
    values: Option<Item>,
}

impl From<Expect> for Condition {
    fn from(expect: Expect) -> Self {
        let of = |expression: &str| Self { expression: expression.to_owned(), names: None, values: None };
        match expect {
            Expect::Absent => of("attribute_not_exists(pk)"),
            Expect::Present => of("attribute_exists(pk)"),
            Expect::Version(version) => {
                Self::unchanged(vec![(VERSION, Some(AttributeValue::N(version.to_string())))])
            }
            Expect::Unchanged(attributes) => Self::unchanged(attributes),
        }
    }
}

impl Condition {
    fn unchanged(attributes: Vec<(&'static str, Option<AttributeValue>)>) -> Self {
        let (mut names, mut values) = (HashMap::new(), Item::new());
        let mut conditions = vec!["attribute_exists(pk)".to_owned()];
        for (index, (name, value)) in attributes.into_iter().enumerate() {
            names.insert(format!("#u{index}"), name.to_owned());
            match value {
                Some(value) => {
                    conditions.push(format!("#u{index} = :u{index}"));
                    values.insert(format!(":u{index}"), value);
                }
                None => conditions.push(format!("attribute_not_exists(#u{index})")),
            }
        }
        let expression = conditions.join(" AND ");
        Self { expression, names: Some(names), values: (!values.is_empty()).then_some(values) }
    }
}

/// Why a transaction was cancelled. Of several reasons, the one that may be gone the next time counts: a condition may hold once
/// another write is through.
enum Cancellation {
    /// Another write was at one of the items.
    Conflict,
    /// One of the items had too much to do.
    Throttled,
    /// The conditions of the writes at these positions do not hold.
    Conditions(Vec<usize>),
}

impl Cancellation {
    fn of(error: &SdkError<TransactWriteItemsError>) -> Option<Self> {
        let SdkError::ServiceError(service) = error else { return None };
        let TransactWriteItemsError::TransactionCanceledException(cancelled) = service.err() else {
            return None;
        };
        let codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code()).collect();
        if codes.contains(&Some("TransactionConflict")) {
            return Some(Self::Conflict);
        }
        if codes.contains(&Some("ThrottlingError")) || codes.contains(&Some("ProvisionedThroughputExceeded"))
        {
            return Some(Self::Throttled);
        }
        let failed = codes.iter().enumerate().filter(|(_, code)| **code == Some("ConditionalCheckFailed"));
        let failed: Vec<_> = failed.map(|(position, _)| position).collect();
        (!failed.is_empty()).then_some(Self::Conditions(failed))
    }
}

/// A request that lacks a part: a mistake of ours.
fn unfit(error: BuildError) -> StoreError {
    StoreError::Refused(error.into())
}
