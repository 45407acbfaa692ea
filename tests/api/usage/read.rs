//! `GET /api/usage/`

use serde_json::{Value, json};
use shared::model::{Plan, Role};
use tests::paths::{ANALYTICS_QUERY, USAGE};
use tests::{Actor, TestApp, entities};

use super::{start, usage};

#[tokio::test]
async fn it_tells_what_was_used_and_what_is_left() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Professional).await;
    let source = entities::data_source(&owner).await;
    entities::imported(&app, &owner, source, "n\n1\n2\n").await;
    let query =
        json!({ "data_source": source, "query": { "measures": [{ "field": "n", "aggregation": "sum" }] } });
    for _ in 0..2 {
        assert_eq!(owner.post(ANALYTICS_QUERY, &query).await.status, 200);
    }
    app.app.write_usage().await;
    let told = usage(&owner).await;
    let stored = told["storage_bytes"]["used"].as_u64().unwrap();
    let scanned = told["queries"]["bytes_scanned"].as_u64().unwrap();
    assert!(stored > 500 && scanned > 10, "{told}");
    let mut days: Vec<Value> = (1..=15)
        .map(|day| json!({ "date": format!("2027-01-{day:02}"), "requests": 0, "queries": 0, "bytes_scanned": 0 }))
        .collect();
    // Making the source and the import, looking at that, and asking twice.
    days[14] = json!({ "date": "2027-01-15", "requests": 5, "queries": 2, "bytes_scanned": scanned });
    let expected = json!({
        "plan": "professional",
        "period": { "start": "2027-01-01T00:00:00Z", "end": "2027-02-01T00:00:00Z" },
        "ai_credits": { "limit": 1500, "used": 0, "remaining": 1500, "resets_at": "2027-02-01T00:00:00Z" },
        "data_sources": { "used": 1, "limit": 15 },
        "storage_bytes": { "used": stored, "limit": 10_000_000_000_u64 },
        "users": { "used": 1, "limit": 15 },
        "reports": { "runs": 0 },
        "queries": { "count": 2, "cached": 1, "rows_scanned": 2, "bytes_scanned": scanned },
        "days": days,
    });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn an_unlimited_plan_has_no_limit_of_storage() {
    let (_, owner) = start().await;
    let told = usage(&owner).await;
    assert_eq!(told["storage_bytes"], json!({ "used": 0, "limit": null }));
    assert_eq!(told["ai_credits"]["limit"], 10, "as given");
}

#[tokio::test]
async fn a_month_is_one_that_is_kept() {
    let (_, owner) = start().await;
    for month in ["2027-01", "2026-12", "2026-01"] {
        let reply = owner.get(&format!("{USAGE}?month={month}")).await;
        assert_eq!(reply.status, 200, "{month}");
        assert_eq!(reply.body["period"]["start"], format!("{month}-01T00:00:00Z"));
    }
    for month in ["2025-12", "2027-02", "9999-12", "0001-01"] {
        let reasons = owner.get(&format!("{USAGE}?month={month}")).await.reasons("month");
        assert_eq!(
            reasons, "Must be a month from 2026-01 to 2027-01: usage is kept for 13 months.",
            "{month}"
        );
    }
    for month in ["", "2027", "2027-13", "2027-1", "january", "2027-01-01"] {
        let reasons = owner.get(&format!("{USAGE}?month={month}")).await.reasons("month");
        assert_eq!(reasons, "Must be a month, like 2026-11.", "{month}");
    }
    let unknown = owner.get(&format!("{USAGE}?mont=2027-01")).await;
    assert!(unknown.reasons("mont").contains("month"), "{unknown:?}");
}

#[tokio::test]
async fn owners_and_administrators_may_read_it_and_nobody_reads_another_organization_s() {
    let (app, owner) = start().await;
    entities::data_source(&owner).await;
    for (role, status) in
        [(Role::Administrator, 200), (Role::Analyst, 403), (Role::Member, 403), (Role::Viewer, 403)]
    {
        assert_eq!(app.user(role).await.get(USAGE).await.status, status, "{role:?}");
    }
    let key = entities::api_key(&owner, "read_only").await;
    assert_eq!(key.get(USAGE).await.status, 200);
    app.app.write_usage().await;

    let other: TestApp = app.another_organization().await;
    let stranger = other.user(Role::Owner).await;
    let told = usage(&stranger).await;
    assert_eq!((&told["data_sources"]["used"], &told["users"]["used"]), (&json!(0), &json!(1)));
    assert!(told["days"].as_array().unwrap().iter().all(|day| day["requests"] == 0), "{told}");
}
