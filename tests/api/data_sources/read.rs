//! Reading a page of data sources.

use serde_json::json;
use shared::model::Role;
use tests::Actor;
use tests::paths::{DATA_SOURCES, item};

use super::{start, warehouse};

#[tokio::test]
async fn lists_leave_out_the_connection_and_filter_exactly() {
    let (_, owner) = start(Role::Owner).await;
    for number in 0..6 {
        let mut body = if number % 2 == 0 {
            warehouse()
        } else {
            json!({ "name": "f", "type": "file", "engine": "csv" })
        };
        body["status"] = json!(if number < 4 { "active" } else { "paused" });
        owner.post(DATA_SOURCES, &body).await;
    }
    let list = async |query: &str| owner.get(&format!("{DATA_SOURCES}{query}")).await;
    let row = list("?page_size=1").await.body["results"][0].clone();
    let mut names: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "created_at",
            "created_by",
            "engine",
            "id",
            "last_synced_at",
            "name",
            "status",
            "status_reason",
            "type",
            "updated_at"
        ]
    );

    for (query, expected) in [
        ("", vec![1, 2, 3, 4, 5, 6]),
        ("?status=active", vec![1, 2, 3, 4]),
        ("?type=database", vec![1, 3, 5]),
        ("?status=active&type=database", vec![1, 3]),
        ("?type=database&status=paused", vec![5]),
        ("?type=cloud", vec![]),
        ("?status=error", vec![]),
    ] {
        let page = list(query).await;
        assert_eq!(
            (page.ids(), page.body["count"].as_u64()),
            (expected.clone(), Some(expected.len() as u64)),
            "{query}"
        );
    }
    let next = list("?status=active&page_size=3").await.body["next"].clone();
    assert_eq!(next, "https://api.example.com/api/data-sources/?status=active&page_size=3&page=2");
    owner.patch(&item(DATA_SOURCES, 1), &json!({ "status": "paused" })).await;
    assert_eq!(list("?status=active").await.ids(), [2, 3, 4], "a write shows in the next list");
    assert!(list("?status=broken").await.reasons("status").contains("active, paused, error"));
    assert_eq!(
        list("?name=x").await.reasons("name"),
        "Unknown; expected one of page, page_size, status, type."
    );
    assert_eq!(list("?status=active&status=paused").await.reasons("status"), "Given more than once.");
}
