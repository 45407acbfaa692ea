//! Measures: what is computed of a group's rows.

use std::collections::HashSet;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::FieldName;
use crate::base::Fields;
use crate::string_enum;

string_enum! {
    /// What is made of a group's values. What is missing does not count; nothing summed is null, nothing counted 0.
    #[derive(Hash)]
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

/// What to compute of each group: an `aggregation`, or the `ratio` of two measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(examples(json!({ "field": "amount", "aggregation": "sum", "as": "revenue" })))]
pub struct Measure {
    /// What is aggregated; required but for `count`, which counts rows without it.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// How it is computed.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregation: Option<Aggregation>,
    /// The names of two other measures: the first is divided by the second. What is divided by 0 is null.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 2, max_items = 2)]
    pub ratio: Option<Vec<FieldName>>,
    /// Its name in the result; by default as in `sum_amount`, or `revenue_per_orders`.
    #[deserr(default, rename = "as")]
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<FieldName>,
}

/// How a measure is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula<'a> {
    /// How many rows there are.
    CountRows,
    /// Something is made of a field's values.
    Aggregate(Aggregation, &'a FieldName),
    /// A measure is divided by another.
    Ratio(&'a FieldName, &'a FieldName),
}

impl Measure {
    /// How it is computed. None if that is not said, or in two ways.
    pub fn formula(&self) -> Option<Formula<'_>> {
        match (self.aggregation, &self.field, self.ratio.as_deref()) {
            (Some(Aggregation::Count), None, None) => Some(Formula::CountRows),
            (Some(aggregation), Some(field), None) => Some(Formula::Aggregate(aggregation, field)),
            (None, None, Some([dividend, divisor])) => Some(Formula::Ratio(dividend, divisor)),
            _ => None,
        }
    }

    /// What it is called in the result: as it is told, or `sum_amount`, `count`, `revenue_per_orders`.
    pub fn output(&self) -> String {
        if let Some(alias) = &self.alias {
            return alias.as_str().to_owned();
        }
        let aggregation = self.aggregation.map_or("", Aggregation::as_str);
        match (&self.field, self.ratio.as_deref()) {
            (_, Some([dividend, divisor])) => format!("{}_per_{}", dividend.as_str(), divisor.as_str()),
            (Some(field), _) => format!("{aggregation}_{}", field.as_str()),
            (None, _) => aggregation.to_owned(),
        }
    }

    /// What its value of before is called in the result of a comparison.
    pub fn output_before(&self) -> String {
        format!("{}_before", self.output())
    }

    /// Adds what is wrong with it. A ratio is of measures that come before it.
    pub(super) fn check(&self, earlier: &HashSet<String>, path: &str, fields: &mut Fields) {
        match (self.aggregation, &self.ratio) {
            (Some(_), Some(_)) | (None, None) => {
                fields.add(path, "Must have an aggregation or a ratio.");
            }
            (Some(aggregation), None) => {
                if self.field.is_none() && aggregation != Aggregation::Count {
                    fields.add(
                        format!("{path}.field"),
                        format!("This field is required: {} is of a field.", aggregation.as_str()),
                    );
                }
            }
            (None, Some(ratio)) => {
                if self.field.is_some() {
                    fields.add(format!("{path}.field"), "Must not be there: a ratio is of two measures.");
                }
                if ratio.len() != 2 {
                    fields
                        .add(format!("{path}.ratio"), format!("Must have 2 items; it has {}.", ratio.len()));
                }
                for (index, name) in ratio.iter().enumerate() {
                    if !earlier.contains(name.as_str()) {
                        fields.add(
                            format!("{path}.ratio[{index}]"),
                            format!(
                                "Must be the name of a measure before this one; {:?} is not.",
                                name.as_str()
                            ),
                        );
                    }
                }
            }
        }
    }
}
