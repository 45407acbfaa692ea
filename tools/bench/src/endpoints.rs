//! What each endpoint costs: sequential round trips and units of DynamoDB, and dollars.

use serde_json::{Value, json};
use shared::store::meter::{Meter, Reading};

use crate::AnyError;
use crate::api::Api;
use crate::budget::Budgets;
use crate::deployment::dashboard;

/// List prices in us-east-1, in dollars; docs/performance.md has the sources and their date.
mod price {
    /// A REST API's request.
    pub(super) const GATEWAY: f64 = 3.50e-6;
    /// A Lambda request.
    pub(super) const REQUEST: f64 = 0.20e-6;
    /// A GB-second of Lambda on arm64.
    pub(super) const GB_SECOND: f64 = 0.000_013_333_4;
    /// A read request unit, on demand.
    pub(super) const READ_UNIT: f64 = 0.125e-6;
    /// A write request unit, on demand.
    pub(super) const WRITE_UNIT: f64 = 0.625e-6;
    /// A GB of logs.
    pub(super) const LOG_GB: f64 = 0.50;
}

/// Milliseconds of a round trip to DynamoDB in a region, and of everything else, as they are billed.
const ROUND_MS: f64 = 5.0;
const OWN_MS: f64 = 1.0;

/// Bytes that a request writes to logs: access log, request line, metrics.
const LOG_BYTES: f64 = 1_200.0;

struct Endpoint {
    method: &'static str,
    path: &'static str,
    body: Option<Value>,
    /// Of its function, in GB (template.yaml).
    memory: f64,
    /// How many rounds it may take.
    rounds: u32,
}

fn endpoints() -> Vec<Endpoint> {
    let file = json!({ "name": "x", "type": "file", "engine": "csv" });
    let credentials = json!({ "email": "you@example.com", "password": local::demo::PASSWORD });
    let name = json!({ "name": "y" });
    let row = |method, path, body, memory, rounds| Endpoint { method, path, body, memory, rounds };
    vec![
        row("POST", "/api/auth/login/", Some(credentials), 1.769, 2),
        row("GET", "/api/auth/status/", None, 0.512, 1),
        row("GET", "/api/usage/", None, 0.512, 1),
        row("GET", "/api/api-keys/", None, 0.512, 2),
        row("POST", "/api/api-keys/", Some(name.clone()), 0.512, 3),
        row("GET", "/api/api-keys/1/", None, 0.512, 1),
        row("PATCH", "/api/api-keys/1/", Some(name.clone()), 0.512, 3),
        row("POST", "/api/api-keys/1/rotate/", Some(json!({})), 0.512, 3),
        row("DELETE", "/api/api-keys/1/", None, 0.512, 3),
        row("GET", "/api/data-sources/", None, 0.512, 2),
        row("POST", "/api/data-sources/", Some(file), 0.512, 3),
        row("GET", "/api/data-sources/1/", None, 0.512, 1),
        row("PATCH", "/api/data-sources/1/", Some(name.clone()), 0.512, 3),
        row("GET", "/api/dashboards/", None, 0.512, 2),
        row("POST", "/api/dashboards/", Some(dashboard()), 0.512, 3),
        row("GET", "/api/dashboards/1/", None, 0.512, 1),
        row("PATCH", "/api/dashboards/1/", Some(name), 0.512, 3),
        row("POST", "/api/dashboards/1/duplicate/", Some(json!({})), 0.512, 3),
        row("DELETE", "/api/dashboards/1/", None, 0.512, 3),
        row("DELETE", "/api/data-sources/2/", None, 0.512, 3),
    ]
}

/// Calls each endpoint once, in an organization with one of each entity.
pub(crate) async fn measure(budgets: &mut Budgets) -> Result<(), AnyError> {
    let mut api = Api::start().await?;
    let key = api.request("POST", "/api/api-keys/", Some(&json!({ "name": "bench" }))).await?;
    let key = key["key"].as_str().ok_or("no key")?.to_owned();
    for _ in 0..2 {
        let file = json!({ "name": "bench", "type": "file", "engine": "csv" });
        api.request("POST", "/api/data-sources/", Some(&file)).await?;
    }
    api.request("POST", "/api/dashboards/", Some(&dashboard())).await?;
    // Signing in and the first request fill caches.
    api.request("GET", "/api/auth/status/", None).await?;

    // Its first use is noted.
    api.get_by_key("/api/auth/status/", &key).await?;
    let meter = Meter::default();
    meter.measure(api.get_by_key("/api/dashboards/1/", &key)).await?;
    let by_key = meter.read();
    budgets.at_most("read units of an admitted GET, by API key", "", 3.0, by_key.read_units);
    budgets.at_most("write units of an admitted GET, by API key", "", 1.0, by_key.write_units);

    println!("\n## Endpoints, by token\n");
    println!("| endpoint | rounds | read units | write units | $ per million |\n|---|---|---|---|---|");
    for Endpoint { method, path, body, memory, rounds: budget } in endpoints() {
        let meter = Meter::default();
        meter.measure(api.request(method, path, body.as_ref())).await?;
        let Reading { rounds, read_units, write_units, .. } = meter.read();
        let rounds = f64::from(u32::try_from(rounds)?);
        let dollars = dollars(rounds, read_units, write_units, memory, path.ends_with("/login/"));
        println!("| {method} {path} | {rounds} | {read_units} | {write_units} | {:.2} |", dollars * 1e6);
        budgets.at_most(format!("round trips of {method} {path}"), "", budget.into(), rounds);
        if path == "/api/dashboards/1/" && method == "GET" {
            budgets.at_most("read units of an admitted GET, by token", "", 2.0, read_units);
            budgets.at_most("write units of an admitted GET, by token", "", 1.0, write_units);
        }
    }
    Ok(())
}

fn dollars(rounds: f64, read_units: f64, write_units: f64, memory: f64, hashes: bool) -> f64 {
    // Argon2id at 19 MiB and two passes, on one vCPU.
    let hashing_ms = if hashes { 25.0 } else { 0.0 };
    let seconds = (rounds * ROUND_MS + OWN_MS + hashing_ms) / 1e3;
    price::GATEWAY
        + price::REQUEST
        + price::GB_SECOND * memory * seconds
        + price::READ_UNIT * read_units
        + price::WRITE_UNIT * write_units
        + price::LOG_GB * LOG_BYTES / 1e9
}
