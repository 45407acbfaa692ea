//! Random tables.

use jiff::Timestamp;
use proptest::prelude::*;
use shared::model::table::ColumnType;

use super::choices::Choices;
use super::names::NAMES;
use super::values::{KINDS, Kind, TIMES, WIDE_SCALE, value};
use crate::naive::table::{Column, Table, Value};

const MAX_COLUMNS: usize = 8;
const MAX_ROWS: usize = 60;

/// How many different values a column has at most, so that groups have several rows.
const MAX_DIFFERENT: usize = 7;

/// How many choices a value takes at most.
const VALUE_CHOICES: usize = 4;

/// How many of 256 values are missing.
const NULLS: [u8; 5] = [25, 0, 60, 130, 255];

#[derive(Clone, Debug)]
struct Plan {
    kind: Kind,
    /// The choices that make each of its different values.
    values: Vec<Vec<u16>>,
    nulls: u8,
}

pub(super) fn table() -> impl Strategy<Value = Table> {
    let rows = prop::collection::vec(prop::collection::vec(any::<u8>(), MAX_COLUMNS), 0..=MAX_ROWS);
    let names = Just(NAMES.to_vec()).prop_shuffle();
    let columns = prop::collection::vec(plan(), 3..=MAX_COLUMNS);
    (prop::sample::select(&TIMES[..]), names, columns, rows).prop_map(|(time, names, plans, rows)| {
        let time: Timestamp = time.parse().unwrap();
        let columns = plans.iter().zip(names).map(|(plan, name)| column(plan.kind, name)).collect();
        let domains: Vec<Vec<Value>> = plans.iter().map(|plan| domain(plan, time)).collect();
        let cells = |row: Vec<u8>| {
            plans.iter().zip(&domains).zip(row).map(|((plan, domain), at)| {
                // The least numbers are the simplest: a value, and the first one.
                if 255 - at < plan.nulls {
                    Value::Null
                } else {
                    domain[usize::from(at) % domain.len()].clone()
                }
            })
        };
        let rows = rows.into_iter().map(|row| cells(row).collect()).collect();
        Table { name: "data".to_owned(), columns, rows }
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let value = prop::collection::vec(any::<u16>(), VALUE_CHOICES);
    let nulls = prop_oneof![20 => prop::sample::select(&NULLS[..4]), 1 => Just(NULLS[4])];
    (prop::sample::select(&KINDS[..]), prop::collection::vec(value, 1..=MAX_DIFFERENT), nulls)
        .prop_map(|(kind, values, nulls)| Plan { kind, values, nulls })
}

fn domain(plan: &Plan, time: Timestamp) -> Vec<Value> {
    plan.values.iter().map(|numbers| value(plan.kind, time, &mut Choices::new(numbers.clone()))).collect()
}

fn column(kind: Kind, name: &str) -> Column {
    let (column_type, scale) = match kind {
        Kind::Text => (ColumnType::Text, None),
        Kind::Integer | Kind::LargeInteger => (ColumnType::Integer, None),
        Kind::Decimal(scale) => (ColumnType::Number, Some(scale)),
        Kind::WideDecimal => (ColumnType::Number, Some(WIDE_SCALE)),
        Kind::Float => (ColumnType::Number, None),
        Kind::Date => (ColumnType::Date, None),
        Kind::Datetime => (ColumnType::Datetime, None),
        Kind::Boolean => (ColumnType::Boolean, None),
    };
    Column { name: name.to_owned(), column_type, scale }
}
