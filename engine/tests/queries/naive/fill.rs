//! Buckets in which nothing happened.

use std::collections::BTreeSet;

use super::bucket::{bucket, next};
use super::clock::TICK;
use super::datum::Datum;
use super::evaluator::Groups;
use super::question::Question;
use super::range::Bounds;

/// Adds the groups that are missing: they have no rows.
pub(crate) fn fill(question: &Question<'_>, groups: &mut Groups<'_, '_>) {
    let dimensions = &question.query.dimensions;
    let place = dimensions.iter().position(|dimension| dimension.grain.is_some()).unwrap();
    let buckets = buckets(question, place, groups);
    let mut combinations: BTreeSet<Vec<Datum>> = groups
        .keys()
        .map(|key| {
            let mut others = key.clone();
            others.remove(place);
            others
        })
        .collect();
    if dimensions.len() == 1 {
        combinations.insert(Vec::new());
    }
    for others in combinations {
        for bucket in &buckets {
            let mut key = others.clone();
            key.insert(place, bucket.clone());
            groups.entry(key).or_default();
        }
    }
}

/// All buckets: those of the range, or else those from the first to the last there is.
fn buckets(question: &Question<'_>, place: usize, groups: &Groups<'_, '_>) -> Vec<Datum> {
    let dimension = &question.query.dimensions[place];
    let (grain, zone) = (dimension.grain.unwrap(), &question.zone);
    let range = question.query.time_range.as_ref().filter(|range| range.field == dimension.field);
    let bounds = range.and(question.bounds.as_ref());
    let (first, last) = match bounds {
        Some(Bounds { from: Some(from), to: Some(to) }) if from < to => {
            (bucket(from, grain, zone), bucket(&before(to), grain, zone))
        }
        Some(Bounds { from: Some(_), to: Some(_) }) => return Vec::new(),
        _ => {
            let there = || groups.keys().map(|key| &key[place]).filter(|bucket| !bucket.is_null());
            match (there().min(), there().max()) {
                (Some(first), Some(last)) => (first.clone(), last.clone()),
                _ => return Vec::new(),
            }
        }
    };
    std::iter::successors(Some(first), |bucket| next(bucket, grain, zone))
        .take_while(|bucket| *bucket <= last)
        .collect()
}

/// The last day, or the last instant, before one.
fn before(time: &Datum) -> Datum {
    match time {
        Datum::Date(day) => Datum::Date(day.yesterday().unwrap()),
        Datum::Datetime(at) => Datum::Datetime(*at - TICK),
        _ => panic!("{time:?} is no time"),
    }
}
