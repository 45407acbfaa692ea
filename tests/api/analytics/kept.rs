//! What was answered before is not computed again, and what a client has is not sent again.

use tests::entities;

use serde_json::json;
use tests::Actor;
use tests::paths::ANALYTICS_QUERY;

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
}
