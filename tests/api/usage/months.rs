//! Months end in UTC, and are kept for thirteen.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::base::Timestamp;
use shared::store::credits;
use tests::paths::{STATUS, USAGE};
use tests::{Actor, TestApp, TestUser, table_names};

use super::{start, usage};

/// Lets time pass until then, and signs the user in again.
async fn at(app: &TestApp, user: &TestUser, time: &str) -> TestUser {
    let time: Timestamp = time.parse().unwrap();
    let seconds = u64::try_from(time.as_second() - app.clock.now()).unwrap();
    app.clock.advance(Duration::from_secs(seconds));
    user.sign_in().await
}

fn day<'a>(told: &'a Value, date: &str) -> &'a Value {
    let days = told["days"].as_array().unwrap();
    days.iter().find(|day| day["date"] == date).unwrap_or_else(|| panic!("no {date}: {told}"))
}

#[tokio::test]
async fn a_month_ends_at_midnight_in_utc() {
    let (app, owner) = start().await;
    let owner = at(&app, &owner, "2027-01-31T23:59:59Z").await;
    assert_eq!(owner.get(STATUS).await.status, 200);
    let last = usage(&owner).await;
    assert_eq!(
        (last["days"].as_array().unwrap().len(), &last["period"]["end"]),
        (31, &json!("2027-02-01T00:00:00Z"))
    );
    app.clock.advance(Duration::from_secs(1));
    for _ in 0..3 {
        assert_eq!(owner.get(STATUS).await.status, 200);
    }
    app.app.write_usage().await;
    let new = usage(&owner).await;
    assert_eq!(new["period"]["start"], "2027-02-01T00:00:00Z");
    assert_eq!(
        new["days"],
        json!([{ "date": "2027-02-01", "requests": 3, "queries": 0, "bytes_scanned": 0 }])
    );
    let old = owner.get(&format!("{USAGE}?month=2027-01")).await.body;
    assert_eq!(
        (old["days"].as_array().unwrap().len(), &day(&old, "2027-01-31")["requests"]),
        (31, &json!(2))
    );
}

#[tokio::test]
async fn credits_begin_anew_with_the_month() {
    let (app, owner) = start().await;
    let (store, organization) = (&app.app.store, app.organization_id());
    let owner = at(&app, &owner, "2027-02-28T23:59:59Z").await;
    let now = || app.app.clock.now();
    credits::give(store, organization, 3, now()).await.unwrap();
    let held = credits::reserve(store, organization, "one", 10, now()).await.unwrap();
    credits::settle(store, &held, 10, now()).await.unwrap();
    let over = credits::reserve(store, organization, "over midnight", 2, now()).await.unwrap();
    let expected = json!({ "limit": 13, "used": 12, "remaining": 1, "resets_at": "2027-03-01T00:00:00Z" });
    assert_eq!(usage(&owner).await["ai_credits"], expected);
    app.clock.advance(Duration::from_secs(1));
    let expected = json!({ "limit": 13, "used": 2, "remaining": 11, "resets_at": "2027-04-01T00:00:00Z" });
    assert_eq!(usage(&owner).await["ai_credits"], expected, "what is held stays held");
    credits::settle(store, &over, 2, now()).await.unwrap();
    assert_eq!(usage(&owner).await["ai_credits"], expected, "and counts where it is spent");
    assert_eq!(owner.get(STATUS).await.body["organization"]["ai_credits_remaining"], 11);
}

#[tokio::test]
async fn counts_are_kept_for_thirteen_months() {
    let (app, owner) = start().await;
    assert_eq!(owner.get(STATUS).await.status, 200);
    app.app.write_usage().await;
    let item = app
        .dynamodb
        .get_item()
        .table_name(table_names().counters)
        .set_key(Some(HashMap::from([(
            "pk".to_owned(),
            AttributeValue::S(format!("usage#{}#2027-01-15", app.organization_id())),
        )])))
        .send()
        .await
        .unwrap();
    let end: Timestamp = "2028-02-01T00:00:00Z".parse().unwrap();
    let expires_at = item.item.unwrap()["expires_at"].as_n().unwrap().clone();
    assert_eq!(expires_at, end.as_second().to_string(), "what DynamoDB deletes it by");
    let owner = at(&app, &owner, "2028-01-31T23:59:59Z").await;
    let january = owner.get(&format!("{USAGE}?month=2027-01")).await;
    assert_eq!(day(&january.body, "2027-01-15")["requests"], 1);
    app.clock.advance(Duration::from_secs(1));
    let over = owner.get(&format!("{USAGE}?month=2027-01")).await;
    assert_eq!(
        over.reasons("month"),
        "Must be a month from 2027-02 to 2028-02: usage is kept for 13 months."
    );
}
