//! Whether what is generated is valid, and whether all of the language is in it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;
use shared::model::query::{DEFAULT_LIMIT, Query};

use super::{Case, case, query, table};
use crate::naive::evaluator::{Answer, evaluate};

/// What must be in what is generated: keys, and words with their keys, without numbers.
const WORDS: [&str; 71] = [
    "and",
    "or",
    "having",
    "top",
    "other",
    "fill",
    "totals",
    "compare",
    "limit",
    "ratio",
    "include_current",
    "from",
    "to",
    "table",
    "as",
    "operator eq",
    "operator ne",
    "operator gt",
    "operator gte",
    "operator lt",
    "operator lte",
    "operator in",
    "operator not_in",
    "operator contains",
    "operator between",
    "operator is_null",
    "operator is_not_null",
    "aggregation sum",
    "aggregation average",
    "aggregation count",
    "aggregation min",
    "aggregation max",
    "aggregation median",
    "aggregation distinct_count",
    "grain hour",
    "grain day",
    "grain week",
    "grain month",
    "grain quarter",
    "grain year",
    "direction desc",
    "nulls first",
    "nulls last",
    "timezone UTC",
    "timezone Europe/Berlin",
    "timezone Pacific/Apia",
    "timezone America/Sao_Paulo",
    "timezone America/New_York",
    "timezone Asia/Kathmandu",
    "offset  hour",
    "offset  day",
    "offset  week",
    "offset  month",
    "offset  quarter",
    "offset  year",
    "range today",
    "range yesterday",
    "range this_week",
    "range this_month",
    "range this_quarter",
    "range this_year",
    "range last_week",
    "range last_month",
    "range last_quarter",
    "range last_year",
    "range last__hour",
    "range last__day",
    "range last__week",
    "range last__month",
    "range last__quarter",
    "range last__year",
];

fn answer(case: &Case) -> Answer {
    evaluate(&case.query, &case.table, case.now)
}

/// Counts the keys, and the words that are values of some of them.
fn count(json: &Json, counts: &mut BTreeMap<String, usize>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| count(item, counts)),
        Json::Object(object) => {
            for (key, value) in object {
                *counts.entry(key.clone()).or_default() += 1;
                if ["operator", "aggregation", "grain", "direction", "nulls", "timezone"]
                    .contains(&key.as_str())
                {
                    *counts.entry(format!("{key} {}", value.as_str().unwrap())).or_default() += 1;
                }
                if ["range", "offset"].contains(&key.as_str()) {
                    let word = value.as_str().unwrap().trim_end_matches('s');
                    let word: String = word.chars().filter(|char| !char.is_ascii_digit()).collect();
                    *counts.entry(format!("{key} {word}")).or_default() += 1;
                }
                count(value, counts);
            }
        }
        _ => {}
    }
}

#[test]
fn all_of_the_language_is_generated() {
    let mut runner = TestRunner::deterministic();
    let mut counts = BTreeMap::new();
    let mut add = |name: &str| *counts.entry(format!("answer: {name}")).or_default() += 1;
    let mut queries = Vec::new();
    for _ in 0..2_000 {
        let case = case().new_tree(&mut runner).unwrap().current();
        let answer = answer(&case);
        let is_filled = case.query.fill == Some(true);
        for (name, is) in [
            ("rows", !answer.rows.is_empty()),
            ("several rows", answer.rows.len() > 2),
            ("truncated", answer.truncated),
            ("other", answer.other_row.is_some()),
            ("filled", is_filled && answer.rows.len() > 1),
            ("before", case.query.compare.is_some() && has_before(&case.query, &answer)),
        ] {
            if is {
                add(name);
            }
        }
        queries.push(serde_json::to_value(&case.query).unwrap());
    }
    for query in &queries {
        count(query, &mut counts);
    }
    for word in WORDS {
        assert!(counts.get(word).is_some_and(|count| *count > 2), "{word}: {counts:#?}");
    }
    for (name, least) in [
        ("rows", 1_200),
        ("several rows", 600),
        ("truncated", 50),
        ("other", 100),
        ("filled", 60),
        ("before", 60),
    ] {
        let count = counts.get(&format!("answer: {name}")).copied().unwrap_or(0);
        assert!(count >= least, "{name}: {counts:#?}");
    }
}

/// Whether an answer says of any group that there was something before.
fn has_before(query: &Query, answer: &Answer) -> bool {
    let before = query.dimensions.len() + query.measures.len();
    let cells = answer.rows.iter().flat_map(|row| &row[before..]);
    cells.into_iter().any(|cell| cell != "null" && cell != "0")
}

proptest! {
    #[test]
    fn every_generated_query_is_valid_and_has_an_answer(case in case()) {
        let answer = answer(&case);
        let others = usize::from(answer.other_row.is_some());
        let limit = usize::try_from(case.query.limit.unwrap_or(DEFAULT_LIMIT)).unwrap();
        prop_assert!(answer.rows.len() <= limit + others);
        for row in answer.rows.iter().chain(&answer.totals) {
            prop_assert_eq!(row.len(), answer.columns.len());
            for cell in row {
                prop_assert!(serde_json::from_str::<Json>(cell).is_ok(), "{}", cell);
            }
        }
        let written = serde_json::to_value(&case.query).unwrap();
        prop_assert_eq!(&serde_json::from_value::<Query>(written).unwrap(), &case.query);
    }

    #[test]
    fn the_order_of_rows_in_the_table_does_not_matter(case in case(), seed in any::<u64>()) {
        let mut shuffled = case.clone();
        let mut rows = std::mem::take(&mut shuffled.table.rows);
        // Any order will do.
        rows.sort_by_key(|row| {
            let mut hash = seed;
            for byte in format!("{row:?}").bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
            hash
        });
        shuffled.table.rows = rows;
        prop_assert_eq!(answer(&shuffled), answer(&case));
    }

    #[test]
    fn queries_can_be_had_for_a_table(
        (table, (query, now)) in table().prop_flat_map(|table| (Just(table.clone()), query(table)))
    ) {
        evaluate(&query, &table, now);
        prop_assert_eq!(table.record_batch().num_rows(), table.rows.len());
        prop_assert_eq!(table.described().columns.len(), table.columns.len());
        prop_assert!(!table.parquet(7).is_empty());
    }
}
