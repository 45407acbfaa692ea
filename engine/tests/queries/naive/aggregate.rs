//! Measures: what is computed of rows.

use std::collections::BTreeSet;

use shared::model::query::{Aggregation, Formula};

use super::datum::Datum;
use super::exact::Exact;
use super::float;
use super::question::{Question, Row};

/// The measures of some rows, in the query's order.
pub(crate) fn measures(question: &Question<'_>, rows: &[&Row<'_>]) -> Vec<Datum> {
    let mut done: Vec<(String, Datum)> = Vec::new();
    for measure in &question.query.measures {
        let earlier = |name: &str| {
            let place = done.iter().find(|(earlier, _)| earlier == name);
            place.map(|(_, value)| value.clone()).expect("an earlier measure")
        };
        let value = match measure.formula().expect("an aggregation or a ratio") {
            Formula::CountRows => Datum::count(rows.len()),
            Formula::Aggregate(aggregation, field) => {
                let values = rows.iter().map(|row| question.datum(row, field.as_str()));
                aggregate(aggregation, values.filter(|value| !value.is_null()).collect())
            }
            Formula::Ratio(dividend, divisor) => {
                ratio(&earlier(dividend.as_str()), &earlier(divisor.as_str()))
            }
        };
        done.push((measure.output(), value));
    }
    done.into_iter().map(|(_, value)| value).collect()
}

/// What is made of values, none of which is null.
fn aggregate(aggregation: Aggregation, mut values: Vec<Datum>) -> Datum {
    match aggregation {
        Aggregation::Count => Datum::count(values.len()),
        Aggregation::DistinctCount => Datum::count(values.into_iter().collect::<BTreeSet<_>>().len()),
        Aggregation::Sum => sum(&values),
        Aggregation::Average => ratio(&sum(&values), &Datum::count(values.len())),
        Aggregation::Min => values.into_iter().min().unwrap_or(Datum::Null),
        Aggregation::Max => values.into_iter().max().unwrap_or(Datum::Null),
        Aggregation::Median => {
            values.sort();
            match values.len() {
                0 => Datum::Null,
                count if count % 2 == 1 => values[count / 2].clone(),
                count => middle(&values[count / 2 - 1], &values[count / 2]),
            }
        }
    }
}

fn sum(values: &[Datum]) -> Datum {
    match values.first() {
        None => Datum::Null,
        Some(Datum::Exact(_)) => {
            let zero = Exact::new(0, 0);
            Datum::Exact(values.iter().fold(zero, |sum, value| sum.plus(exact(value))))
        }
        Some(_) => Datum::float(float::sum(&values.iter().map(to_float).collect::<Vec<_>>())),
    }
}

fn middle(one: &Datum, other: &Datum) -> Datum {
    match (one, other) {
        (Datum::Exact(one), Datum::Exact(other)) => Datum::Exact(one.middle(other)),
        _ => Datum::float(to_float(one).midpoint(to_float(other))),
    }
}

/// What is divided by 0 is null. With a float, both are floats.
fn ratio(dividend: &Datum, divisor: &Datum) -> Datum {
    match (dividend, divisor) {
        (Datum::Null, _) | (_, Datum::Null) => Datum::Null,
        (Datum::Exact(dividend), Datum::Exact(divisor)) => {
            dividend.divided_by(divisor).map_or(Datum::Null, Datum::Exact)
        }
        // By 0 it is infinite, or no number.
        _ => Datum::float(to_float(dividend) / to_float(divisor)),
    }
}

fn exact(value: &Datum) -> &Exact {
    let Datum::Exact(exact) = value else { panic!("{value:?} is no exact number") };
    exact
}

fn to_float(value: &Datum) -> f64 {
    match value {
        Datum::Float(float) => *float,
        Datum::Exact(exact) => exact.to_float(),
        _ => panic!("{value:?} is no number"),
    }
}
