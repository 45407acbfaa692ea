//! The demo's dashboards, as a client would send them.

use serde_json::{Value, json};

/// The dashboards over the orders and the campaigns, in the order of the quick start's list.
pub fn all(sales: u64, marketing: u64) -> [Value; 2] {
    [revenue(sales), funnel(marketing)]
}

/// The report over the dashboard of the orders. Nobody is mailed until its schedule is set in force.
pub fn monday_report(revenue: u64) -> Value {
    json!({
        "name": "Monday report",
        "description": "What was sold, for Monday's meeting.",
        "dashboard": revenue,
        "format": "pdf",
        "schedule": { "cron": "0 8 * * MON", "timezone": "Europe/Berlin", "enabled": false },
        "recipients": [1],
    })
}

fn revenue(sales: u64) -> Value {
    let revenue = json!({ "field": "revenue", "aggregation": "sum", "as": "revenue" });
    let orders = json!({ "aggregation": "count", "as": "orders" });
    let dollars = json!({ "format": { "style": "currency", "currency": "USD", "decimals": 0 } });
    let widgets = json!([
        {
            "title": "Revenue", "type": "metric", "data_source": sales,
            "query": { "measures": [revenue] },
            "position": { "x": 0, "y": 0, "width": 3, "height": 2 }, "options": dollars,
        },
        {
            "title": "Orders", "type": "metric", "data_source": sales,
            "query": { "measures": [orders] },
            "position": { "x": 3, "y": 0, "width": 3, "height": 2 },
        },
        {
            "title": "Average order", "type": "metric", "data_source": sales,
            "query": { "measures": [{ "field": "revenue", "aggregation": "average", "as": "average_order" }] },
            "position": { "x": 6, "y": 0, "width": 3, "height": 2 },
            "options": { "format": { "style": "currency", "currency": "USD", "decimals": 2 } },
        },
        {
            "title": "Customers", "type": "metric", "data_source": sales,
            "query": { "measures": [{ "field": "customer_id", "aggregation": "distinct_count", "as": "customers" }] },
            "position": { "x": 9, "y": 0, "width": 3, "height": 2 },
        },
        {
            "title": "Revenue and cost by month", "type": "line", "data_source": sales,
            "query": {
                "dimensions": [{ "field": "ordered_at", "grain": "month" }],
                "measures": [revenue, { "field": "cost", "aggregation": "sum", "as": "cost" }],
                "order_by": [{ "field": "ordered_at" }],
            },
            "position": { "x": 0, "y": 2, "width": 8, "height": 4 }, "options": dollars,
        },
        {
            "title": "Revenue by channel", "type": "pie", "data_source": sales,
            "query": {
                "dimensions": [{ "field": "channel" }],
                "measures": [revenue],
                "order_by": [{ "field": "revenue", "direction": "desc" }],
            },
            "position": { "x": 8, "y": 2, "width": 4, "height": 4 }, "options": dollars,
        },
        {
            "title": "Revenue by region", "type": "bar", "data_source": sales,
            "query": {
                "dimensions": [{ "field": "region" }],
                "measures": [revenue],
                "order_by": [{ "field": "revenue", "direction": "desc" }],
            },
            "position": { "x": 0, "y": 6, "width": 5, "height": 4 }, "options": dollars,
        },
        {
            "title": "Orders by quarter and category", "type": "heatmap", "data_source": sales,
            "query": {
                "dimensions": [{ "field": "ordered_at", "grain": "quarter" }, { "field": "category" }],
                "measures": [orders],
                "order_by": [{ "field": "ordered_at" }, { "field": "category" }],
            },
            "position": { "x": 5, "y": 6, "width": 7, "height": 4 },
        },
        {
            "title": "Top products", "type": "table", "data_source": sales,
            "query": {
                "dimensions": [{ "field": "product" }, { "field": "category" }],
                "measures": [revenue, orders, { "field": "quantity", "aggregation": "sum", "as": "units" }],
                "filters": [{ "field": "returned", "operator": "eq", "values": [false] }],
                "order_by": [{ "field": "revenue", "direction": "desc" }],
                "limit": 10,
            },
            "position": { "x": 0, "y": 10, "width": 12, "height": 5 },
        },
    ]);
    json!({
        "name": "Revenue Dashboard",
        "description": "What is sold where, and to whom.",
        "status": "published",
        "widgets": widgets,
    })
}

fn funnel(marketing: u64) -> Value {
    let sum = |field: &str| json!({ "field": field, "aggregation": "sum", "as": field });
    let metric = |title: &str, field: &str, x: u64, options: Value| {
        json!({
            "title": title, "type": "metric", "data_source": marketing,
            "query": { "measures": [sum(field)] },
            "position": { "x": x, "y": 0, "width": 4, "height": 2 }, "options": options,
        })
    };
    let dollars = json!({ "format": { "style": "currency", "currency": "USD", "decimals": 0 } });
    let widgets = json!([
        metric("Visits", "visits", 0, json!({})),
        metric("Orders", "orders", 4, json!({})),
        metric("Spend", "spend", 8, dollars.clone()),
        {
            "title": "From impression to order", "type": "funnel", "data_source": marketing,
            "query": {
                "dimensions": [{ "field": "step" }],
                "measures": [sum("people")],
                "order_by": [{ "field": "people", "direction": "desc" }],
            },
            "position": { "x": 0, "y": 2, "width": 5, "height": 5 },
        },
        {
            "title": "Orders by month and channel", "type": "area", "data_source": marketing,
            "query": {
                "dimensions": [{ "field": "day", "grain": "month" }, { "field": "channel" }],
                "measures": [sum("orders")],
                "order_by": [{ "field": "day" }, { "field": "channel" }],
            },
            "position": { "x": 5, "y": 2, "width": 7, "height": 5 }, "options": { "stacked": true },
        },
        {
            "title": "Spend by channel", "type": "bar", "data_source": marketing,
            "query": {
                "dimensions": [{ "field": "channel" }],
                "measures": [sum("spend")],
                "order_by": [{ "field": "spend", "direction": "desc" }],
            },
            "position": { "x": 0, "y": 7, "width": 6, "height": 4 }, "options": dollars,
        },
        {
            "title": "Spend and orders of campaigns", "type": "scatter", "data_source": marketing,
            "query": {
                "dimensions": [{ "field": "campaign" }],
                "measures": [sum("spend"), sum("orders")],
            },
            "position": { "x": 6, "y": 7, "width": 6, "height": 4 },
        },
        {
            "title": "Campaigns", "type": "table", "data_source": marketing,
            "query": {
                "dimensions": [{ "field": "campaign" }, { "field": "channel" }],
                "measures": [sum("impressions"), sum("visits"), sum("carts"), sum("orders"), sum("spend")],
                "order_by": [{ "field": "spend", "direction": "desc" }],
            },
            "position": { "x": 0, "y": 11, "width": 12, "height": 5 },
        },
    ]);
    json!({
        "name": "Marketing Funnel",
        "description": "What campaigns cost, and what they bring.",
        "status": "published",
        "widgets": widgets,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::base::Fields;
    use shared::model::dashboard::widget::{Widget, check_and_number};

    use super::*;

    #[test]
    fn the_widgets_are_valid_and_ask_for_columns_that_are_there() {
        let end = jiff::civil::date(2026, 1, 1);
        let sources = [super::super::sales::csv(end), super::super::marketing::csv(end)];
        for (dashboard, csv) in all(1, 2).into_iter().zip(sources) {
            let columns: BTreeSet<_> = csv.lines().next().expect("a header").split(',').collect();
            let widgets = dashboard["widgets"].clone();
            let mut widgets: Vec<Widget> = deserr::deserialize::<_, _, Fields>(widgets).expect("widgets");
            check_and_number(&mut widgets, &BTreeSet::new(), 1).expect("valid widgets");
            for query in widgets.iter().filter_map(|widget| widget.query.as_ref()) {
                for field in query.fields() {
                    assert!(columns.contains(field), "{field:?} is not in {columns:?}");
                }
            }
        }
    }

    #[test]
    fn no_widget_covers_another() {
        for dashboard in all(1, 2) {
            let mut cells = BTreeSet::new();
            for widget in dashboard["widgets"].as_array().expect("widgets") {
                let [x, y, width, height] = ["x", "y", "width", "height"]
                    .map(|name| widget["position"][name].as_u64().expect("a number"));
                for cell in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
                    assert!(cells.insert(cell), "{} covers another at {cell:?}", widget["title"]);
                }
            }
        }
    }
}
