//! Random measures, and what is known of what they say.

use std::collections::HashSet;

use serde_json::{Value as Json, json};
use shared::model::query::Aggregation;
use shared::model::table::ColumnType;

use super::bounds::columns_of;
use super::choices::Choices;
use super::names::NAMES;
use crate::naive::table::Table;

/// How many digits averages and ratios have after the point.
const QUOTIENT_SCALE: u32 = 12;

/// How many digits a number may have in all.
const MAX_DIGITS: u32 = 38;

/// How many digits a sum has more than what is summed, and a count has, of tables of up to 60 rows.
const COUNT_DIGITS: u32 = 2;

/// What a measure says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    /// An integer or a decimal, with at most so many digits before and after the point.
    Exact {
        whole: u32,
        scale: u32,
    },
    Float,
    /// A text or a time, of this column.
    Other(usize),
}

/// A measure of a query.
pub(super) struct Measure {
    pub(super) json: Json,
    pub(super) name: String,
    pub(super) says: Says,
    /// The column that it is of.
    pub(super) column: Option<usize>,
}

/// A measure with a name that is not used yet.
pub(super) fn measure(
    table: &Table,
    earlier: &[Measure],
    used: &mut HashSet<String>,
    choices: &mut Choices,
) -> Measure {
    let numbers: Vec<usize> =
        (0..earlier.len()).filter(|&index| !matches!(earlier[index].says, Says::Other(_))).collect();
    if !numbers.is_empty() && choices.once_in(3) {
        let (dividend, divisor) = (&earlier[choices.of(&numbers)], &earlier[choices.of(&numbers)]);
        if let Some(says) = quotient(dividend.says, divisor.says) {
            let default = format!("{}_per_{}", dividend.name, divisor.name);
            let json = json!({"ratio": [dividend.name, divisor.name]});
            return named(Measure { json, name: default, says, column: None }, used, choices);
        }
    }
    if choices.once_in(4) {
        let json = json!({"aggregation": "count"});
        let says = Says::Exact { whole: COUNT_DIGITS, scale: 0 };
        return named(Measure { json, name: "count".to_owned(), says, column: None }, used, choices);
    }
    let numbers = columns_of(table, &[ColumnType::Integer, ColumnType::Number]);
    let index = if !numbers.is_empty() && choices.once_in(2) {
        choices.of(&numbers)
    } else {
        choices.below(table.columns.len())
    };
    let aggregation = choices.of(aggregations(table.columns[index].column_type));
    let field = &table.columns[index].name;
    let json = json!({"field": field, "aggregation": aggregation.as_str()});
    let name = format!("{}_{field}", aggregation.as_str());
    let says = says(table, index, aggregation);
    named(Measure { json, name, says, column: Some(index) }, used, choices)
}

/// What can be made of columns of a type.
fn aggregations(column_type: ColumnType) -> &'static [Aggregation] {
    use Aggregation::{Average, Count, DistinctCount, Max, Median, Min, Sum};
    match column_type {
        ColumnType::Integer | ColumnType::Number => {
            &[Sum, Average, Median, Min, Max, Count, DistinctCount, Sum, Average]
        }
        ColumnType::Boolean => &[Count, DistinctCount],
        ColumnType::Text | ColumnType::Date | ColumnType::Datetime => &[Count, DistinctCount, Min, Max],
    }
}

fn says(table: &Table, index: usize, aggregation: Aggregation) -> Says {
    let column = &table.columns[index];
    let scale = match column.column_type {
        ColumnType::Integer => Some(0),
        ColumnType::Number => column.scale.map(|scale| u32::try_from(scale).unwrap()),
        _ => None,
    };
    let whole = u32::from(table.whole_digits(index));
    match (aggregation, scale) {
        (Aggregation::Count | Aggregation::DistinctCount, _) => Says::Exact { whole: COUNT_DIGITS, scale: 0 },
        (Aggregation::Sum, Some(scale)) => Says::Exact { whole: whole + COUNT_DIGITS, scale },
        (Aggregation::Average, Some(_)) => Says::Exact { whole: whole + 1, scale: QUOTIENT_SCALE },
        (Aggregation::Median, Some(scale)) => Says::Exact { whole: whole + 1, scale: scale + 1 },
        (Aggregation::Min | Aggregation::Max, Some(scale)) => Says::Exact { whole, scale },
        (_, None) if column.column_type == ColumnType::Number => Says::Float,
        (_, None) => Says::Other(index),
    }
}

/// What a ratio says. None where it could have more than 38 digits.
fn quotient(dividend: Says, divisor: Says) -> Option<Says> {
    let (Says::Exact { whole, .. }, Says::Exact { scale, .. }) = (dividend, divisor) else {
        return Some(Says::Float);
    };
    let whole = whole + scale + 1;
    (whole + QUOTIENT_SCALE <= MAX_DIGITS).then_some(Says::Exact { whole, scale: QUOTIENT_SCALE })
}

/// Gives a measure a name of its own, where its default is used or the choice is so.
fn named(mut measure: Measure, used: &mut HashSet<String>, choices: &mut Choices) -> Measure {
    let is_free = |name: &str| !used.contains(name) && !used.contains(&format!("{name}_before"));
    let chosen = choices.once_in(3).then(|| choices.of(&NAMES).to_owned());
    let numbered = (1..).map(|number| format!("m{number}"));
    let names = chosen.into_iter().chain([measure.name.clone()]).chain(numbered);
    let name = { names }.find(|name| is_free(name)).unwrap();
    if name != measure.name {
        measure.json["as"] = json!(name);
    }
    used.extend([name.clone(), format!("{name}_before")]);
    measure.name = name;
    measure
}
