//! Results of more rows than Athena gives at once: read from the object that they are put in, or page by page.

use serde_json::{Value, json};
use tests::ServiceFault;

use super::Stage;

/// Groups of orders, as many as the limit allows.
fn groups(limit: usize) -> Value {
    json!({
        "dimensions": [{ "field": "country" }],
        "measures": [{ "aggregation": "count", "as": "n" }],
        "order_by": [{ "field": "country" }],
        "limit": limit,
    })
}

/// Rows of texts that only some readers of CSV take for what they are, in the order of their bytes, and null.
fn rows(count: usize) -> Vec<Vec<Option<String>>> {
    let ends = ["", "\"", "\",\"", ",\n", "\r\n\"\"", "🎉", ";"];
    let named = (0..count - 2).map(|index| Some(format!("{index:05}{}", ends[index % ends.len()])));
    let names = std::iter::once(Some(String::new())).chain(named).chain([None]);
    names.map(|name| vec![name, Some("1".to_owned())]).collect()
}

/// What Athena puts into the bucket.
fn object(rows: &[Vec<Option<String>>]) -> String {
    let value = |value: &Option<String>| {
        value.as_ref().map_or_else(String::new, |text| format!("\"{}\"", text.replace('"', "\"\"")))
    };
    let line = |row: &Vec<Option<String>>| row.iter().map(value).collect::<Vec<_>>().join(",") + "\n";
    "\"_col0\",\"_col1\"\n".to_owned() + &rows.iter().map(line).collect::<String>()
}

/// What a query answers with those rows.
fn answer(rows: &[Vec<Option<String>>]) -> Value {
    rows.iter().map(|row| json!([row[0], 1])).collect()
}

#[tokio::test]
async fn all_pages_are_read_and_the_limit_holds() {
    let stage = Stage::set().await;
    stage.athena.rows(rows(2_500));
    let reply = stage.ask(groups(10_000)).await;
    assert_eq!(reply.body["row_count"], 2_500, "{:?}", reply.body["error"]);
    assert_eq!(reply.body["rows"], answer(&rows(2_500)));
    assert_eq!(reply.body["truncated"], false);
    let reply = stage.ask(groups(1_200)).await;
    assert_eq!((&reply.body["row_count"], &reply.body["truncated"]), (&json!(1_200), &json!(true)));
}

/// As whom the API itself is, whose keys the bucket knows, too.
async fn stage() -> Stage {
    let stage = Stage::over(json!({})).await;
    stage.athena.rows(rows(2_500));
    stage.athena.output("s3://results/of athena/", ".csv");
    tokio::time::pause();
    stage
}

#[tokio::test]
async fn what_is_more_than_a_page_is_read_from_its_object() {
    let stage = stage().await;
    stage.app.put_object("results", "of athena/execution-0.csv", object(&rows(2_500)));
    let reply = stage.ask(groups(10_000)).await;
    assert_eq!(reply.body["rows"], answer(&rows(2_500)), "{:?}", reply.body["error"]);
    assert_eq!(stage.athena.take_pages(), 1);

    // A single page needs no object.
    stage.athena.rows(rows(900));
    let reply = stage.ask(groups(9_999)).await;
    assert_eq!(reply.body["rows"], answer(&rows(900)));
    assert_eq!(stage.athena.take_pages(), 1);
}

#[tokio::test]
async fn what_s3_does_not_give_whole_is_read_page_by_page() {
    let stage = stage().await;
    let whole = object(&rows(2_500));
    let half = &whole[..whole.floor_char_boundary(whole.len() / 2)];
    let of = |limit: usize| format!("of athena/execution-{}.csv", 10_000 - limit);
    let read = async |limit: usize| {
        let reply = stage.ask(groups(limit)).await;
        assert_eq!(reply.body["rows"], answer(&rows(2_500)), "{limit}: {:?}", reply.body["error"]);
        assert_eq!(stage.athena.take_pages(), 3, "{limit}");
    };
    // It is not there; it ends within a value; a row lacks a value; it is something else.
    read(10_000).await;
    let others = [half.trim_end_matches(['\n', '"', ',']).to_owned(), format!("{whole}\n"), "{}".to_owned()];
    for (limit, other) in [9_999, 9_998, 9_997].into_iter().zip(others) {
        stage.app.put_object("results", &of(limit), other);
        read(limit).await;
    }
    // S3 refuses it, breaks off, or does not answer.
    let faults = [ServiceFault::Refused(403, "AccessDenied"), ServiceFault::Truncated, ServiceFault::Hang];
    for (limit, fault) in [9_996, 9_995, 9_994].into_iter().zip(faults) {
        stage.app.put_object("results", &of(limit), &whole);
        stage.app.bucket.fail(move |call| call.uri.starts_with("/results/").then_some(fault));
        read(limit).await;
    }
    // No object of a bucket.
    stage.app.bucket.fail(|call| {
        assert!(call.uri.starts_with("/claribi-files/"), "{} is not called", call.uri);
        None
    });
    for (limit, (before, after)) in
        [("s3://evil.example:80/", ".csv"), ("https://results/", ".csv"), ("s3://results/", ".txt")]
            .into_iter()
            .enumerate()
    {
        stage.athena.output(before, after);
        read(9_993 - limit).await;
    }
}
