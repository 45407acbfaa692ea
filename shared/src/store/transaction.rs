//! Writes that are all made or none, each on a condition.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use super::claim::{ANSWER, Claim, STILL_HELD};
use super::table::{VERSION, attribute, item};
use super::{Item, Key, Sealed, Store, StoreError};

/// What must be at a key for a write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing.
    Absent,
    /// An item.
    Present,
    /// An item of this `version`.
    Version(u64),
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
}

impl Write {
    /// Puts `value` where nothing may be yet.
    pub fn create(key: Key, value: &impl Serialize) -> Result<Self, StoreError> {
        Ok(Self::Put(key, item(value)?, Expect::Absent))
    }
}

impl Store {
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
            Write::Put(key, mut attributes, expect) => {
                attributes.extend(Item::from(key));
                let Condition { expression, names, values } = expect.into();
                let put = Put::builder()
                    .table_name(table)
                    .set_item(Some(attributes))
                    .condition_expression(expression)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values);
                item.put(put.build().map_err(unfit)?)
            }
            Write::Update { key, set, remove, expect } => {
                let assignment = Assignment::of(set, remove);
                let Condition { expression, names, values } = expect.into();
                let names = names.into_iter().flatten().chain(assignment.names).collect();
                let values: Item = values.into_iter().flatten().chain(assignment.values).collect();
                let update = Update::builder()
                    .table_name(table)
                    .set_key(Some(key.into()))
                    .update_expression(assignment.expression)
                    .condition_expression(expression)
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values((!values.is_empty()).then_some(values));
                item.update(update.build().map_err(unfit)?)
            }
            Write::Delete(key, expect) => {
                let Condition { expression, names, values } = expect.into();
                let delete = Delete::builder()
                    .table_name(table)
                    .set_key(Some(key.into()))
                    .condition_expression(expression)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values);
                item.delete(delete.build().map_err(unfit)?)
            }
            Write::Check(key, expect) => {
                let Condition { expression, names, values } = expect.into();
                let check = ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key.into()))
                    .condition_expression(expression)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values);
                item.condition_check(check.build().map_err(unfit)?)
            }
            Write::Answer(claim, answer) => {
                let update = Update::builder()
                    .table_name(&self.tables.counters)
                    .key("pk", AttributeValue::S(claim.name))
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

/// A `SET` and `REMOVE` of any number of attributes, names escaped since many words are reserved.
pub(super) struct Assignment {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

impl Assignment {
    pub(super) fn of(set: Item, remove: Vec<String>) -> Self {
        let mut names = HashMap::with_capacity(set.len() + remove.len());
        let mut values = HashMap::with_capacity(set.len());
        let mut assignments = Vec::with_capacity(set.len());
        for (index, (name, value)) in set.into_iter().enumerate() {
            assignments.push(format!("#s{index} = :s{index}"));
            names.insert(format!("#s{index}"), name);
            values.insert(format!(":s{index}"), value);
        }
        let mut removals = Vec::with_capacity(remove.len());
        for (index, name) in remove.into_iter().enumerate() {
            removals.push(format!("#r{index}"));
            names.insert(format!("#r{index}"), name);
        }
        let clause = |word: &str, parts: Vec<String>| {
            if parts.is_empty() { String::new() } else { format!("{word} {} ", parts.join(", ")) }
        };
        let expression = clause("SET", assignments) + &clause("REMOVE", removals);
        Self { expression, names, values }
    }
}

/// An [`Expect`] as DynamoDB is told it.
struct Condition {
    expression: &'static str,
    names: Option<HashMap<String, String>>,
    values: Option<Item>,
}

impl From<Expect> for Condition {
    fn from(expect: Expect) -> Self {
        match expect {
            Expect::Absent => Self { expression: "attribute_not_exists(pk)", names: None, values: None },
            Expect::Present => Self { expression: "attribute_exists(pk)", names: None, values: None },
            Expect::Version(version) => Self {
                expression: "#version = :version",
                names: Some(HashMap::from([("#version".to_owned(), VERSION.to_owned())])),
                values: Some(Item::from([(":version".to_owned(), AttributeValue::N(version.to_string()))])),
            },
        }
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

/// A request that lacks a part: a mistake of ours.
fn unfit(error: BuildError) -> StoreError {
    StoreError::Refused(error.into())
}
