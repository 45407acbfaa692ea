//! Widgets as a client would send them.

use serde_json::{Value, json};

/// A pie over a data source.
pub fn pie(data_source: u64) -> Value {
    json!({
        "title": "Revenue by region",
        "type": "pie",
        "data_source": data_source,
        "query": {
            "dimensions": [{ "field": "region" }],
            "measures": [{ "field": "amount", "aggregation": "sum" }],
        },
        "position": { "x": 0, "y": 0, "width": 6, "height": 4 },
    })
}

/// A text.
pub fn text(text: &str) -> Value {
    json!({
        "title": "A note",
        "type": "text",
        "position": { "x": 0, "y": 4, "width": 12, "height": 1 },
        "options": { "text": text },
    })
}
