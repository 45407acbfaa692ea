//! The values of a dimension that are kept.

use std::collections::{BTreeMap, BTreeSet};

use shared::model::query::{Dimension, Query, Top};

use super::aggregate::measures;
use super::datum::Datum;
use super::question::{Question, Row};

/// Which values of a dimension are kept.
pub(crate) struct Kept {
    dimension: usize,
    values: BTreeSet<Datum>,
}

impl Kept {
    /// The values that have most of a measure; of those that have the same, the least.
    pub(crate) fn new(question: &Question<'_>, top: &Top, rows: &[Row<'_>]) -> Self {
        let dimension = dimension(question.query, top);
        let by = question.query.measures.iter().position(|measure| measure.output() == top.by.as_str());
        let mut of_value: BTreeMap<&Datum, Vec<&Row<'_>>> = BTreeMap::new();
        for row in rows {
            of_value.entry(&row.dimensions[dimension]).or_default().push(row);
        }
        let mut ranked: Vec<(Datum, &Datum)> = of_value
            .iter()
            .map(|(value, rows)| (measures(question, rows).swap_remove(by.unwrap()), *value))
            .collect();
        ranked.sort_by(|(one, value), (other, other_value)| {
            let nulls_last = one.is_null().cmp(&other.is_null());
            nulls_last.then_with(|| other.cmp(one)).then_with(|| value.cmp(other_value))
        });
        let count = usize::try_from(top.count).unwrap();
        let values = ranked.into_iter().take(count).map(|(_, value)| value.clone()).collect();
        Self { dimension, values }
    }

    pub(crate) fn has(&self, row: &Row<'_>) -> bool {
        self.values.contains(&row.dimensions[self.dimension])
    }
}

fn dimension(query: &Query, top: &Top) -> usize {
    let outputs = query.dimensions.iter().map(Dimension::output);
    outputs.enumerate().find(|(_, output)| *output == top.dimension.as_str()).unwrap().0
}
