//! Reading a page of dashboards after the other.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, entities};

use super::start;

#[tokio::test]
async fn following_next_visits_each_once() {
    let (_, analyst, _) = start(Role::Analyst).await;
    for _ in 0..23 {
        entities::dashboard(&analyst, json!([])).await;
    }
    for deleted in [1, 7, 23] {
        analyst.delete(&item(DASHBOARDS, deleted)).await;
    }
    let (mut seen, mut next) =
        (Vec::new(), Some("https://api.example.com/api/dashboards/?page_size=7".to_owned()));
    while let Some(url) = next {
        let page = analyst.get(url.strip_prefix("https://api.example.com").unwrap()).await;
        assert_eq!(page.body["count"], 20);
        seen.extend(page.ids());
        next = page.body["next"].as_str().map(str::to_owned);
    }
    let expected: Vec<u64> = (2..=22).filter(|id| *id != 7).collect();
    assert_eq!(seen, expected);
}
