//! Pages of a long list: the last must cost what the first does.

use std::time::{Duration, Instant};

use serde_json::json;
use shared::store::meter::{Meter, Reading};

use crate::AnyError;
use crate::api::Api;

const PAGE_SIZE: u64 = 20;
const REPETITIONS: usize = 51;

/// Fills an organization with dashboards and prints what pages of them cost.
pub(crate) async fn measure(rows: u64) -> Result<(), AnyError> {
    let mut api = Api::start().await?;
    let began = Instant::now();
    let body = json!({ "name": "Revenue", "status": "published", "description": "By region and month" });
    for _ in 0..rows {
        api.request("POST", "/api/dashboards/", Some(&body)).await?;
    }
    println!("{rows} dashboards made in {:.1} s", began.elapsed().as_secs_f64());
    println!();
    println!(
        "| page | filter | time (ms, median of {REPETITIONS}) | rounds | units | time / page 1 | units / page 1 |"
    );
    println!("|---|---|---|---|---|---|---|");

    let last = rows.div_ceil(PAGE_SIZE).max(1);
    for filter in ["", "status=published"] {
        let mut first = None;
        for page in [1, last.div_ceil(2), last] {
            let path = format!("/api/dashboards/?{filter}&page={page}&page_size={PAGE_SIZE}");
            let (time, Reading { rounds, read_units, write_units }) = cost(&mut api, &path).await?;
            let units = read_units + write_units;
            let (first_time, first_units) = *first.get_or_insert((time, units));
            println!(
                "| {page} | {} | {:.2} | {rounds} | {units} | {:.2} | {:.2} |",
                if filter.is_empty() { "none" } else { filter },
                time.as_secs_f64() * 1e3,
                time.as_secs_f64() / first_time.as_secs_f64(),
                units / first_units,
            );
        }
    }
    Ok(())
}

async fn cost(api: &mut Api, path: &str) -> Result<(Duration, Reading), AnyError> {
    let mut times = Vec::with_capacity(REPETITIONS);
    let mut reading = Reading::default();
    for _ in 0..REPETITIONS {
        let meter = Meter::default();
        let began = Instant::now();
        meter.measure(api.request("GET", path, None)).await?;
        times.push(began.elapsed());
        reading = meter.read();
    }
    times.sort_unstable();
    Ok((times[REPETITIONS / 2], reading))
}
