//! One dashboard over every kind of engine at once.

use serde_json::{Value, json};
use shared::model::Role;
use tests::databases::User;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, entities};

use super::fake::Fake;
use super::{connect as connect_athena, count};
use crate::databases::sources::{connect, import_catalog, live_servers, start_app};

/// How many rows each has, the Athena of tests among them.
const ROWS: u64 = 42;

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_is_over_all_engines_at_once() {
    let base = start_app().await;
    let athena = Fake::new(base.clock.clone());
    let app = base.with_athena(athena.router());
    let administrator = app.user(Role::Administrator).await;

    let file = entities::data_source(&administrator).await;
    let rows: Vec<_> = (0..ROWS).map(|n| n.to_string()).collect();
    entities::imported(&app, &administrator, file, &format!("n\n{}\n", rows.join("\n"))).await;
    let mut asked = vec![("datafusion", file, "data".to_owned())];
    let mut databases = Vec::new();
    for server in live_servers() {
        let database = server.database();
        let (table, rows) = (database.quoted("numbers"), (0..ROWS).map(|n| format!("({n})")));
        let rows = rows.collect::<Vec<_>>().join(", ");
        database.run(&format!("CREATE TABLE {table} (n int); INSERT INTO {table} VALUES {rows};"));
        let source = connect(&administrator, &database, User::Reader).await;
        import_catalog(&app, &administrator, source).await;
        asked.push((server.kind.engine(), source, database.table("numbers")));
        databases.push(database);
    }
    let keys = json!({ "access_key_id": "AAAAAAAAAAAAAAAA", "secret_access_key": "secret" });
    let lake = connect_athena(&administrator, keys).await;
    let done = import_catalog(&app, &administrator, lake).await;
    let table = done.body["tables"][0]["name"].as_str().unwrap().to_owned();
    asked.push(("athena", lake, table));

    let widgets = asked.iter().zip(0..).map(|((engine, source, table), row)| {
        let mut query = count();
        query["table"] = json!(table);
        json!({
            "title": engine, "type": "metric", "data_source": source, "query": query,
            "position": { "x": 0, "y": row, "width": 3, "height": 1 },
        })
    });
    let dashboard = entities::dashboard(&administrator, widgets.collect::<Vec<_>>().into()).await;
    let viewer = app.user(Role::Viewer).await;
    let data = viewer.get(&format!("{}data/", item(DASHBOARDS, dashboard))).await;
    assert_eq!(data.status, 200, "{data:?}");
    let shown: Vec<Value> = data.body["widgets"].as_array().unwrap().clone();
    let shown: Vec<_> =
        shown.iter().map(|widget| (&widget["result"]["engine"], &widget["result"]["rows"])).collect();
    let (engines, all): (Vec<_>, _) =
        (asked.iter().map(|(engine, ..)| json!(engine)).collect(), json!([[ROWS]]));
    assert_eq!(shown, engines.iter().map(|engine| (engine, &all)).collect::<Vec<_>>(), "{data:?}");
}
