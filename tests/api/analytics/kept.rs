//! What was answered before is not computed again, and what a client has is not sent again.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use shared::store::files::results_prefix;
use tests::Actor;
use tests::entities;
use tests::paths::{ANALYTICS_QUERY, DATA_SOURCES, item};

use super::{ORDERS, ask, revenue_by_country, start};

#[tokio::test]
async fn asked_again_an_answer_is_kept_until_the_data_changes() {
    let (app, analyst, source) = start().await;
    let first = ask(&analyst, source, &revenue_by_country()).await;
    assert_eq!(first.body["cached"], false);
    let again = ask(&analyst, source, &revenue_by_country()).await;
    assert_eq!((&again.body["cached"], &again.body["rows"]), (&json!(true), &first.body["rows"]));

    let body = json!({ "data_source": source, "query": revenue_by_country() });
    let tag = first.header("etag").unwrap().to_owned();
    let known = analyst.post(ANALYTICS_QUERY, &body).header("if-none-match", &tag).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    assert_eq!(known.header("etag"), Some(&*tag));

    entities::imported(&app, &analyst, source, &format!("{ORDERS}2026-03-01,IT,1\n")).await;
    let changed = analyst.post(ANALYTICS_QUERY, &body).header("if-none-match", &tag).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.body["rows"], json!([["DE", 26.75], ["FR", 20], ["IT", 1]]));
    assert_ne!(changed.body["data_version"], first.body["data_version"]);
}

#[tokio::test]
async fn who_asks_the_same_at_once_gets_the_same() {
    let (_app, analyst, source) = start().await;
    let query = revenue_by_country();
    let replies = futures_util::future::join_all((0..32).map(|_| ask(&analyst, source, &query))).await;
    for reply in &replies {
        assert_eq!((reply.status, &reply.body["rows"]), (200, &json!([["DE", 26.75], ["FR", 20]])));
    }
    assert_eq!(replies.iter().filter(|reply| reply.body["cached"] == false).count(), 1);
}

/// All that an answer has, of each type that a column can have, and more rows than it shows.
fn everything() -> Value {
    json!({
        "dimensions": [
            { "field": "ordered_at", "grain": "month", "as": "month" },
            { "field": "country" },
        ],
        "measures": [
            { "field": "amount", "aggregation": "sum", "as": "revenue" },
            { "field": "amount", "aggregation": "average", "as": "mean" },
            { "field": "country", "aggregation": "min", "as": "first" },
            { "field": "ordered_at", "aggregation": "max", "as": "latest" },
            { "aggregation": "count", "as": "orders" },
        ],
        "top": { "dimension": "country", "by": "revenue", "count": 1, "other": true },
        "totals": true,
        "limit": 2,
    })
}

#[tokio::test]
async fn another_instance_finds_the_answer_in_the_bucket() {
    let (app, analyst, source) = start().await;
    let first = ask(&analyst, source, &everything()).await;
    assert_eq!(first.body["cached"], false, "{first:?}");
    app.after_answer().await;

    let instance = app.another_instance();
    let elsewhere = analyst.at(&instance.instance());
    let again = ask(&elsewhere, source, &everything()).await;
    let mut expected = first.body.clone();
    expected["cached"] = true.into();
    assert_eq!(again.body, expected);
    for accept in ["text/csv", "application/vnd.apache.arrow.stream"] {
        let body = json!({ "data_source": source, "query": everything() });
        let known = analyst.post(ANALYTICS_QUERY, &body).header("accept", accept).await;
        let new = elsewhere.post(ANALYTICS_QUERY, &body).header("accept", accept).await;
        assert_eq!((new.status, &new.bytes), (200, &known.bytes), "{accept}");
        assert_eq!(new.header("x-truncated"), known.header("x-truncated"));
    }
}

#[tokio::test]
async fn what_is_kept_in_the_bucket_may_be_damaged_or_gone() {
    let (app, analyst, source) = start().await;
    let first = ask(&analyst, source, &revenue_by_country()).await;
    app.after_answer().await;
    let files = app.stores().files;
    let organization = app.organization_id();
    let kept = files.list(&results_prefix(organization, source.into())).await.unwrap();
    let [key] = &kept[..] else { panic!("{kept:?}") };
    let whole = files.get(key).await.unwrap().unwrap();
    for damaged in [&b""[..], b"not Arrow", &whole[..whole.len() / 2], &whole[..whole.len() - 60]] {
        files.put(key.clone(), "application/octet-stream", damaged.to_vec()).await.unwrap();
        let again = ask(&analyst.at(&app.another_instance().instance()), source, &revenue_by_country()).await;
        assert_eq!((again.status, &again.body["rows"]), (200, &first.body["rows"]), "{again:?}");
        assert_eq!(again.body["cached"], false);
    }
}

#[tokio::test]
async fn what_was_answered_goes_with_its_data_source() {
    let (app, analyst, source) = start().await;
    ask(&analyst, source, &revenue_by_country()).await;
    app.after_answer().await;
    let prefix = results_prefix(app.organization_id(), source.into());
    let files = app.stores().files;
    assert_eq!(files.list(&prefix).await.unwrap().len(), 1);
    let owner = app.user(Role::Owner).await;
    assert_eq!(owner.delete(&item(DATA_SOURCES, source)).await.status, 204);
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    assert_eq!(files.list(&prefix).await.unwrap(), Vec::<String>::new());
}
