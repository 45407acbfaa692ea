//! Results of more rows than Athena gives at once.

use serde_json::json;

use super::Stage;

#[tokio::test]
async fn all_pages_are_read_and_the_limit_holds() {
    let stage = Stage::set().await;
    let row = |index: usize| vec![Some(format!("{index:05}")), Some("1".to_owned())];
    stage.athena.rows((0..2_500).map(row).collect());
    let query = json!({
        "dimensions": [{ "field": "country" }],
        "measures": [{ "aggregation": "count", "as": "n" }],
        "order_by": [{ "field": "country" }],
        "limit": 10_000,
    });
    let reply = stage.ask(query.clone()).await;
    assert_eq!(reply.body["row_count"], 2_500, "{:?}", reply.body["error"]);
    assert_eq!(reply.body["rows"][2_499], json!(["02499", 1]));
    assert_eq!(reply.body["truncated"], false);
    let mut limited = query;
    limited["limit"] = json!(1_200);
    let reply = stage.ask(limited).await;
    assert_eq!((&reply.body["row_count"], &reply.body["truncated"]), (&json!(1_200), &json!(true)));
}
