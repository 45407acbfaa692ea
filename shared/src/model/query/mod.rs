//! A semantic query: a question in terms of fields rather than SQL. Widgets, questions and reports say it alike.
//!
//! It is checked as far as it can be without the data: whether the fields exist, only the data source can tell.

mod field_name;
mod filter;
mod measure;
mod time_range;
mod time_unit;

use std::collections::{BTreeSet, HashSet};

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Fields;
use crate::string_enum;

pub use field_name::FieldName;
pub use filter::{Clause, Filter, Having, Operator};
pub use measure::{Aggregation, Formula, Measure};
pub use time_range::{Comparison, Offset, Range, TimeRange};
pub use time_unit::{TimeUnit, ZoneName};

/// Bounds of one query.
const MAX_DIMENSIONS: usize = 10;
const MAX_MEASURES: usize = 20;
const MAX_FILTERS: usize = 20;
const MAX_HAVING: usize = 20;
const MAX_ORDER_BY: usize = MAX_DIMENSIONS + MAX_MEASURES;

/// How many rows a query answers with, unless it says so.
pub const DEFAULT_LIMIT: u64 = 1_000;

/// How many rows a query may answer with.
pub const MAX_LIMIT: u64 = 10_000;

/// How many values of a dimension `top` may keep.
const MAX_TOP: u64 = 1_000;

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = WidgetQuery)]
pub struct Query {
    /// The table that is asked; required where the data source has more than one.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<FieldName>,
    /// What to group by.
    #[deserr(default)]
    #[schema(required = false, max_items = 10)]
    pub dimensions: Vec<Dimension>,
    /// What to compute of each group.
    #[deserr(default)]
    #[schema(required = false, max_items = 20)]
    pub measures: Vec<Measure>,
    /// What to leave out: all of them hold for what is asked.
    #[deserr(default)]
    #[schema(required = false, max_items = 20)]
    pub filters: Vec<Filter>,
    /// When it happened.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_range: Option<TimeRange>,
    /// Which groups to leave out, by their measures.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 20)]
    pub having: Vec<Having>,
    /// What comes first. By default the earliest, else the most of the first measure; then the least of the dimensions.
    #[deserr(default)]
    #[schema(required = false, max_items = 30)]
    pub order_by: Vec<OrderBy>,
    /// Which values of a dimension to keep.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<Top>,
    /// Whether to add the times at which nothing happened. It needs a dimension with a grain.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<bool>,
    /// Whether to compute the measures of all rows, too.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<bool>,
    /// What to compare with. It needs a time range.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Comparison>,
    /// How many rows at most; 1,000 if it is not said.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10_000)]
    pub limit: Option<u64>,
    /// Whose days are meant, where times are grouped or compared; by default UTC's.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<ZoneName>,
}

/// What to group by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Dimension {
    /// The field.
    pub field: FieldName,
    /// How finely a time is grouped.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<TimeUnit>,
    /// Its name in the result; by default the field.
    #[deserr(default, rename = "as")]
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<FieldName>,
}

/// What comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct OrderBy {
    /// A dimension's or a measure's name in the result.
    pub field: FieldName,
    /// Which way.
    #[deserr(default)]
    #[schema(required = false, default = "asc")]
    pub direction: Direction,
    /// Where what is missing is; last if it is not said.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls: Option<Nulls>,
}

/// Which values of a dimension to keep: the first by a measure, most first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Top {
    /// A dimension's name in the result.
    pub dimension: FieldName,
    /// A measure's name in the result.
    pub by: FieldName,
    /// How many values to keep.
    #[schema(minimum = 1, maximum = 1_000)]
    pub count: u64,
    /// Whether the rest is one row, the last one; else it is left out.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<bool>,
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

string_enum! {
    /// Where what is missing is.
    #[derive(Default)]
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Nulls {
        First = "first",
        #[default]
        Last = "last",
    }
}

impl Dimension {
    /// What it is called in the result.
    pub fn output(&self) -> &str {
        self.alias.as_ref().unwrap_or(&self.field).as_str()
    }
}

impl Query {
    /// The columns of the table that it asks for.
    pub fn fields(&self) -> BTreeSet<&str> {
        let mut fields: Vec<&FieldName> = self.dimensions.iter().map(|dimension| &dimension.field).collect();
        fields.extend(self.measures.iter().filter_map(|measure| measure.field.as_ref()));
        fields.extend(self.time_range.iter().map(|range| &range.field));
        self.filters.iter().for_each(|filter| filter.add_fields(&mut fields));
        fields.into_iter().map(FieldName::as_str).collect()
    }

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
        at_most("having", self.having.len(), MAX_HAVING);
        at_most("order_by", self.order_by.len(), MAX_ORDER_BY);
        if self.limit.is_some_and(|limit| !(1..=MAX_LIMIT).contains(&limit)) {
            fields.add(format!("{path}.limit"), format!("Must be 1 to {MAX_LIMIT}."));
        }
        filter::check(&self.filters, &format!("{path}.filters"), fields);
        let (dimensions, measures) = self.check_outputs(path, fields);
        for (index, order) in self.order_by.iter().enumerate() {
            let field = order.field.as_str();
            if !dimensions.contains(field) && !measures.contains(field) {
                fields.add(
                    format!("{path}.order_by[{index}].field"),
                    format!("Must be a dimension's or a measure's name; {field:?} is neither."),
                );
            }
        }
        for (index, having) in self.having.iter().enumerate() {
            let path = format!("{path}.having[{index}]");
            check_name(&having.field, &measures, "measure", &format!("{path}.field"), fields);
            having.check(&path, fields);
        }
        if let Some(top) = &self.top {
            let path = format!("{path}.top");
            check_name(&top.dimension, &dimensions, "dimension", &format!("{path}.dimension"), fields);
            check_name(&top.by, &measures, "measure", &format!("{path}.by"), fields);
            if !(1..=MAX_TOP).contains(&top.count) {
                fields.add(format!("{path}.count"), format!("Must be 1 to {MAX_TOP}."));
            }
        }
        self.check_times(path, fields);
    }

    fn check_times(&self, path: &str, fields: &mut Fields) {
        if let Some(range) = &self.time_range {
            range.check(&format!("{path}.time_range"), fields);
        }
        let grained = self.dimensions.iter().filter(|dimension| dimension.grain.is_some()).count();
        if self.fill == Some(true) && grained != 1 {
            fields.add(
                format!("{path}.fill"),
                format!("Needs one dimension with a grain; there are {grained}."),
            );
        }
        if self.compare.is_some() {
            let is_bounded =
                |range: &TimeRange| range.range.is_some() || (range.from.is_some() && range.to.is_some());
            if !self.time_range.as_ref().is_some_and(is_bounded) {
                fields.add(format!("{path}.compare"), "Needs a time_range with a beginning and an end.");
            }
        }
    }

    /// The names of the dimensions and of the measures in the result, which must all differ.
    fn check_outputs(&self, path: &str, fields: &mut Fields) -> (HashSet<String>, HashSet<String>) {
        let (mut dimensions, mut measures) = (HashSet::new(), HashSet::new());
        for (index, dimension) in self.dimensions.iter().enumerate() {
            if !dimensions.insert(dimension.output().to_owned()) {
                let field = if dimension.alias.is_some() { "as" } else { "field" };
                fields.add(format!("{path}.dimensions[{index}].{field}"), "Must not be there twice.");
            }
        }
        for (index, measure) in self.measures.iter().enumerate() {
            let path = format!("{path}.measures[{index}]");
            measure.check(&measures, &path, fields);
            let output = measure.output();
            if dimensions.contains(&output) || measures.contains(&output) {
                fields.add(
                    format!("{path}.as"),
                    format!("Must differ from the other names in the result; {output:?} is there already."),
                );
            }
            measures.insert(output);
        }
        if self.compare.is_some() {
            for (index, measure) in self.measures.iter().enumerate() {
                let before = measure.output_before();
                if dimensions.contains(&before) || measures.contains(&before) {
                    fields.add(
                        format!("{path}.measures[{index}].as"),
                        format!("With compare, {before:?} is a name in the result, and it is there already."),
                    );
                }
            }
        }
        (dimensions, measures)
    }
}

fn check_name(name: &FieldName, names: &HashSet<String>, noun: &str, path: &str, fields: &mut Fields) {
    if !names.contains(name.as_str()) {
        fields.add(path, format!("Must be the name of a {noun} in the result; {:?} is not.", name.as_str()));
    }
}
