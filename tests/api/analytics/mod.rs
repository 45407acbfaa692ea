//! Queries, and dashboards with their data. That answers are right is tested in the crate `engine`; here, that they arrive.

mod bounds;
mod chart;
mod dashboards;
mod formats;
mod guide;
mod kept;
mod mistakes;
mod query;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::ANALYTICS_QUERY;
use tests::{Actor, Reply, TestApp, TestUser, entities};

/// Orders of two countries in two years.
const ORDERS: &str = "\
ordered_at,country,amount
2025-01-10,DE,10.50
2025-01-20,FR,20
2025-02-01,DE,5.25
2026-01-05,DE,11
2026-02-07,FR,
";

/// An app, an analyst and a data source with orders.
async fn start() -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    (app, analyst, source)
}

/// Asks a query.
async fn ask(actor: &dyn Actor, source: u64, query: &Value) -> Reply {
    actor.post(ANALYTICS_QUERY, &json!({ "data_source": source, "query": query })).await
}

/// The revenue of each country.
fn revenue_by_country() -> Value {
    json!({
        "dimensions": [{ "field": "country" }],
        "measures": [{ "field": "amount", "aggregation": "sum", "as": "revenue" }],
    })
}
