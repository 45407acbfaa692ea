//! The order of groups, which is always complete.

use std::cmp::Ordering;

use shared::model::query::{Direction, Measure, Nulls, Query};

use super::evaluator::Group;

/// What groups are ordered by: a cell, which way, and where nulls are.
struct Key {
    cell: usize,
    direction: Direction,
    nulls: Nulls,
}

pub(crate) fn sort(query: &Query, groups: &mut [Group]) {
    let keys = keys(query);
    groups.sort_by(|one, other| {
        let orders = keys.iter().map(|key| key.compare(one, other));
        orders.fold(Ordering::Equal, Ordering::then)
    });
}

fn keys(query: &Query) -> Vec<Key> {
    let ascending = |cell| Key { cell, direction: Direction::Ascending, nulls: Nulls::Last };
    let names = query.dimensions.iter().map(|dimension| dimension.output().to_owned());
    let names: Vec<String> = names.chain(query.measures.iter().map(Measure::output)).collect();
    let mut keys: Vec<Key> = Vec::new();
    for order in &query.order_by {
        let cell = names.iter().position(|name| name == order.field.as_str()).unwrap();
        keys.push(Key { cell, direction: order.direction, nulls: order.nulls.unwrap_or_default() });
    }
    if query.order_by.is_empty() {
        let grained = (0..query.dimensions.len()).filter(|&place| query.dimensions[place].grain.is_some());
        keys.extend(grained.map(ascending));
        if keys.is_empty() && !query.measures.is_empty() {
            let cell = query.dimensions.len();
            keys.push(Key { cell, direction: Direction::Descending, nulls: Nulls::Last });
        }
    }
    keys.extend((0..query.dimensions.len()).map(ascending));
    keys
}

impl Key {
    fn compare(&self, one: &Group, other: &Group) -> Ordering {
        let (one, other) = (one.cell(self.cell), other.cell(self.cell));
        if one.is_null() || other.is_null() {
            let last = one.is_null().cmp(&other.is_null());
            return if self.nulls == Nulls::First { last.reverse() } else { last };
        }
        match self.direction {
            Direction::Ascending => one.cmp(other),
            Direction::Descending => other.cmp(one),
        }
    }
}
