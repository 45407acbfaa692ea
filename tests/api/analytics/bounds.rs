//! What keeps queries apart: organizations, versions of the data, names that are like any other.

use std::time::Duration;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::ANALYTICS_QUERY;
use tests::{Actor, TestApp, entities};

use super::{ask, start};

#[tokio::test]
async fn nobody_is_answered_from_what_another_organization_was() {
    let app = TestApp::start().await;
    let other = app.another_organization().await;
    let query = json!({ "measures": [{ "field": "amount", "aggregation": "sum", "as": "sum" }] });
    let body = json!({ "data_source": 1, "query": query });
    let mut tags = Vec::new();
    for (app, amount) in [(&app, 1), (&other, 2)] {
        let analyst = app.user(Role::Analyst).await;
        assert_eq!(entities::data_source(&analyst).await, 1);
        entities::imported(app, &analyst, 1, &format!("amount\n{amount}\n")).await;
    }
    for (owner, amount) in [(&app, 1), (&other, 2)] {
        // One instance answers both.
        let analyst = owner.user(Role::Analyst).await.at(&app.instance());
        for cached in [false, true] {
            let reply = ask(&analyst, 1, &query).await;
            assert_eq!((&reply.body["rows"], &reply.body["cached"]), (&json!([[amount]]), &json!(cached)));
            tags.push(reply.header("etag").unwrap().to_owned());
        }
        let known = analyst.post(ANALYTICS_QUERY, &body).header("if-none-match", &tags[0]).await;
        assert_eq!(known.status, if amount == 1 { 304 } else { 200 });
    }
    assert_ne!(tags[0], tags[2]);
}

#[tokio::test]
async fn each_answer_is_wholly_of_one_version() {
    let (app, analyst, source) = start().await;
    // Each version has its number in as many rows.
    let file = |version: usize| format!("amount,same\n{}", format!("{version},{version}\n").repeat(version));
    entities::imported(&app, &analyst, source, &file(1)).await;
    let query = |turn: usize| {
        let of = |field: &str, aggregation: &str| json!({ "field": field, "aggregation": aggregation });
        json!({
            "measures": [
                of("amount", "min"), of("same", "max"), of("amount", "distinct_count"),
                { "aggregation": "count", "as": format!("count_{turn}") },
            ],
            "totals": true,
        })
    };
    let imports = async {
        for version in 2..=8 {
            entities::imported(&app, &analyst, source, &file(version)).await;
            tokio::time::sleep(Duration::ZERO).await;
        }
    };
    let queries = async {
        let mut seen = Vec::new();
        for turn in 0..120 {
            let reply = ask(&analyst, source, &query(turn % 40)).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            let version = reply.body["rows"][0][0].as_u64().unwrap();
            let row = json!([version, version, 1, version]);
            assert_eq!((&reply.body["rows"], &reply.body["totals"]), (&json!([row]), &row));
            let import = format!("{}-", version + 1);
            assert!(reply.body["data_version"].as_str().unwrap().starts_with(&import), "{reply:?}");
            seen.push(version);
        }
        seen
    };
    let (seen, ()) = tokio::join!(queries, imports);
    assert!(seen.is_sorted(), "an older version was seen after a newer one: {seen:?}");
    let last = ask(&analyst, source, &query(0)).await;
    assert_eq!(last.body["rows"], json!([[8, 8, 1, 8]]));
}

#[tokio::test]
async fn columns_may_be_called_whatever_a_header_says() {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    let names = [
        "a \"quoted\" name",
        "x'; DROP TABLE data; --",
        "🙂 ünï",
        "العربية",
        "with, comma",
        "k0",
        "a0",
        "count(*)",
        "\\",
        "$1 `b` [c]",
    ];
    let quoted = names.map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
    let file = format!("{}\n{}\n{}\n", quoted.join(","), ["1"; 10].join(","), ["2"; 10].join(","));
    entities::imported(&app, &analyst, source, &file).await;
    for name in names {
        let query = json!({
            "dimensions": [{ "field": name }],
            "measures": [{ "field": name, "aggregation": "sum", "as": "s" }, { "field": name, "aggregation": "median", "as": name.repeat(2) }],
            "filters": [{ "field": name, "operator": "gte", "values": [1] }],
            "having": [{ "field": name.repeat(2), "operator": "lte", "values": [2] }],
            "order_by": [{ "field": "s", "direction": "desc" }],
        });
        let reply = ask(&analyst, source, &query).await;
        assert_eq!(
            (reply.status, &reply.body["rows"]),
            (200, &json!([[2, 2, 2], [1, 1, 1]])),
            "{name}: {reply:?}"
        );
        assert_eq!(reply.body["columns"][0]["name"], name);
    }
}

#[tokio::test]
async fn a_table_may_have_a_thousand_columns() {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    let row = |of: &dyn Fn(u32) -> String| (0..1_000).map(of).collect::<Vec<_>>().join(",");
    let header = row(&|column| format!("c{column}"));
    let rows = [1, 2, 3].map(|number| row(&|column| (column * number).to_string()));
    entities::imported(&app, &analyst, source, &format!("{header}\n{}\n", rows.join("\n"))).await;
    let measures: Vec<Value> = (0..20)
        .map(|index| json!({ "field": format!("c{}", index * 50 + 49), "aggregation": "sum" }))
        .collect();
    let reply = ask(&analyst, source, &json!({ "measures": measures })).await;
    let expected: Vec<u32> = (0..20).map(|index| (index * 50 + 49) * 6).collect();
    assert_eq!((reply.status, &reply.body["rows"]), (200, &json!([expected])), "{reply:?}");
}

#[tokio::test]
async fn no_more_than_10_000_rows_can_be_asked_for_and_truncation_is_told() {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    let rows: Vec<_> = (0..10_050).map(|row| row.to_string()).collect();
    entities::imported(&app, &analyst, source, &format!("n\n{}\n", rows.join("\n"))).await;
    let query = |limit: u32| json!({ "dimensions": [{ "field": "n" }], "limit": limit });
    let reply = ask(&analyst, source, &query(10_000)).await;
    assert_eq!((&reply.body["row_count"], &reply.body["truncated"]), (&json!(10_000), &json!(true)));
    let reply = ask(&analyst, source, &json!({ "dimensions": [{ "field": "n" }] })).await;
    assert_eq!((&reply.body["row_count"], &reply.body["truncated"]), (&json!(1_000), &json!(true)));
    assert_eq!(ask(&analyst, source, &query(10_001)).await.status, 400);
}
