//! Many writers, and stores that fail: what is counted is there, and what is there is counted.

mod capacity;
mod faults;
mod writers;

use std::collections::BTreeMap;

use serde_json::json;
use tests::paths::DASHBOARDS;
use tests::{Actor, TestUser};

/// Name and status by id.
type Model = BTreeMap<u64, (String, &'static str)>;

fn status(published: bool) -> &'static str {
    if published { "published" } else { "draft" }
}

/// Lists page by page, with and without a filter, and finds the dashboards of the model.
async fn agrees(reader: &TestUser, model: &Model, page_size: usize) {
    for filter in [None, Some("draft"), Some("published")] {
        let expected: Vec<_> =
            model.iter().filter(|(_, (_, status))| filter.is_none_or(|filter| filter == *status)).collect();
        let query = filter.map(|filter| format!("&status={filter}")).unwrap_or_default();
        let mut seen = Vec::new();
        for page in 1..=expected.len().div_ceil(page_size).max(1) {
            let path = format!("{DASHBOARDS}?page={page}&page_size={page_size}{query}");
            let body = reader.get(&path).await.body;
            assert_eq!(body["count"], expected.len(), "{path}");
            for row in body["results"].as_array().unwrap() {
                seen.push((row["id"].as_u64().unwrap(), row["name"].clone(), row["status"].clone()));
            }
        }
        let expected: Vec<_> =
            expected.iter().map(|(id, (name, status))| (**id, json!(name), json!(status))).collect();
        assert_eq!(seen, expected, "{filter:?}");
    }
}
