//! The guide's examples are really what it says.

use local::demo::sales;
use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::ANALYTICS_QUERY;
use tests::{Actor, TestApp, entities};

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

#[tokio::test]
async fn the_first_question_of_the_guide_prints_what_it_says() {
    let section = GUIDE.split("\n### Ask\n").nth(1).unwrap().split("\n### ").next().unwrap();
    let body = section.split("-d '").nth(1).unwrap().split("' |").next().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let printed = section.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let printed: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    assert_eq!(json!(entities::data_source(&analyst).await), body["data_source"]);
    // The day that the tests' clock begins at.
    let sales = sales::csv("2027-01-15".parse().unwrap());
    entities::imported(&app, &analyst, 1, &sales).await;
    let reply = analyst.post(ANALYTICS_QUERY, &body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let rows = reply.body["rows"].as_array().unwrap();
    let expected: Vec<Value> = rows[..3].iter().chain([&reply.body["totals"]]).cloned().collect();
    assert_eq!(printed, expected);
}
