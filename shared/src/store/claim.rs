//! Things that are done once: a name is claimed, and later answered. Whoever claims it again gets the answer.
//!
//! A claim lasts for [`LEASE`] without an answer: long enough for any request to end, so that a crash between claim and
//! answer does not lock the name. An answer can be written in the transaction that does the thing, so that neither is
//! there without the other.

use std::time::Duration;

use crate::base::Timestamp;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use uuid::Uuid;

use crate::base::Sealed;
use crate::store::item::{Item, attribute, read};
use crate::store::{Store, StoreError};

/// How long a claim without an answer keeps others out: twice as long as a request may take.
pub const LEASE: Duration = Duration::from_secs(10);

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(24);

pub(super) const ANSWER: &str = "SET answer = :answer";
pub(super) const STILL_HELD: &str = "#token = :token AND attribute_not_exists(answer)";

/// A claim that is held.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(super) name: String,
    pub(super) token: String,
}

impl Claim {
    /// What was claimed.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What came of claiming a name.
#[derive(Debug)]
pub enum Claimed {
    /// It is ours to answer.
    Held(Claim),
    /// Somebody else is at it.
    Busy,
    /// It has been answered.
    Answered(Sealed),
    /// It has been claimed for something else.
    Taken,
}

#[derive(serde::Deserialize)]
struct Record {
    token: String,
    fingerprint: String,
    answer: Option<Sealed>,
}

impl Store {
    /// Claims a name for what `fingerprint` tells apart.
    pub async fn claim(&self, name: &str, fingerprint: &str, now: Timestamp) -> Result<Claimed, StoreError> {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let after =
            |time: Duration| AttributeValue::N((now.as_second() + time.as_secs().cast_signed()).to_string());
        let token = Uuid::new_v4().to_string();
        let item = Item::from([
            ("pk".to_owned(), text(name)),
            ("token".to_owned(), text(&token)),
            ("fingerprint".to_owned(), text(fingerprint)),
            ("claimed_until".to_owned(), after(LEASE)),
            ("expires_at".to_owned(), after(KEPT_FOR)),
        ]);
        let put = self
            .client
            .put_item()
            .table_name(&self.tables.counters)
            .set_item(Some(item))
            .condition_expression(
                "attribute_not_exists(pk) OR expires_at <= :now \
                 OR (attribute_not_exists(answer) AND claimed_until <= :now)",
            )
            .expression_attribute_values(":now", after(Duration::ZERO))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let held = Claim { name: name.to_owned(), token };
        let Err(error) = put.send().await else { return Ok(Claimed::Held(held)) };
        let failed = match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => failed,
            // A transaction is just answering it.
            Some(PutItemError::TransactionConflictException(_)) => return Ok(Claimed::Busy),
            _ => return Err(error.into()),
        };
        let item = failed.item.clone().ok_or_else(|| StoreError::unreadable("a claim without its item"))?;
        let Record { token, fingerprint: claimed_for, answer } = read(item)?;
        Ok(match answer {
            _ if claimed_for != fingerprint => Claimed::Taken,
            Some(answer) => Claimed::Answered(answer),
            // Our own first attempt, whose answer was lost.
            None if token == held.token => Claimed::Held(held),
            None => Claimed::Busy,
        })
    }

    /// Answers a claim. Fails with [`StoreError::Condition`] when it is not held any more, or answered.
    pub async fn answer(&self, claim: &Claim, answer: Sealed) -> Result<(), StoreError> {
        self.client
            .update_item()
            .table_name(&self.tables.counters)
            .key("pk", AttributeValue::S(claim.name.clone()))
            .update_expression(ANSWER)
            .condition_expression(STILL_HELD)
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":answer", attribute(answer)?)
            .expression_attribute_values(":token", AttributeValue::S(claim.token.clone()))
            .send()
            .await?;
        Ok(())
    }

    /// The answer that a claim has got, if it has.
    pub async fn find_answer(&self, claim: &Claim) -> Result<Option<Sealed>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tables.counters)
            .key("pk", AttributeValue::S(claim.name.clone()))
            .consistent_read(true)
            .send()
            .await?;
        let record = output.item.map(read::<Record>).transpose()?;
        Ok(record.filter(|record| record.token == claim.token).and_then(|record| record.answer))
    }

    /// Lets go of a claim that came to nothing, so that it can be claimed again at once.
    pub async fn release(&self, claim: &Claim) -> Result<(), StoreError> {
        self.client
            .delete_item()
            .table_name(&self.tables.counters)
            .key("pk", AttributeValue::S(claim.name.clone()))
            .condition_expression(STILL_HELD)
            .expression_attribute_names("#token", "token")
            .expression_attribute_values(":token", AttributeValue::S(claim.token.clone()))
            .send()
            .await?;
        Ok(())
    }
}
