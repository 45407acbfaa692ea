//! Filters: which rows, or which groups, a question is about.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::FieldName;
use crate::base::Fields;
use crate::string_enum;

const VALUE_MAX_CHARACTERS: usize = 1_000;
const MAX_VALUES: usize = 100;

/// How many conditions the groups of a query's filters may have together.
const MAX_CONDITIONS: usize = 100;

/// How deep groups may be in groups.
const MAX_DEPTH: usize = 5;

string_enum! {
    /// How a field is compared.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Operator {
        Eq = "eq",
        Ne = "ne",
        Gt = "gt",
        Gte = "gte",
        Lt = "lt",
        Lte = "lte",
        In = "in",
        NotIn = "not_in",
        Contains = "contains",
        Between = "between",
        IsNull = "is_null",
        IsNotNull = "is_not_null",
    }
}

/// A condition (`field`, `operator` and `values`), or a group of filters of which all (`and`) or any (`or`) hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = QueryFilter, examples(json!({ "field": "region", "operator": "in", "values": ["North", "South"] })))]
pub struct Filter {
    /// The field that is compared.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// How it is compared.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// Strings of up to 1,000 characters, numbers or booleans: none for `is_null` and `is_not_null`, two for `between`, up to
    /// 100 for `in` and `not_in`, one for the others.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub values: Option<Vec<Value>>,
    /// Filters that must all hold.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion, min_items = 1)]
    pub and: Option<Vec<Filter>>,
    /// Filters of which one must hold.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion, min_items = 1)]
    pub or: Option<Vec<Filter>>,
}

/// What a filter says.
#[derive(Clone, Copy, Debug)]
pub enum Clause<'a> {
    /// A field is compared with values.
    Compare(&'a FieldName, Operator, &'a [Value]),
    /// All hold.
    And(&'a [Filter]),
    /// One holds.
    Or(&'a [Filter]),
}

/// A condition on what was computed of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Having {
    /// The name of a measure.
    pub field: FieldName,
    /// How it is compared.
    pub operator: Operator,
    /// As those of a filter.
    #[deserr(default)]
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    pub values: Vec<Value>,
}

impl Operator {
    /// How many values it compares with.
    fn values(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::IsNull | Self::IsNotNull => 0..=0,
            Self::Between => 2..=2,
            Self::In | Self::NotIn => 1..=MAX_VALUES,
            _ => 1..=1,
        }
    }

    fn check(self, values: &[Value], path: &str, fields: &mut Fields) {
        let (allowed, count) = (self.values(), values.len());
        if !allowed.contains(&count) {
            let needed = match (allowed.start(), allowed.end()) {
                (0, 0) => "no values".to_owned(),
                (1, 1) => "exactly 1 value".to_owned(),
                (least, most) if least == most => format!("exactly {least} values"),
                (least, most) => format!("{least} to {most} values"),
            };
            fields.add(path, format!("This operator takes {needed}; it has {count}."));
        }
        for (index, value) in values.iter().enumerate() {
            let reason = match value {
                Value::String(text) if text.chars().count() > VALUE_MAX_CHARACTERS => {
                    format!("Must not be longer than {VALUE_MAX_CHARACTERS} characters.")
                }
                Value::String(_) => continue,
                _ if self == Self::Contains => "Must be a string.".to_owned(),
                Value::Bool(_) | Value::Number(_) => continue,
                Value::Null => "Must not be null; use is_null or is_not_null.".to_owned(),
                Value::Array(_) | Value::Object(_) => "Must be a string, a number or a boolean.".to_owned(),
            };
            fields.add(format!("{path}[{index}]"), reason);
        }
    }
}

impl Filter {
    /// A condition.
    pub fn compare(field: FieldName, operator: Operator, values: Vec<Value>) -> Self {
        Self { field: Some(field), operator: Some(operator), values: Some(values), and: None, or: None }
    }

    /// What it says. None if it is neither a condition nor a group, or both.
    pub fn clause(&self) -> Option<Clause<'_>> {
        match (&self.field, self.operator, &self.and, &self.or) {
            (Some(field), Some(operator), None, None) => {
                Some(Clause::Compare(field, operator, self.values.as_deref().unwrap_or_default()))
            }
            (None, None, Some(and), None) if self.values.is_none() => Some(Clause::And(and)),
            (None, None, None, Some(or)) if self.values.is_none() => Some(Clause::Or(or)),
            _ => None,
        }
    }

    /// Adds the fields that it compares, those of its groups too.
    pub fn add_fields<'a>(&'a self, names: &mut Vec<&'a FieldName>) {
        match self.clause() {
            Some(Clause::Compare(field, ..)) => names.push(field),
            Some(Clause::And(filters) | Clause::Or(filters)) => {
                for filter in filters {
                    filter.add_fields(names);
                }
            }
            None => {}
        }
    }
}

impl Having {
    pub(super) fn check(&self, path: &str, fields: &mut Fields) {
        if self.operator == Operator::Contains {
            fields.add(format!("{path}.operator"), "Must not be contains: a measure is compared as a whole.");
        }
        self.operator.check(&self.values, &format!("{path}.values"), fields);
    }
}

/// Adds what is wrong with a query's filters, which are at `path`.
pub(super) fn check(filters: &[Filter], path: &str, fields: &mut Fields) {
    let mut conditions = 0;
    for (index, filter) in filters.iter().enumerate() {
        check_filter(filter, &format!("{path}[{index}]"), 0, &mut conditions, fields);
    }
    if conditions > MAX_CONDITIONS {
        fields.add(
            path,
            format!("Must not have more than {MAX_CONDITIONS} conditions in all; there are {conditions}."),
        );
    }
}

fn check_filter(filter: &Filter, path: &str, depth: usize, conditions: &mut usize, fields: &mut Fields) {
    let (name, filters) = match filter.clause() {
        Some(Clause::Compare(_, operator, values)) => {
            *conditions += 1;
            return operator.check(values, &format!("{path}.values"), fields);
        }
        Some(Clause::And(filters)) => ("and", filters),
        Some(Clause::Or(filters)) => ("or", filters),
        None => {
            return fields.add(path, "Must have a field and an operator, or else only and, or only or.");
        }
    };
    let path = format!("{path}.{name}");
    if filters.is_empty() {
        fields.add(&*path, "Must not be empty.");
    }
    if depth == MAX_DEPTH {
        return fields.add(path, format!("Must not be deeper than {MAX_DEPTH} groups in each other."));
    }
    for (index, filter) in filters.iter().enumerate() {
        check_filter(filter, &format!("{path}[{index}]"), depth + 1, conditions, fields);
    }
}
