//! What organizations have used, by day, in the `counters` table: an item a day, small enough for each write to cost one unit.
//!
//! | pk | item |
//! |---|---|
//! | `usage#1#2026-11-30` | what organization 1 has used on that day |

use std::collections::HashMap;

use crate::base::{OrganizationId, Timestamp};
use crate::model::usage::KEPT_MONTHS;
use crate::model::{Counts, Day, Month};
use crate::store::item::read;
use crate::store::table::{AddError, counter_key};
use crate::store::update_expression::UpdateExpression;
use crate::store::{Item, Store, StoreError};

/// How many days are read at a time.
const READ_AT_ONCE: usize = 100;

/// The name of a day's item.
pub(super) fn name(organization: OrganizationId, day: Day) -> String {
    format!("usage#{organization}#{day}")
}

/// When a day's item may go: when its month is not told any more.
pub(super) fn expires_at(day: Day) -> Timestamp {
    day.month().plus_months(KEPT_MONTHS).start()
}

/// The update that adds to a day's item, and makes it if it is not there.
pub(super) fn addition(day: Day, counts: &Counts) -> UpdateExpression {
    let (mut names, mut values) = (HashMap::new(), Item::new());
    let mut additions = Vec::new();
    for (index, (name, count)) in counts.named().into_iter().filter(|(_, count)| *count > 0).enumerate() {
        additions.push(format!("#a{index} :a{index}"));
        names.insert(format!("#a{index}"), name.to_owned());
        values.insert(format!(":a{index}"), number(count));
    }
    let expires_at = expires_at(day).as_second().unsigned_abs();
    values.insert(":expires_at".to_owned(), number(expires_at));
    let add = if additions.is_empty() { String::new() } else { format!("ADD {} ", additions.join(", ")) };
    names.insert("#expires_at".to_owned(), "expires_at".to_owned());
    UpdateExpression { expression: add + "SET #expires_at = :expires_at", names, values }
}

fn number(number: u64) -> aws_sdk_dynamodb::types::AttributeValue {
    aws_sdk_dynamodb::types::AttributeValue::N(number.to_string())
}

impl Store {
    /// Adds to what an organization has used on a day. Never adds twice.
    pub async fn add_usage(
        &self,
        organization: OrganizationId,
        day: Day,
        counts: &Counts,
    ) -> Result<(), AddError> {
        let UpdateExpression { expression, names, values } = addition(day, counts);
        let request = self
            .client
            .update_item()
            .table_name(&self.tables.counters)
            .set_key(Some(counter_key(name(organization, day))))
            .update_expression(expression)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values));
        self.add_once(request).await.map(drop)
    }
}

/// What an organization has used on each day of a month, perhaps without the last second.
pub async fn of_month(
    store: &Store,
    organization: OrganizationId,
    month: Month,
) -> Result<Vec<(Day, Counts)>, StoreError> {
    let days: Vec<_> = month.days().map(|day| (organization, day)).collect();
    let counts = of_days(store, &days).await?;
    Ok(days.into_iter().map(|(_, day)| day).zip(counts).collect())
}

/// What each of the organizations has used in a month.
pub async fn totals(
    store: &Store,
    organizations: &[OrganizationId],
    month: Month,
) -> Result<Vec<Counts>, StoreError> {
    let days: Vec<_> =
        organizations.iter().flat_map(|organization| month.days().map(|day| (*organization, day))).collect();
    let counts = of_days(store, &days).await?;
    Ok(counts.chunks(month.days().count()).map(Counts::total).collect())
}

async fn of_days(store: &Store, days: &[(OrganizationId, Day)]) -> Result<Vec<Counts>, StoreError> {
    let names: Vec<_> = days.iter().map(|(organization, day)| name(*organization, *day)).collect();
    let mut counts = Vec::with_capacity(names.len());
    for names in names.chunks(READ_AT_ONCE) {
        for item in store.get_counters(names).await? {
            counts.push(item.map(read).transpose()?.unwrap_or_default());
        }
    }
    Ok(counts)
}
