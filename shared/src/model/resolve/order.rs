//! The order of groups, made complete.

use crate::model::query::{Direction, Nulls, OrderBy};

use crate::model::resolved::{Dimension, Measure, Order};

/// What can be ordered by.
pub(super) struct Outputs<'a> {
    pub(super) dimensions: &'a [Dimension],
    pub(super) measures: &'a [Measure],
}

impl Outputs<'_> {
    /// What is said, or else times and then the first measure; then the dimensions that are left, so that no two groups are alike.
    pub(super) fn order(&self, said: &[OrderBy]) -> Vec<Order> {
        let mut orders: Vec<Order> = Vec::new();
        let mut add = |order: Order| {
            if orders.iter().all(|earlier| earlier.output != order.output) {
                orders.push(order);
            }
        };
        let ascending = |output| Order { output, descending: false, nulls_first: false };
        for order in said {
            let Some(output) = self.output(order.field.as_str()) else { continue };
            let descending = order.direction == Direction::Descending;
            add(Order { output, descending, nulls_first: order.nulls == Some(Nulls::First) });
        }
        if said.is_empty() {
            let times = self.dimensions.iter().enumerate().filter(|(_, dimension)| dimension.grain.is_some());
            let times: Vec<usize> = times.map(|(index, _)| index).collect();
            if times.is_empty() && !self.measures.is_empty() {
                add(Order { output: self.dimensions.len(), descending: true, nulls_first: false });
            }
            for index in times {
                add(ascending(index));
            }
        }
        for index in 0..self.dimensions.len() {
            add(ascending(index));
        }
        orders
    }

    fn output(&self, name: &str) -> Option<usize> {
        let dimension = self.dimensions.iter().position(|dimension| dimension.name == name);
        dimension.or_else(|| {
            let measure = self.measures.iter().position(|measure| measure.name == name)?;
            Some(self.dimensions.len() + measure)
        })
    }
}
