//! Random tables, and random valid queries of them.

mod bounds;
mod choices;
mod clauses;
mod coverage;
mod literals;
mod measures;
mod names;
mod query;
mod tables;
mod values;

use jiff::Timestamp;
use proptest::prelude::*;
use shared::model::query::Query;

use super::table::Table;
use choices::Choices;

/// How many choices a query may take. After that, everything is as simple as can be.
const MAX_CHOICES: usize = 200;

/// A question with its table.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) table: Table,
    pub(crate) query: Query,
    pub(crate) now: Timestamp,
}

/// Tables of 0 to 60 rows with 3 to 8 columns of all types, with many nulls and few different values.
pub(crate) fn table() -> impl Strategy<Value = Table> {
    tables::table()
}

/// Valid queries of a table, with a time near its own.
pub(crate) fn query(table: Table) -> impl Strategy<Value = (Query, Timestamp)> {
    choices().prop_map(move |numbers| query::build(&table, &mut Choices::new(numbers)))
}

/// Tables with valid queries of them.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    (table(), choices()).prop_map(|(table, numbers)| {
        let (query, now) = query::build(&table, &mut Choices::new(numbers));
        Case { table, query, now }
    })
}

fn choices() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), MAX_CHOICES)
}
