//! The guide's example is really what it says.

use serde_json::Value;

use super::{ORDERS, ask, start};

const GUIDE: &str = include_str!("../../../docs/api.md");

/// The blocks of a kind in the guide's section on queries.
fn blocks(kind: &str) -> Vec<&'static str> {
    let section = GUIDE.split("\n## Queries\n").nth(1).unwrap().split("\n## ").next().unwrap();
    section.split(&format!("```{kind}\n")).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[tokio::test]
async fn the_example_of_the_guide_is_answered_as_it_says() {
    assert_eq!(blocks("csv"), [ORDERS]);
    let json = blocks("json");
    let [query, answer]: [Value; 2] = [json[0], json[1]].map(|block| serde_json::from_str(block).unwrap());
    let (_app, analyst, source) = start().await;
    let reply = ask(&analyst, source, &query).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    for part in ["rows", "totals"] {
        assert_eq!(reply.body[part], answer[part], "{part}");
    }
}
