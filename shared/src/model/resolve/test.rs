//! Conditions: what an operator with its values means for a column's type.

use crate::base::Fields;
use crate::model::query::{Operator, ZoneName};
use crate::model::table::ColumnType;
use serde_json::Value;

use super::range::{day, instant};
use crate::model::number::Number;
use crate::model::resolved::{Literal, Relation, Test};

/// What a condition on a column tests. None, and what is wrong, if the operator or a value does not go with the type.
pub(super) fn resolve(
    operator: Operator,
    values: &[Value],
    column_type: ColumnType,
    name: &str,
    zone: &ZoneName,
    path: &str,
    fields: &mut Fields,
) -> Option<Test> {
    if !takes(operator, column_type) {
        let wanted = if operator == Operator::Contains { "texts" } else { "what is ordered" };
        fields.add(
            format!("{path}.operator"),
            format!("{} is for {wanted}; {name:?} is of type {}.", operator.as_str(), column_type.as_str()),
        );
        return None;
    }
    let mut literals = Vec::new();
    for (index, value) in values.iter().enumerate() {
        match literal(value, column_type, zone) {
            Some(literal) => literals.push(literal),
            None => fields.add(
                format!("{path}.values[{index}]"),
                format!("Must be {}: {name:?} is of type {}.", wanted(column_type), column_type.as_str()),
            ),
        }
    }
    if literals.len() != values.len() {
        return None;
    }
    test(operator, literals)
}

fn test(operator: Operator, literals: Vec<Literal>) -> Option<Test> {
    let relation = match operator {
        Operator::IsNull => return Some(Test::Null),
        Operator::IsNotNull => return Some(Test::NotNull),
        Operator::In => return Some(Test::In(literals)),
        Operator::NotIn => return Some(Test::NotIn(literals)),
        Operator::Between => {
            let mut literals = literals.into_iter();
            return Some(Test::Between(literals.next()?, literals.next()?));
        }
        Operator::Contains => {
            return match literals.into_iter().next()? {
                Literal::Text(text) => Some(Test::Contains(text)),
                _ => None,
            };
        }
        Operator::Eq => Relation::Equal,
        Operator::Ne => Relation::NotEqual,
        Operator::Gt => Relation::Greater,
        Operator::Gte => Relation::GreaterOrEqual,
        Operator::Lt => Relation::Less,
        Operator::Lte => Relation::LessOrEqual,
    };
    Some(Test::Is(relation, literals.into_iter().next()?))
}

/// Whether an operator goes with a type.
fn takes(operator: Operator, column_type: ColumnType) -> bool {
    match operator {
        Operator::Contains => column_type == ColumnType::Text,
        Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte | Operator::Between => {
            column_type != ColumnType::Boolean
        }
        _ => true,
    }
}

/// A value of the type. None if it is not one.
fn literal(value: &Value, column_type: ColumnType, zone: &ZoneName) -> Option<Literal> {
    Some(match (column_type, value) {
        (ColumnType::Text, Value::String(text)) => Literal::Text(text.clone()),
        (ColumnType::Integer | ColumnType::Number, Value::Number(number)) => {
            Literal::Number(Number::parse(&number.to_string()))
        }
        (ColumnType::Boolean, Value::Bool(value)) => Literal::Boolean(*value),
        (ColumnType::Date, Value::String(text)) => Literal::Day(day(text)?),
        (ColumnType::Datetime, Value::String(text)) => Literal::Instant(instant(text, zone)?),
        _ => return None,
    })
}

fn wanted(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Text => "a string",
        ColumnType::Integer | ColumnType::Number => "a number",
        ColumnType::Boolean => "true or false",
        ColumnType::Date => "a day, as \"2025-06-15\"",
        ColumnType::Datetime => "an instant, as \"2025-06-15T10:00:00Z\", or a day, as \"2025-06-15\"",
    }
}
