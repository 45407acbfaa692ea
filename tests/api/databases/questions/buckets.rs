//! Buckets of time.

use serde_json::json;

use super::{GRAINS, Question, ZONES, agree, count, everything, of};

fn buckets(field: &str, grain: &str, zone: &str) -> Question {
    everything(json!({
        "dimensions": [{ "field": field, "grain": grain, "as": "bucket" }],
        "measures": [count(), of("sum", "price"), of("min", field), of("max", field)],
        "timezone": zone,
    }))
}

#[tokio::test]
async fn datetimes_are_in_the_buckets_of_the_zone_s_clocks() {
    let mut questions = Vec::new();
    for zone in ZONES {
        for grain in GRAINS {
            questions.push(buckets("at", grain, zone));
        }
    }
    for field in ["local_at", "stamp", "second", "odd_at"] {
        for grain in GRAINS {
            questions.push(buckets(field, grain, "America/New_York"));
        }
    }
    agree(questions).await;
}

#[tokio::test]
async fn dates_are_in_the_same_buckets_in_every_zone() {
    let mut questions = Vec::new();
    for grain in &GRAINS[1..] {
        for field in ["day", "far_day", "odd_day"] {
            questions.push(buckets(field, grain, "UTC"));
        }
        questions.push(buckets("day", grain, "Pacific/Apia"));
    }
    agree(questions).await;
}

#[tokio::test]
async fn the_first_and_the_last_instants_have_buckets() {
    let mut questions = Vec::new();
    for grain in GRAINS {
        questions.push(buckets("far", grain, "UTC"));
    }
    agree(questions).await;
}

#[tokio::test]
async fn buckets_go_with_other_dimensions() {
    let mut questions = Vec::new();
    for (grain, zone) in GRAINS.iter().zip(ZONES) {
        questions.push(everything(json!({
            "dimensions": [{ "field": "flag" }, { "field": "at", "grain": grain }, { "field": "day", "grain": "month" }],
            "measures": [count(), of("distinct_count", "name"), of("median", "price")],
            "timezone": zone,
            "totals": true,
        })));
    }
    agree(questions).await;
}
