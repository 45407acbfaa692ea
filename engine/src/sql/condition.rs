//! Conditions on rows. What no value passes, and what all pass, is said so: a database may not be able to hold the value that a client
//! compares with.

use shared::model::number::Number;
use shared::model::resolved::{Condition, Literal, Relation, Test};

use super::dialect::{ColumnText, Kind};
use super::fold;
use super::parameter::{Parameter, Parameters};

const ALL: &str = "1 = 1";
const NONE: &str = "1 = 0";

/// A condition on columns. `column` is how each is written.
pub(super) fn condition(
    parameters: &mut Parameters<'_>,
    of: &Condition,
    column: &dyn Fn(usize) -> ColumnText,
) -> String {
    let mut each = |conditions: &[Condition], between: &str, none: &str| {
        if conditions.is_empty() {
            return none.to_owned();
        }
        let conditions = conditions.iter().map(|of| condition(parameters, of, column));
        format!("({})", conditions.collect::<Vec<_>>().join(between))
    };
    match of {
        Condition::All(conditions) => each(conditions, " AND ", ALL),
        Condition::Any(conditions) => each(conditions, " OR ", NONE),
        Condition::Test(index, of) => test(parameters, &column(*index), of),
    }
}

fn test(parameters: &mut Parameters<'_>, column: &ColumnText, of: &Test) -> String {
    let raw = &column.raw;
    let holds = match of {
        Test::Null => {
            return match &column.is_taken {
                Some(taken) => format!("({raw} IS NULL OR NOT ({taken}))"),
                None => format!("{raw} IS NULL"),
            };
        }
        Test::NotNull => format!("{raw} IS NOT NULL"),
        Test::Is(relation, literal) => is(parameters, column, *relation, literal),
        Test::Between(least, greatest) => format!(
            "{} AND {}",
            is(parameters, column, Relation::GreaterOrEqual, least),
            is(parameters, column, Relation::LessOrEqual, greatest)
        ),
        Test::In(literals) => {
            let any = literals.iter().map(|literal| is(parameters, column, Relation::Equal, literal));
            format!("({})", any.collect::<Vec<_>>().join(" OR "))
        }
        Test::NotIn(literals) => {
            let all = literals.iter().map(|literal| is(parameters, column, Relation::NotEqual, literal));
            all.collect::<Vec<_>>().join(" AND ")
        }
        // MySQL 8 refuses the pattern that finds all texts.
        Test::Contains(text) if text.is_empty() => format!("{raw} IS NOT NULL"),
        Test::Contains(text) if text.contains('\0') && !parameters.dialect.has_nul() => NONE.to_owned(),
        Test::Contains(text) => {
            let pattern = parameters.add(Parameter::Text(fold::pattern(text)));
            parameters.dialect.matches(column, &pattern)
        }
    };
    match &column.is_taken {
        Some(taken) => format!("({holds} AND {taken})"),
        None => format!("({holds})"),
    }
}

/// Whether a column stands so to a value.
fn is(parameters: &mut Parameters<'_>, column: &ColumnText, relation: Relation, literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => is_text(parameters, column, relation, text),
        Literal::Number(number) if column.kind == Kind::Float => {
            is_float(parameters, column, relation, number.to_f64())
        }
        Literal::Number(number) => is_exact(parameters, column, relation, *number),
        Literal::Boolean(value) => {
            let value = parameters.add(Parameter::Boolean(*value));
            format!("{} {} {value}", column.value, operator(relation))
        }
        Literal::Day(day) => {
            let day = parameters.add(Parameter::Day(*day));
            format!("{} {} {day}", column.raw, operator(relation))
        }
        Literal::Instant(instant) => is_instant(parameters, column, relation, *instant),
    }
}

/// Whether a column of instants stands so to one.
pub(super) fn is_instant(
    parameters: &mut Parameters<'_>,
    column: &ColumnText,
    relation: Relation,
    instant: i64,
) -> String {
    let instant = parameters.add(Parameter::Instant(instant));
    let instant = if column.is_zoned { parameters.dialect.zoned(&instant) } else { instant };
    format!("{} {} {instant}", column.raw, operator(relation))
}

fn is_text(parameters: &mut Parameters<'_>, column: &ColumnText, relation: Relation, text: &str) -> String {
    // No text has it: so what is less than a text with it is less than, or is, what is before it.
    if let (false, Some((before, _))) = (parameters.dialect.has_nul(), text.split_once('\0')) {
        return match relation {
            Relation::Equal => NONE.to_owned(),
            Relation::NotEqual => format!("{} IS NOT NULL", column.raw),
            Relation::Less | Relation::LessOrEqual => {
                is_text(parameters, column, Relation::LessOrEqual, before)
            }
            Relation::Greater | Relation::GreaterOrEqual => {
                is_text(parameters, column, Relation::Greater, before)
            }
        };
    }
    let value = |text: &str| Parameter::Text(text.to_owned());
    match relation {
        Relation::Equal if column.is_collated => {
            let collated = parameters.collated(text);
            let exact = parameters.add(value(text));
            format!("({} = {collated} AND {} = {exact})", column.raw, column.exact)
        }
        Relation::Equal | Relation::NotEqual => {
            format!("{} {} {}", column.exact, operator(relation), parameters.add(value(text)))
        }
        _ => format!("{} {} {}", column.value, operator(relation), parameters.add(value(text))),
    }
}

fn is_float(parameters: &mut Parameters<'_>, column: &ColumnText, relation: Relation, value: f64) -> String {
    if value.is_finite() {
        let value = parameters.add(Parameter::Float(value));
        return format!("{} {} {value}", column.raw, operator(relation));
    }
    // All values that are taken are finite.
    if value.is_nan() { NONE.to_owned() } else { is_beyond(column, relation, value < 0.0) }
}

/// Whether a column stands so to what is less than all of its values, or greater.
fn is_beyond(column: &ColumnText, relation: Relation, is_less: bool) -> String {
    let column_is = if is_less { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less };
    if relation.holds(column_is) { format!("{} IS NOT NULL", column.raw) } else { NONE.to_owned() }
}

fn is_exact(
    parameters: &mut Parameters<'_>,
    column: &ColumnText,
    relation: Relation,
    number: Number,
) -> String {
    let (digits, is_all) = number.digits(parameters.dialect.scale(column.kind));
    // What has more digits equals nothing; it is more than its first ones.
    let relation = match (relation, is_all) {
        (_, true) => relation,
        (Relation::Equal, false) => return NONE.to_owned(),
        (Relation::NotEqual, false) => return format!("{} IS NOT NULL", column.raw),
        (Relation::Less | Relation::LessOrEqual, false) => Relation::LessOrEqual,
        (Relation::Greater | Relation::GreaterOrEqual, false) => Relation::Greater,
    };
    let is_negative = digits.starts_with('-');
    match parameters.dialect.exact(digits, column.kind) {
        Some(value) => format!("{} {} {}", column.raw, operator(relation), parameters.add(value)),
        None => is_beyond(column, relation, is_negative),
    }
}

pub(super) fn operator(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "<>",
        Relation::Less => "<",
        Relation::LessOrEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterOrEqual => ">=",
    }
}
