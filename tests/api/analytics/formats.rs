//! The same rows as JSON, CSV and Arrow.

use serde_json::json;
use tests::Actor;
use tests::paths::ANALYTICS_QUERY;

use super::{revenue_by_country, start};

#[tokio::test]
async fn rows_come_as_csv() {
    let (_app, analyst, source) = start().await;
    let body = json!({ "data_source": source, "query": revenue_by_country() });
    let csv = analyst.post(ANALYTICS_QUERY, &body).header("accept", "text/csv").await;
    assert_eq!((csv.status, csv.header("content-type")), (200, Some("text/csv")));
    assert_eq!(csv.body, "country,revenue\r\nDE,26.75\r\nFR,20\r\n");
    assert_eq!(csv.header("x-truncated"), Some("false"));
    let json = analyst.post(ANALYTICS_QUERY, &body).header("accept", "application/json").await;
    assert_ne!(json.header("etag"), csv.header("etag"), "another format is another representation");
    assert_eq!(json.header("vary"), Some("accept"));
}

#[tokio::test]
async fn rows_come_as_arrow() {
    let (_app, analyst, source) = start().await;
    let body = json!({ "data_source": source, "query": revenue_by_country() });
    let arrow =
        analyst.post(ANALYTICS_QUERY, &body).header("accept", "application/vnd.apache.arrow.stream").await;
    assert_eq!(
        (arrow.status, arrow.header("content-type")),
        (200, Some("application/vnd.apache.arrow.stream"))
    );
    // A stream of messages, each after a mark and its size.
    assert_eq!(arrow.bytes[..4], [0xFF; 4]);
}
