//! What each endpoint costs: sequential round trips, and DynamoDB's units.

use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::{TestApp, TestRequest, Wire};
use tokio::time::Instant;

const HOLD: Duration = Duration::from_millis(50);

/// The budget of one request: rounds, read units, write units.
type Budget = (u128, f64, f64);

async fn cost(wire: &Wire, request: TestRequest) -> Budget {
    wire.take_calls();
    let started = Instant::now();
    let reply = request.send().await;
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
    let user = app.user(Role::Owner).await;
    let (_, key) = tests::entities::api_key(&user, "read_only").await.pair();
    app.get("/api/auth/status/").api_key(&key).send().await;
    let source = tests::entities::data_source(&user).await;
    let widgets = json!([tests::widget::pie(source)]);
    for _ in 0..3 {
        tests::entities::dashboard(&user, widgets.clone()).await;
        tests::entities::data_source(&user).await;
        tests::entities::api_key(&user, "read_only").await.pair();
    }
    wire.hold(HOLD);
    tokio::time::pause();

    let login = json!({ "email": user.user.email, "password": tests::PASSWORD });
    let by_token = |method, path: &str| app.request(method, path).token(&user.access);
    let by_key = |path: &str| app.get(path).api_key(&key);
    let file = json!({ "name": "x", "type": "file", "engine": "csv" });
    let dashboard = json!({ "name": "x", "widgets": widgets });
    let name = json!({ "name": "y" });
    // Reads are of items up to 4 KB a unit, writes of 1 KB; a transaction counts twice.
    for (what, request, budget) in [
        ("health", app.get("/api/health/"), (1, 0.5, 0.0)),
        ("login", app.post("/api/auth/login/").json(&login), (2, 2.0, 2.0)),
        (
            "refresh",
            app.post("/api/auth/token/refresh/").json(&json!({ "refresh": user.refresh })),
            (1, 1.0, 1.0),
        ),
        ("status", by_token("GET", "/api/auth/status/"), (1, 2.0, 1.0)),
        ("status by key", by_key("/api/auth/status/"), (1, 3.0, 1.0)),
        ("get key", by_token("GET", "/api/api-keys/1/"), (1, 2.0, 1.0)),
        ("get source", by_token("GET", "/api/data-sources/1/"), (1, 2.0, 1.0)),
        ("get dashboard", by_token("GET", "/api/dashboards/1/"), (1, 2.0, 1.0)),
        ("get dashboard by key", by_key("/api/dashboards/1/"), (1, 3.0, 1.0)),
        ("list keys", by_token("GET", "/api/api-keys/"), (2, 6.0, 1.0)),
        ("list sources", by_token("GET", "/api/data-sources/"), (2, 6.0, 1.0)),
        ("list dashboards", by_token("GET", "/api/dashboards/"), (2, 5.0, 1.0)),
        ("create key", by_token("POST", "/api/api-keys/").json(&name), (3, 2.0, 5.0)),
        ("create source", by_token("POST", "/api/data-sources/").json(&file), (3, 2.0, 5.0)),
        ("create dashboard", by_token("POST", "/api/dashboards/").json(&dashboard), (3, 2.0, 9.0)),
        ("patch key", by_token("PATCH", "/api/api-keys/1/").json(&name), (3, 3.0, 3.0)),
        ("patch source", by_token("PATCH", "/api/data-sources/1/").json(&name), (3, 3.0, 3.0)),
        (
            "patch source's status",
            by_token("PATCH", "/api/data-sources/1/").json(&json!({ "status": "paused" })),
            (3, 3.0, 5.0),
        ),
        ("patch dashboard", by_token("PATCH", "/api/dashboards/1/").json(&name), (3, 3.0, 5.0)),
        ("duplicate", by_token("POST", "/api/dashboards/1/duplicate/"), (3, 3.0, 9.0)),
        ("rotate", by_token("POST", "/api/api-keys/2/rotate/"), (3, 3.0, 7.0)),
        ("delete key", by_token("DELETE", "/api/api-keys/3/"), (3, 3.0, 5.0)),
        ("delete source", by_token("DELETE", "/api/data-sources/3/"), (3, 4.0, 7.0)),
        ("delete dashboard", by_token("DELETE", "/api/dashboards/3/"), (3, 3.0, 7.0)),
        (
            "create once",
            by_token("POST", "/api/dashboards/").header("idempotency-key", "k").json(&dashboard),
            (4, 2.0, 12.0),
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
    let user = app.user(Role::Owner).await;
    for _ in 0..60 {
        tests::entities::dashboard(&user, json!([])).await;
    }
    wire.hold(HOLD);
    tokio::time::pause();
    let page =
        |number: usize| app.get(&format!("/api/dashboards/?page_size=5&page={number}")).token(&user.access);
    let first = cost(&wire, page(1)).await;
    for number in 2..=12 {
        assert_eq!(cost(&wire, page(number)).await, first, "page {number}");
    }
}

#[tokio::test]
async fn what_a_handler_reads_first_goes_along_with_what_admission_reads() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    let user = app.user(Role::Owner).await;
    let (id, key) = tests::entities::api_key(&user, "read_only").await.pair();
    app.get("/api/auth/status/").api_key(&key).send().await;
    tests::entities::dashboard(&user, json!([])).await;
    let calls = async |request: TestRequest, status: u16| -> Vec<String> {
        wire.take_calls();
        assert_eq!(request.send().await.status, status);
        let mut operations: Vec<_> = wire.take_calls().into_iter().map(|call| call.operation).collect();
        operations.sort();
        operations
    };
    let by_token = |path: &str| app.get(path).token(&user.access);
    for path in ["/api/auth/status/", "/api/dashboards/1/", &format!("/api/api-keys/{id}/")] {
        assert_eq!(calls(by_token(path), 200).await, ["BatchGetItem", "UpdateItem"], "{path}");
    }
    let list = calls(by_token("/api/dashboards/"), 200).await;
    assert_eq!(list, ["BatchGetItem", "BatchGetItem", "UpdateItem"], "the directory, and then the rows");
    let own = app.get(&format!("/api/api-keys/{id}/")).api_key(&key);
    assert_eq!(calls(own, 403).await, ["BatchGetItem", "UpdateItem"], "a batch may ask for a key once");
}
