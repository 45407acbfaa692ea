//! Random valid queries.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use shared::base::Fields;
use shared::model::query::{Query, TimeUnit};
use shared::model::table::ColumnType;

use super::bounds::{can_fill, now, time_range, times};
use super::choices::Choices;
use super::clauses::{filter, having};
use super::measures::{Measure, measure};
use super::names::NAMES;
use crate::naive::evaluator::evaluate;
use crate::naive::table::Table;

const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "America/New_York", "Pacific/Apia"];

/// The hour is the last, since dates have none.
const GRAINS: [TimeUnit; 6] =
    [TimeUnit::Day, TimeUnit::Month, TimeUnit::Week, TimeUnit::Quarter, TimeUnit::Year, TimeUnit::Hour];

/// A dimension of a query.
struct Dimension {
    json: Json,
    name: String,
    column: usize,
    grain: Option<TimeUnit>,
}

/// Builds a query, with the time at which it is asked.
pub(super) fn build(table: &Table, choices: &mut Choices) -> (Query, Timestamp) {
    let mut query = json!({});
    let now = now(table, choices);
    let mut used = HashSet::new();
    let dimension_count = choices.of(&[1, 2, 1, 2, 3, 1, 2, 0]);
    let dimensions: Vec<Dimension> =
        (0..dimension_count).filter_map(|_| dimension(table, &mut used, choices)).collect();
    let measure_count = choices.of(&[1, 2, 3, 0, 4]).max(usize::from(dimensions.is_empty()));
    let mut measures = Vec::new();
    for _ in 0..measure_count {
        measures.push(measure(table, &measures, &mut used, choices));
    }
    query["dimensions"] = dimensions.iter().map(|dimension| dimension.json.clone()).collect();
    query["measures"] = measures.iter().map(|measure| measure.json.clone()).collect();

    add_times(&mut query, table, choices);
    let filters = choices.of(&[0, 0, 1, 0, 2, 0, 1, 3]);
    query["filters"] = (0..filters).map(|_| filter(table, 0, choices)).collect();
    if choices.once_in(2) {
        query["timezone"] = json!(choices.of(&ZONES));
    }
    add_groups(&mut query, table, &dimensions, &measures, choices);
    add_fill(&mut query, table, &dimensions, now, choices);
    if choices.once_in(4) {
        query["table"] = json!(table.name);
    }
    // An empty answer says little: there are few of them.
    let may_be_empty = choices.once_in(6);
    for clause in ["having", "filters"] {
        if !may_be_empty && evaluate(&parse(&query), table, now).rows.is_empty() {
            query[clause] = json!([]);
        }
    }
    (parse(&query), now)
}

/// Reads a query as the API does.
fn parse(json: &Json) -> Query {
    let query: Query = deserr::deserialize::<_, _, Fields>(json.clone()).unwrap();
    let mut fields = Fields::default();
    query.check("query", &mut fields);
    assert!(fields.is_empty(), "{fields:?} {json}");
    query
}

/// None where the name is used.
fn dimension(table: &Table, used: &mut HashSet<String>, choices: &mut Choices) -> Option<Dimension> {
    let times = times(table);
    let column = if !times.is_empty() && choices.once_in(2) {
        choices.of(&times)
    } else {
        choices.below(table.columns.len())
    };
    let field = table.columns[column].name.clone();
    let grain = match table.columns[column].column_type {
        ColumnType::Date if !choices.once_in(4) => Some(choices.of(&GRAINS[..5])),
        ColumnType::Datetime if !choices.once_in(5) => Some(choices.of(&GRAINS)),
        _ => None,
    };
    let name = if choices.once_in(4) { choices.of(&NAMES).to_owned() } else { field.clone() };
    if !used.insert(name.clone()) {
        return None;
    }
    let mut json = json!({ "field": field });
    if let Some(grain) = grain {
        json["grain"] = json!(grain.as_str());
    }
    if name != field {
        json["as"] = json!(name);
    }
    Some(Dimension { json, name, column, grain })
}

/// Adds a time range, and what it is compared with.
fn add_times(query: &mut Json, table: &Table, choices: &mut Choices) {
    let times = times(table);
    if times.is_empty() || choices.once_in(2) {
        return;
    }
    let column = choices.of(&times);
    let compares = choices.once_in(2);
    query["time_range"] = time_range(table, column, compares, choices);
    if compares {
        let unit = choices.of(&["year", "month", "day", "day", "week", "quarter", "hour"]);
        let is_date = table.columns[column].column_type == ColumnType::Date;
        let unit = if is_date && unit == "hour" { "day" } else { unit };
        let count = choices.of(&[1, 2, 3, 1, 1, 30]);
        let plural = if count > 1 { "s" } else { "" };
        query["compare"] = json!({"offset": format!("{count} {unit}{plural}")});
    }
}

/// Adds what happens to groups.
fn add_groups(
    query: &mut Json,
    table: &Table,
    dimensions: &[Dimension],
    measures: &[Measure],
    choices: &mut Choices,
) {
    if !measures.is_empty() {
        if choices.once_in(4) {
            let count = 1 + choices.below(2);
            query["having"] = (0..count).map(|_| having(table, measures, choices)).collect();
        }
        if !dimensions.is_empty() && choices.once_in(3) {
            let dimension = &dimensions[choices.below(dimensions.len())].name;
            let by = &measures[choices.below(measures.len())].name;
            query["top"] = json!({"dimension": dimension, "by": by, "count": choices.of(&[1, 2, 3, 1])});
            if let Some(other) = choices.of(&[Some(true), Some(true), None, Some(true), Some(false)]) {
                query["top"]["other"] = json!(other);
            }
        }
    }
    let names: Vec<&String> = dimensions
        .iter()
        .map(|dimension| &dimension.name)
        .chain(measures.iter().map(|measure| &measure.name))
        .collect();
    if choices.once_in(2) {
        let count = 1 + choices.below(3);
        query["order_by"] = (0..count).map(|_| order(names[choices.below(names.len())], choices)).collect();
    }
    if choices.once_in(3) {
        query["totals"] = json!(true);
    }
    if choices.once_in(3) {
        query["limit"] = json!(choices.of(&[3, 1, 2, 5, 8, 20, 10_000]));
    }
}

fn order(name: &str, choices: &mut Choices) -> Json {
    let mut order = json!({ "field": name });
    if let Some(direction) = choices.of(&[None, Some("desc"), Some("asc"), Some("desc")]) {
        order["direction"] = json!(direction);
    }
    if let Some(nulls) = choices.of(&[None, Some("first"), Some("last")]) {
        order["nulls"] = json!(nulls);
    }
    order
}

fn add_fill(
    query: &mut Json,
    table: &Table,
    dimensions: &[Dimension],
    now: Timestamp,
    choices: &mut Choices,
) {
    let mut grained = dimensions.iter().filter_map(|dimension| Some((dimension.column, dimension.grain?)));
    let (Some((column, grain)), None) = (grained.next(), grained.next()) else { return };
    let has_others = dimensions.len() > 1;
    if choices.once_in(2) && can_fill(table, column, grain, query.get("time_range"), has_others, now) {
        query["fill"] = json!(true);
    }
}
