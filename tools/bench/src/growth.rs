//! Growth: what a long list costs against a short one, and many callers against one.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use serde_json::Value;
use shared::store::meter::{Meter, Reading};

use crate::AnyError;
use crate::api::Api;
use crate::budget::Budgets;
use crate::deployment::dashboard;
use crate::statistics::Samples;

/// How much more the last page may cost than the first.
const BUDGET: f64 = 1.2;

const PAGE_SIZE: u64 = 20;
const REPETITIONS: usize = 101;

/// What one request costs.
struct Cost {
    milliseconds: f64,
    reading: Reading,
}

/// Prints how pages, creates and admission grow.
pub(crate) async fn measure(rows: u64, budgets: &mut Budgets) -> Result<(), AnyError> {
    callers().await?;
    let mut api = Api::start().await?;
    let file = serde_json::json!({ "name": "bench", "type": "file", "engine": "csv" });
    api.request("POST", "/api/data-sources/", Some(&file)).await?;
    creates(&mut api, rows).await?;
    pages(&mut api, rows, budgets).await
}

/// Fills an organization, and prints what creates cost on the way.
async fn creates(api: &mut Api, rows: u64) -> Result<(), AnyError> {
    println!("\n## Creating the nth dashboard (median of {REPETITIONS})\n");
    println!(
        "| there are | ms | rounds | write units | time / first | units / first |\n|---|---|---|---|---|---|"
    );
    let (mut made, mut first) = (0, None);
    for count in [10, 1_000, 10_000].into_iter().filter(|count| *count < rows).chain([rows]) {
        // The last ones are those that are measured.
        let before = count.saturating_sub(REPETITIONS as u64).max(made);
        while made < before {
            api.request("POST", "/api/dashboards/", Some(&nth(made))).await?;
            made += 1;
        }
        let mut costs = Vec::new();
        while made < count {
            costs.push(cost(api, "POST", "/api/dashboards/", Some(nth(made))).await?);
            made += 1;
        }
        if let Some(cost) = median(costs) {
            print(&count.to_string(), &cost, cost.reading.write_units, &mut first);
        }
    }
    Ok(())
}

/// A dashboard that is published, but for a quarter of them without a pattern: a directory of ids in rows would be smaller
/// than any in use.
fn nth(number: u64) -> Value {
    let mut dashboard = dashboard();
    // Knuth's multiplicative hashing: the upper bits of multiples of 2^64 / φ.
    if number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62 == 0 {
        dashboard["status"] = "draft".into();
    }
    dashboard
}

/// Prints what pages cost, from the first to the last.
async fn pages(api: &mut Api, rows: u64, budgets: &mut Budgets) -> Result<(), AnyError> {
    println!("\n## Pages of {rows} dashboards (median of {REPETITIONS})\n");
    println!("| page | ms | rounds | read units | time / first | units / first |\n|---|---|---|---|---|---|");
    for filter in ["", "status=published"] {
        let list = api.request("GET", &format!("/api/dashboards/?{filter}"), None).await?;
        let last = list["count"].as_u64().ok_or("no count")?.div_ceil(PAGE_SIZE).max(1);
        let mut numbers = vec![1, 100, 1_000, last];
        numbers.retain(|number| *number <= last);
        numbers.dedup();
        // In turns, so that a slow moment of the machine falls on all alike.
        let mut costs: Vec<_> = numbers.iter().map(|_| Vec::new()).collect();
        for _ in 0..REPETITIONS {
            for (number, costs) in numbers.iter().zip(&mut costs) {
                let path = format!("/api/dashboards/?{filter}&page={number}&page_size={PAGE_SIZE}");
                costs.push(cost(api, "GET", &path, None).await?);
            }
        }
        let mut first = None;
        for (number, costs) in numbers.iter().zip(costs) {
            let Some(cost) = median(costs) else { continue };
            let name = if filter.is_empty() { number.to_string() } else { format!("{number}, {filter}") };
            let (time, units) = print(&name, &cost, cost.reading.read_units, &mut first);
            if *number == last {
                budgets.at_most(format!("time of page {name} / page 1"), "×", BUDGET, time);
                budgets.at_most(format!("units of page {name} / page 1"), "×", BUDGET, units);
            }
        }
    }
    Ok(())
}

/// Prints what admission costs while more and more callers are being counted.
async fn callers() -> Result<(), AnyError> {
    println!("\n## Admission among many callers (median of {REPETITIONS})\n");
    println!("| callers | ms | rounds | units | time / first | units / first |\n|---|---|---|---|---|---|");
    let mut api = Api::start().await?;
    let (mut counted, mut first) = (1, None);
    for count in [1, 1_000, 100_000_u64] {
        while counted < count {
            let batch = (counted..count.min(counted + 25)).map(counter).collect::<Result<Vec<_>, _>>()?;
            counted += batch.len() as u64;
            api.dynamodb.batch_write_item().request_items("counters", batch).send().await?;
        }
        let mut costs = Vec::new();
        for _ in 0..REPETITIONS {
            costs.push(cost(&mut api, "GET", "/api/auth/status/", None).await?);
        }
        if let Some(cost) = median(costs) {
            let units = cost.reading.read_units + cost.reading.write_units;
            print(&count.to_string(), &cost, units, &mut first);
        }
    }
    Ok(())
}

/// The counter of some caller.
fn counter(number: u64) -> Result<WriteRequest, AnyError> {
    let put = PutRequest::builder()
        .item("pk", AttributeValue::S(format!("user#{number}#1#1800000000")))
        .item("n", AttributeValue::N("1".to_owned()))
        .item("expires_at", AttributeValue::N("4102444800".to_owned()));
    Ok(WriteRequest::builder().put_request(put.build()?).build())
}

async fn cost(api: &mut Api, method: &str, path: &str, body: Option<Value>) -> Result<Cost, AnyError> {
    let meter = Meter::default();
    let began = Instant::now();
    meter.measure(api.request(method, path, body.as_ref())).await?;
    Ok(Cost { milliseconds: milliseconds(began.elapsed()), reading: meter.read() })
}

/// The median of the times; the last reading, which all have in common.
fn median(costs: Vec<Cost>) -> Option<Cost> {
    let reading = costs.last()?.reading;
    let samples = Samples::new(costs.into_iter().map(|cost| cost.milliseconds));
    Some(Cost { milliseconds: samples.median(), reading })
}

/// Prints a row. Returns its ratios to the first: time, units.
fn print(name: &str, cost: &Cost, units: f64, first: &mut Option<(f64, f64)>) -> (f64, f64) {
    let (first_time, first_units) = *first.get_or_insert((cost.milliseconds, units));
    let ratios = (cost.milliseconds / first_time, units / first_units);
    let (time, rounds) = (cost.milliseconds, cost.reading.rounds);
    println!("| {name} | {time:.2} | {rounds} | {units} | {:.2} | {:.2} |", ratios.0, ratios.1);
    ratios
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
