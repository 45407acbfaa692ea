//! DynamoDB's [update expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html).

use std::collections::HashMap;

use crate::store::Item;

/// A `SET` and `REMOVE` of any number of attributes, names escaped since many words are reserved.
pub(super) struct UpdateExpression {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

impl UpdateExpression {
    pub(super) fn new(set: Item, remove: Vec<String>) -> Self {
        let mut names = HashMap::with_capacity(set.len() + remove.len());
        let mut values = HashMap::with_capacity(set.len());
        let mut assignments = Vec::with_capacity(set.len());
        for (index, (name, value)) in set.into_iter().enumerate() {
            assignments.push(format!("#s{index} = :s{index}"));
            names.insert(format!("#s{index}"), name);
            values.insert(format!(":s{index}"), value);
        }
        let mut removals = Vec::with_capacity(remove.len());
        for (index, name) in remove.into_iter().enumerate() {
            removals.push(format!("#r{index}"));
            names.insert(format!("#r{index}"), name);
        }
        let clause = |keyword: &str, parts: Vec<String>| {
            if parts.is_empty() { String::new() } else { format!("{keyword} {} ", parts.join(", ")) }
        };
        let expression = clause("SET", assignments) + &clause("REMOVE", removals);
        Self { expression, names, values }
    }
}
