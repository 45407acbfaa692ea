//! Random filters and conditions on groups.

use serde_json::{Value as Json, json};
use shared::model::query::Operator;
use shared::model::table::ColumnType;

use super::choices::Choices;
use super::literals::{literal, values};
use super::measures::{Measure, Says};
use crate::naive::table::Table;

/// How deep groups of filters are in each other.
const MAX_DEPTH: usize = 3;

use Operator::{Between, Contains, Eq, Gt, Gte, In, IsNotNull, IsNull, Lt, Lte, Ne, NotIn};

const OF_TEXTS: [Operator; 13] =
    [Eq, Ne, Contains, In, NotIn, IsNull, IsNotNull, Gt, Gte, Lt, Lte, Between, Contains];
const OF_BOOLEANS: [Operator; 6] = [Eq, Ne, In, NotIn, IsNull, IsNotNull];
const OF_OTHERS: [Operator; 13] =
    [Gte, Lt, Between, Eq, Ne, In, NotIn, Gt, Lte, IsNotNull, IsNull, Between, Lte];
const OF_MEASURES: [Operator; 14] =
    [Gte, Ne, Between, Eq, IsNotNull, NotIn, In, Gt, Gte, IsNull, Lte, Lt, Gte, Ne];

/// A condition, or a group of them.
pub(super) fn filter(table: &Table, depth: usize, choices: &mut Choices) -> Json {
    if depth < MAX_DEPTH && choices.once_in(3) {
        let count = 1 + choices.below(3);
        let filters: Vec<Json> = (0..count).map(|_| filter(table, depth + 1, choices)).collect();
        return if choices.once_in(4) { json!({ "and": filters }) } else { json!({ "or": filters }) };
    }
    let column = choices.below(table.columns.len());
    let operators = match table.columns[column].column_type {
        ColumnType::Text => &OF_TEXTS[..],
        ColumnType::Boolean => &OF_BOOLEANS[..],
        _ => &OF_OTHERS[..],
    };
    let operator = choices.of(operators);
    let values = values(table, column, operator, choices);
    condition(&table.columns[column].name, operator, &values, choices)
}

/// A condition on a measure.
pub(super) fn having(table: &Table, measures: &[Measure], choices: &mut Choices) -> Json {
    let measure = &measures[choices.below(measures.len())];
    let operator = choices.of(&OF_MEASURES);
    let count = match operator {
        IsNull | IsNotNull => 0,
        Between => 2,
        In | NotIn => 2,
        _ => 1,
    };
    let literals = (0..count).map(|_| match (measure.says, measure.column) {
        (Says::Other(column), _) => literal(table, column, choices),
        (_, Some(column)) if choices.once_in(2) && is_number(table, column) => {
            literal(table, column, choices)
        }
        _ => json!(choices.of(&[1, 0, -3, 2, 1, 3])),
    });
    let literals: Vec<Json> = literals.collect();
    condition(&measure.name, operator, &literals, choices)
}

fn is_number(table: &Table, column: usize) -> bool {
    matches!(table.columns[column].column_type, ColumnType::Integer | ColumnType::Number)
}

/// Values may be left out where there are none.
fn condition(field: &str, operator: Operator, values: &[Json], choices: &mut Choices) -> Json {
    if values.is_empty() && choices.once_in(2) {
        return json!({"field": field, "operator": operator.as_str()});
    }
    json!({"field": field, "operator": operator.as_str(), "values": values})
}
