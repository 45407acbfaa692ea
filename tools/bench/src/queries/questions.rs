//! The questions that are asked, and a dashboard of twelve more.

use serde_json::{Value, json};

/// A question.
pub(crate) struct Question {
    /// What `peers.py` calls it.
    pub(crate) name: &'static str,
    /// What it asks, for people.
    pub(crate) about: &'static str,
    /// Whether it has a budget.
    pub(crate) has_budget: bool,
    query: fn(&str) -> Value,
    /// The texts that it compares with.
    pub(crate) texts: &'static [&'static str],
    /// Its totals are a row of the peers' answers.
    pub(crate) more_rows_of_peers: u64,
}

impl Question {
    /// The query. Its first measure has that name, so that an answer to the query under another name is not one to this.
    pub(crate) fn query(&self, name: &str) -> Value {
        (self.query)(name)
    }
}

/// The five that DESIGN.md's yardstick has, and three with what is made of groups.
pub(crate) fn questions() -> Vec<Question> {
    let question = |name, about, query, has_budget| Question {
        name,
        about,
        has_budget,
        query,
        texts: if name == "contains-day" { &["99"] } else { &[] },
        more_rows_of_peers: u64::from(name == "totals"),
    };
    vec![
        question("group", "revenue and orders by country", group, true),
        question("month-channel", "the same by month and channel", month_channel, true),
        question("distinct-median", "distinct products, median revenue by country", distinct_median, true),
        question("top-20", "top 20 of 5,000 products", top_20, true),
        question("contains-day", "orders whose note contains 99, by day", contains_day, true),
        question("compare", "revenue by month, against the year before", compare, false),
        question("top-other", "five products and the rest", top_other, false),
        question("totals", "average and distinct by country, with totals", totals, false),
    ]
}

fn revenue(name: &str) -> Value {
    json!({ "field": "revenue", "aggregation": "sum", "as": name })
}

fn orders() -> Value {
    json!({ "aggregation": "count", "as": "orders" })
}

fn group(name: &str) -> Value {
    json!({ "dimensions": [{ "field": "country" }], "measures": [revenue(name), orders()] })
}

fn month_channel(name: &str) -> Value {
    json!({
        "dimensions": [{ "field": "ordered_at", "grain": "month", "as": "month" }, { "field": "channel" }],
        "measures": [revenue(name), orders()],
    })
}

fn distinct_median(name: &str) -> Value {
    json!({
        "dimensions": [{ "field": "country" }],
        "measures": [
            { "field": "product", "aggregation": "distinct_count", "as": name },
            { "field": "revenue", "aggregation": "median", "as": "median" },
        ],
    })
}

fn top_20(name: &str) -> Value {
    json!({ "dimensions": [{ "field": "product" }], "measures": [revenue(name)], "limit": 20 })
}

fn contains_day(name: &str) -> Value {
    json!({
        "dimensions": [{ "field": "ordered_at", "grain": "day", "as": "day" }],
        "measures": [{ "aggregation": "count", "as": name }],
        "filters": [{ "field": "note", "operator": "contains", "values": ["99"] }],
        "limit": 10_000,
    })
}

fn compare(name: &str) -> Value {
    json!({
        "dimensions": [{ "field": "ordered_at", "grain": "month", "as": "month" }],
        "measures": [revenue(name)],
        "time_range": { "field": "ordered_at", "from": "2025-01-01", "to": "2026-01-01" },
        "compare": { "offset": "1 year" },
    })
}

fn top_other(name: &str) -> Value {
    json!({
        "dimensions": [{ "field": "product" }],
        "measures": [revenue(name), orders()],
        "top": { "dimension": "product", "by": name, "count": 5, "other": true },
    })
}

fn totals(name: &str) -> Value {
    json!({
        "dimensions": [{ "field": "country" }],
        "measures": [
            { "field": "revenue", "aggregation": "average", "as": name },
            { "field": "product", "aggregation": "distinct_count", "as": "products" },
        ],
        "totals": true,
    })
}

/// A dashboard of twelve widgets over one data source.
pub(crate) fn dashboard(source: u64) -> Value {
    let month = json!({ "field": "ordered_at", "grain": "month", "as": "month" });
    let by = |field: &str| json!({ "field": field });
    let of = |field: &str, aggregation: &str| json!({ "field": field, "aggregation": aggregation });
    let last_year = json!({ "field": "ordered_at", "from": "2025-01-01", "to": "2026-01-01" });
    let widgets = [
        (
            "metric",
            json!({ "measures": [revenue("revenue")], "time_range": last_year, "compare": { "offset": "1 year" } }),
        ),
        ("metric", json!({ "measures": [orders()] })),
        ("metric", json!({ "measures": [of("revenue", "average")] })),
        ("metric", json!({ "measures": [of("product", "distinct_count")] })),
        ("line", json!({ "dimensions": [month], "measures": [revenue("revenue")] })),
        ("area", json!({ "dimensions": [month, by("channel")], "measures": [revenue("revenue")] })),
        ("bar", json!({ "dimensions": [by("country")], "measures": [revenue("revenue"), orders()] })),
        ("pie", json!({ "dimensions": [by("channel")], "measures": [orders()] })),
        (
            "table",
            json!({ "dimensions": [by("product")], "measures": [revenue("revenue"), orders()], "limit": 20 }),
        ),
        (
            "heatmap",
            json!({ "dimensions": [by("country"), by("channel")], "measures": [of("quantity", "sum")] }),
        ),
        ("bar", json!({ "dimensions": [by("country")], "measures": [of("revenue", "median")] })),
        (
            "line",
            json!({
                "dimensions": [{ "field": "ordered_at", "grain": "week", "as": "week" }],
                "measures": [orders()],
                "filters": [{ "field": "note", "operator": "contains", "values": ["99"] }],
            }),
        ),
    ];
    let widgets = widgets.iter().zip(0..).map(|((kind, query), index)| {
        json!({
            "title": kind, "type": kind, "data_source": source, "query": query,
            "position": { "x": index % 3 * 4, "y": index / 3 * 4, "width": 4, "height": 4 },
        })
    });
    json!({ "name": "Twelve widgets", "widgets": widgets.collect::<Vec<_>>() })
}
