//! A semantic query: what a widget shows, said in terms of fields rather than SQL.
//!
//! It is checked as far as it can be without the data: whether the fields exist, only the data source can tell.

use std::collections::HashSet;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::base::{Fields, Line};
use crate::string_enum;

/// The name of a field of the data, or of a measure.
pub type FieldName = Line<128>;

const VALUE_MAX_CHARACTERS: usize = 1_000;

/// Bounds of one query.
const MAX_DIMENSIONS: usize = 10;
const MAX_MEASURES: usize = 20;
const MAX_FILTERS: usize = 20;
const MAX_ORDER_BY: usize = 10;
const MAX_LIMIT: u64 = 10_000;
const MAX_IN_VALUES: usize = 100;

/// What a widget shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = WidgetQuery)]
pub struct Query {
    /// What to group by.
    #[deserr(default)]
    #[schema(required = false, max_items = 10)]
    pub dimensions: Vec<Dimension>,
    /// What to compute of each group.
    #[deserr(default)]
    #[schema(required = false, max_items = 20)]
    pub measures: Vec<Measure>,
    /// What to leave out.
    #[deserr(default)]
    #[schema(required = false, max_items = 20)]
    pub filters: Vec<Filter>,
    /// What comes first.
    #[deserr(default)]
    #[schema(required = false, max_items = 10)]
    pub order_by: Vec<OrderBy>,
    /// How many rows at most.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub limit: Option<u64>,
}

/// What to group by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Dimension {
    /// The field.
    pub field: FieldName,
    /// How finely a time is grouped.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<Grain>,
}

/// What to compute of each group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Measure {
    /// Required but for `count`.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// How it is computed.
    pub aggregation: Aggregation,
    /// Its name in the result; by default as in `sum_amount`.
    #[deserr(default, rename = "as")]
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<FieldName>,
}

/// What to leave out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = QueryFilter)]
pub struct Filter {
    /// The field that is compared.
    pub field: FieldName,
    /// How it is compared.
    pub operator: Operator,
    /// Strings of up to 1,000 characters, numbers or booleans: none for `is_null` and `is_not_null`, two for `between`, up to
    /// 100 for `in` and `not_in`, one for the others.
    #[deserr(default)]
    #[schema(required = false, max_items = 100)]
    pub values: Vec<Value>,
}

/// What comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct OrderBy {
    /// A dimension's field or a measure's name.
    pub field: FieldName,
    /// Which way.
    #[deserr(default)]
    #[schema(required = false, default = "asc")]
    pub direction: Direction,
}

string_enum! {
    /// How finely a time is grouped.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Grain {
        Hour = "hour",
        Day = "day",
        Week = "week",
        Month = "month",
        Quarter = "quarter",
        Year = "year",
    }
}

string_enum! {
    /// What is made of a group's values.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Aggregation {
        Sum = "sum",
        Average = "average",
        Count = "count",
        Min = "min",
        Max = "max",
        Median = "median",
        DistinctCount = "distinct_count",
    }
}

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

string_enum! {
    /// Which way a field is ordered.
    #[derive(Default)]
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Direction {
        #[default]
        Ascending = "asc",
        Descending = "desc",
    }
}

impl Operator {
    /// How many values it compares with.
    fn values(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::IsNull | Self::IsNotNull => 0..=0,
            Self::Between => 2..=2,
            Self::In | Self::NotIn => 1..=MAX_IN_VALUES,
            _ => 1..=1,
        }
    }
}

impl Measure {
    /// What the measure is called in the result: as it is told, or `sum_amount`, or `count`.
    pub fn output(&self) -> String {
        match (&self.alias, &self.field) {
            (Some(alias), _) => alias.as_str().to_owned(),
            (None, Some(field)) => format!("{}_{}", self.aggregation.as_str(), field.as_str()),
            (None, None) => self.aggregation.as_str().to_owned(),
        }
    }
}

impl Query {
    /// Adds what is wrong with the query, which is at `path`.
    pub fn check(&self, path: &str, fields: &mut Fields) {
        let mut at_most = |name: &str, count: usize, most: usize| {
            if count > most {
                fields.add(
                    format!("{path}.{name}"),
                    format!("Must not have more than {most} items; it has {count}."),
                );
            }
        };
        at_most("dimensions", self.dimensions.len(), MAX_DIMENSIONS);
        at_most("measures", self.measures.len(), MAX_MEASURES);
        at_most("filters", self.filters.len(), MAX_FILTERS);
        at_most("order_by", self.order_by.len(), MAX_ORDER_BY);
        if self.limit.is_some_and(|limit| !(1..=MAX_LIMIT).contains(&limit)) {
            fields.add(format!("{path}.limit"), format!("Must be 1 to {MAX_LIMIT}."));
        }
        let outputs = self.check_outputs(path, fields);
        for (index, order) in self.order_by.iter().enumerate() {
            if !outputs.contains(order.field.as_str()) {
                fields.add(
                    format!("{path}.order_by[{index}].field"),
                    format!(
                        "Must be a dimension's field or a measure's name; {:?} is neither.",
                        order.field.as_str()
                    ),
                );
            }
        }
        for (index, filter) in self.filters.iter().enumerate() {
            filter.check(&format!("{path}.filters[{index}].values"), fields);
        }
    }

    /// The names of the result's columns, which must differ.
    fn check_outputs(&self, path: &str, fields: &mut Fields) -> HashSet<String> {
        let mut outputs = HashSet::new();
        for (index, dimension) in self.dimensions.iter().enumerate() {
            if !outputs.insert(dimension.field.as_str().to_owned()) {
                fields.add(format!("{path}.dimensions[{index}].field"), "Must not be there twice.");
            }
        }
        for (index, measure) in self.measures.iter().enumerate() {
            if measure.field.is_none() && measure.aggregation != Aggregation::Count {
                fields.add(
                    format!("{path}.measures[{index}].field"),
                    format!("This field is required: {} is of a field.", measure.aggregation.as_str()),
                );
            }
            let output = measure.output();
            if outputs.contains(&output) {
                fields.add(
                    format!("{path}.measures[{index}].as"),
                    format!("Must differ from the other names in the result; {output:?} is there already."),
                );
            }
            outputs.insert(output);
        }
        outputs
    }
}

impl Filter {
    fn check(&self, path: &str, fields: &mut Fields) {
        let (allowed, count) = (self.operator.values(), self.values.len());
        if !allowed.contains(&count) {
            let needed = match (allowed.start(), allowed.end()) {
                (0, 0) => "no values".to_owned(),
                (1, 1) => "exactly 1 value".to_owned(),
                (least, most) if least == most => format!("exactly {least} values"),
                (least, most) => format!("{least} to {most} values"),
            };
            fields.add(path, format!("This operator takes {needed}; it has {count}."));
        }
        for (index, value) in self.values.iter().enumerate() {
            let reason = match value {
                Value::String(text) if text.chars().count() > VALUE_MAX_CHARACTERS => {
                    format!("Must not be longer than {VALUE_MAX_CHARACTERS} characters.")
                }
                Value::String(_) => continue,
                _ if self.operator == Operator::Contains => "Must be a string.".to_owned(),
                Value::Bool(_) | Value::Number(_) => continue,
                Value::Null => "Must not be null; use is_null or is_not_null.".to_owned(),
                Value::Array(_) | Value::Object(_) => "Must be a string, a number or a boolean.".to_owned(),
            };
            fields.add(format!("{path}[{index}]"), reason);
        }
    }
}
