//! What each endpoint costs: sequential round trips, and DynamoDB's units.

use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{
    ANALYTICS_QUERY, API_KEYS, DASHBOARDS, DATA_SOURCES, HEALTH, LOGIN, REFRESH, REPORTS, STATUS, USAGE,
    action, import, imports, item, run, runs,
};
use tests::{Actor, TestApp, TestRequest, Wire, entities, widget};
use tokio::time::Instant;

const HOLD: Duration = Duration::from_millis(50);

/// The budget of one request: rounds, read units, write units.
type Budget = (u128, f64, f64);

async fn cost(wire: &Wire, request: TestRequest) -> Budget {
    wire.take_calls();
    let started = Instant::now();
    let reply = request.await;
    assert!(reply.status < 300, "{reply:?}");
    let rounds = started.elapsed().as_millis() / HOLD.as_millis();
    let calls = wire.take_calls();
    let units = |reads| calls.iter().filter(|call| call.is_read() == reads).map(|call| call.units).sum();
    (rounds, units(true), units(false))
}

#[tokio::test]
async fn every_endpoint_keeps_its_budget() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    key.get(STATUS).await;
    let source = entities::data_source(&owner).await;
    let widgets = json!([widget::pie(source)]);
    let database = entities::database(&owner).await;
    let again = json!([widget::pie(source), widget::pie(source)]);
    entities::imported(&app, &owner, source, "region,amount\nNorth,1\n").await;
    for _ in 0..3 {
        let dashboard = entities::dashboard(&owner, widgets.clone()).await;
        let report = entities::report(&owner, dashboard).await;
        owner.request("POST", &action(REPORTS, report, "generate")).await;
        entities::data_source(&owner).await;
        entities::api_key(&owner, "read_only").await;
    }
    wire.hold(HOLD);
    tokio::time::pause();

    let login = json!({ "email": owner.user.email, "password": tests::PASSWORD });
    let file = json!({ "name": "x", "type": "file", "engine": "csv" });
    let connection = json!({ "url": "https://example.com/", "refresh": "daily" });
    let feed = json!({ "name": "x", "type": "api", "engine": "rest", "connection": connection });
    let dashboard = json!({ "name": "x", "widgets": widgets });
    let name = json!({ "name": "y" });
    let schedule = json!({ "cron": "0 8 * * *", "timezone": "UTC" });
    let report = json!({ "name": "x", "dashboard": 1, "format": "pdf", "schedule": schedule });
    // Reads are of items up to 4 KB a unit, writes of 1 KB; a transaction counts twice.
    for (what, request, budget) in [
        ("health", app.get(HEALTH), (1, 0.5, 0.0)),
        ("login", app.post(LOGIN).json(&login), (2, 2.0, 2.0)),
        ("refresh", app.post(REFRESH).json(&json!({ "refresh": owner.refresh })), (1, 1.0, 1.0)),
        ("status", owner.get(STATUS), (1, 2.0, 1.0)),
        ("status by key", key.get(STATUS), (1, 3.0, 1.0)),
        // User, plan, directory of the data sources, and half a unit for each of 31 days.
        ("usage", owner.get(USAGE), (1, 18.5, 1.0)),
        ("get key", owner.get(&item(API_KEYS, 1)), (1, 2.0, 1.0)),
        ("get source", owner.get(&item(DATA_SOURCES, 1)), (1, 2.0, 1.0)),
        ("get dashboard", owner.get(&item(DASHBOARDS, 1)), (1, 2.0, 1.0)),
        ("get dashboard by key", key.get(&item(DASHBOARDS, 1)), (1, 3.0, 1.0)),
        ("get import", owner.get(&import(source, 1)), (1, 3.0, 1.0)),
        ("tables", owner.get(&action(DATA_SOURCES, source, "tables")), (1, 2.0, 1.0)),
        ("preview", owner.get(&action(DATA_SOURCES, source, "preview")), (1, 2.0, 1.0)),
        ("list imports", owner.get(&imports(source)), (2, 4.0, 1.0)),
        ("create import", owner.post(&imports(source), &json!({ "size_bytes": 1 })), (3, 4.0, 7.0)),
        // Its last ID is read along with what the create reads.
        ("create import of a database", owner.post(&imports(database), &json!({})), (3, 5.0, 7.0)),
        ("list keys", owner.get(API_KEYS), (2, 6.0, 1.0)),
        ("list sources", owner.get(DATA_SOURCES), (2, 7.0, 1.0)),
        ("list dashboards", owner.get(DASHBOARDS), (2, 5.0, 1.0)),
        ("get report", owner.get(&item(REPORTS, 1)), (1, 2.0, 1.0)),
        ("list reports", owner.get(REPORTS), (2, 5.0, 1.0)),
        ("get run", owner.get(&run(1, 1)), (1, 3.0, 1.0)),
        ("list runs", owner.get(&runs(1)), (2, 4.0, 1.0)),
        // The report's last id is read along with what the create reads.
        ("create report", owner.post(REPORTS, &report), (3, 3.0, 7.0)),
        ("patch report", owner.patch(&item(REPORTS, 1), &name), (3, 3.0, 3.0)),
        ("run report", owner.request("POST", &action(REPORTS, 2, "generate")), (3, 4.0, 7.0)),
        ("delete report", owner.delete(&item(REPORTS, 3)), (3, 3.0, 5.0)),
        ("create key", owner.post(API_KEYS, &name), (3, 2.0, 5.0)),
        // The plan along with the directory: it must still be the same.
        ("create source", owner.post(DATA_SOURCES, &file), (3, 3.0, 7.0)),
        // Its last ID is read along with what the create reads.
        ("create source with a schedule", owner.post(DATA_SOURCES, &feed), (3, 4.0, 7.0)),
        // The data source along with the directory: its columns are looked at.
        ("create dashboard", owner.post(DASHBOARDS, &dashboard), (3, 3.0, 9.0)),
        ("patch key", owner.patch(&item(API_KEYS, 1), &name), (3, 3.0, 3.0)),
        ("patch source", owner.patch(&item(DATA_SOURCES, 1), &name), (3, 3.0, 3.0)),
        (
            "patch source's status",
            owner.patch(&item(DATA_SOURCES, 1), &json!({ "status": "paused" })),
            (3, 3.0, 5.0),
        ),
        ("patch dashboard", owner.patch(&item(DASHBOARDS, 1), &name), (3, 3.0, 5.0)),
        (
            "patch dashboard's widgets",
            owner.patch(&item(DASHBOARDS, 1), &json!({ "widgets": [widget::text("x")] })),
            (3, 3.0, 7.0),
        ),
        (
            "patch them over data",
            owner.patch(&item(DASHBOARDS, 2), &json!({ "widgets": again })),
            (3, 4.0, 5.0),
        ),
        ("duplicate", owner.request("POST", &action(DASHBOARDS, 1, "duplicate")), (3, 3.0, 9.0)),
        ("rotate", owner.request("POST", &action(API_KEYS, 2, "rotate")), (3, 3.0, 7.0)),
        ("delete key", owner.delete(&item(API_KEYS, 3)), (3, 3.0, 5.0)),
        ("delete source", owner.delete(&item(DATA_SOURCES, 3)), (3, 5.0, 7.0)),
        ("delete dashboard", owner.delete(&item(DASHBOARDS, 3)), (3, 3.0, 7.0)),
        ("create once", owner.post(DASHBOARDS, &dashboard).header("idempotency-key", "k"), (4, 3.0, 12.0)),
        // What it stored is stored no more.
        (
            "delete source with data",
            owner.delete(&format!("{}?force=true", item(DATA_SOURCES, source))),
            (3, 5.0, 7.0),
        ),
    ] {
        let (rounds, reads, writes) = cost(&wire, request).await;
        println!("{what}: {rounds} rounds, {reads} read units, {writes} write units");
        assert!(
            rounds <= budget.0 && reads <= budget.1 && writes <= budget.2,
            "{what}: {:?} > {budget:?}",
            (rounds, reads, writes)
        );
    }
}

#[tokio::test]
async fn every_page_costs_the_same() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    for _ in 0..60 {
        entities::dashboard(&owner, json!([])).await;
    }
    wire.hold(HOLD);
    tokio::time::pause();
    let page = |number: usize| owner.get(&format!("{DASHBOARDS}?page_size=5&page={number}"));
    let first = cost(&wire, page(1)).await;
    for number in 2..=12 {
        assert_eq!(cost(&wire, page(number)).await, first, "page {number}");
    }
}

#[tokio::test]
async fn what_a_handler_reads_first_goes_along_with_what_admission_reads() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let owner = app.user(Role::Owner).await;
    let key = entities::api_key(&owner, "read_only").await;
    key.get(STATUS).await;
    entities::dashboard(&owner, json!([])).await;
    let calls = async |request: TestRequest, status: u16| -> Vec<String> {
        wire.take_calls();
        assert_eq!(request.await.status, status);
        let mut operations: Vec<_> = wire.take_calls().into_iter().map(|call| call.operation).collect();
        operations.sort();
        operations
    };
    let source = entities::data_source(&owner).await;
    entities::imported(&app, &owner, source, "region,amount\nNorth,1\n").await;
    let query = json!({ "data_source": source, "query": { "measures": [{ "aggregation": "count" }] } });
    for actor in [&owner as &dyn Actor, &key] {
        let calls = calls(actor.post(ANALYTICS_QUERY, &query), 200).await;
        assert_eq!(
            calls,
            ["BatchGetItem", "UpdateItem"],
            "a query reads its data source along, and nothing after"
        );
    }
    let pie = json!([widget::pie(source)]);
    let path = action(DASHBOARDS, entities::dashboard(&owner, pie).await, "data");
    for actor in [&owner as &dyn Actor, &key] {
        let calls = calls(actor.get(&path), 200).await;
        let expected = ["BatchGetItem", "GetItem", "UpdateItem"];
        assert_eq!(
            calls, expected,
            "a dashboard's data reads the dashboard along, and its data source after"
        );
    }
    let own = item(API_KEYS, key.id);
    for path in [STATUS, &item(DASHBOARDS, 1), &own] {
        assert_eq!(calls(owner.get(path), 200).await, ["BatchGetItem", "UpdateItem"], "{path}");
    }
    let list = calls(owner.get(DASHBOARDS), 200).await;
    assert_eq!(list, ["BatchGetItem", "BatchGetItem", "UpdateItem"], "the directory, and then the rows");
    assert_eq!(
        calls(key.get(&own), 403).await,
        ["BatchGetItem", "UpdateItem"],
        "a batch may ask for a key once"
    );
}
