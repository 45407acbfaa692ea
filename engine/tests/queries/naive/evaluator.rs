//! Answers a query, in the order that `docs/queries.md` gives: rows, top, groups, fill, having, order, limit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shared::model::query::{DEFAULT_LIMIT, Measure, Query};

use super::aggregate::measures;
use super::datum::Datum;
use super::fill::fill;
use super::filter;
use super::order;
use super::question::{Question, Row};
use super::table::Table;
use super::top::Kept;

/// An answer, each cell as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) totals: Option<Vec<String>>,
    pub(crate) other_row: Option<usize>,
    pub(crate) truncated: bool,
}

/// The rows that have the same dimensions.
pub(crate) type Groups<'r, 'a> = BTreeMap<Vec<Datum>, Vec<&'r Row<'a>>>;

/// A group with its measures, those of before after the others.
pub(crate) struct Group {
    dimensions: Vec<Datum>,
    measures: Vec<Datum>,
}

impl Group {
    /// A cell of its row in the answer.
    pub(crate) fn cell(&self, index: usize) -> &Datum {
        self.dimensions.get(index).unwrap_or_else(|| &self.measures[index - self.dimensions.len()])
    }

    fn json(&self) -> Vec<String> {
        self.dimensions.iter().chain(&self.measures).map(Datum::json).collect()
    }
}

/// Answers a valid query.
pub(crate) fn evaluate(query: &Query, table: &Table, now: Timestamp) -> Answer {
    let question = Question::new(query, table, now);
    let rows = question.rows(None);
    let before = query.compare.as_ref().map(|compare| question.rows(Some(compare.offset)));
    let kept = query.top.as_ref().map(|top| Kept::new(&question, top, &rows));
    let is_kept = |row: &&Row<'_>| kept.as_ref().is_none_or(|kept| kept.has(row));

    let (kept_rows, other_rows): (Vec<_>, Vec<_>) = rows.iter().partition(is_kept);
    let (kept_before, other_before): (Vec<_>, Vec<_>) = before.iter().flatten().partition(is_kept);
    let mut groups = group(query, kept_rows);
    let groups_before = group(query, kept_before);
    if query.fill == Some(true) {
        fill(&question, &mut groups);
    }

    let computed = |rows: &[&Row<'_>], rows_before: &[&Row<'_>]| {
        let mut computed = measures(&question, rows);
        if query.compare.is_some() {
            computed.extend(measures(&question, rows_before));
        }
        computed
    };
    let mut done: Vec<Group> = groups
        .into_iter()
        .map(|(dimensions, rows)| {
            let rows_before = groups_before.get(&dimensions).map_or(&[][..], Vec::as_slice);
            let measures = computed(&rows, rows_before);
            Group { dimensions, measures }
        })
        .collect();
    done.retain(|group| having(&question, group));
    order::sort(query, &mut done);
    let limit = usize::try_from(query.limit.unwrap_or(DEFAULT_LIMIT)).unwrap();
    let truncated = done.len() > limit;
    done.truncate(limit);

    let nulls = || vec![Datum::Null; query.dimensions.len()];
    let has_other = query.top.as_ref().is_some_and(|top| top.other == Some(true)) && !other_rows.is_empty();
    let other_row = has_other.then_some(done.len());
    if has_other {
        done.push(Group { dimensions: nulls(), measures: computed(&other_rows, &other_before) });
    }
    let totals = (query.totals == Some(true)).then(|| {
        let (rows, before): (Vec<_>, Vec<_>) = (rows.iter().collect(), before.iter().flatten().collect());
        Group { dimensions: nulls(), measures: computed(&rows, &before) }.json()
    });
    let rows = done.iter().map(Group::json).collect();
    Answer { columns: columns(query), rows, totals, other_row, truncated }
}

fn columns(query: &Query) -> Vec<String> {
    let mut columns: Vec<String> =
        query.dimensions.iter().map(|dimension| dimension.output().to_owned()).collect();
    columns.extend(query.measures.iter().map(Measure::output));
    if query.compare.is_some() {
        columns.extend(query.measures.iter().map(Measure::output_before));
    }
    columns
}

/// Without dimensions, there is one group, also of no rows.
fn group<'r, 'a>(query: &Query, rows: Vec<&'r Row<'a>>) -> Groups<'r, 'a> {
    let mut groups = Groups::new();
    if query.dimensions.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for row in rows {
        groups.entry(row.dimensions.clone()).or_default().push(row);
    }
    groups
}

fn having(question: &Question<'_>, group: &Group) -> bool {
    question.query.having.iter().all(|having| {
        let measures = &question.query.measures;
        let place = measures.iter().position(|measure| measure.output() == having.field.as_str());
        let value = &group.measures[place.unwrap()];
        filter::matches(value, having.operator, &having.values, &question.zone)
    })
}
