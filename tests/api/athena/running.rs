//! Queries that take longer than a request may.

use std::time::Duration;

use serde_json::json;
use shared::model::Role;
use tests::paths::{ANALYTICS_QUERY, DASHBOARDS, STATUS, item};
use tests::{Actor, Reply, entities};

use super::fake::Execution;
use super::{Stage, count};

fn path(running: &Reply) -> String {
    assert_eq!(running.status, 202, "{running:?}");
    assert_eq!(running.body["status"], "running");
    let path = format!("/api/analytics/queries/{}/", running.body["id"].as_str().unwrap());
    assert_eq!(running.header("location"), Some(&*format!("https://api.example.com{path}")));
    path
}

#[tokio::test]
async fn what_is_done_in_time_is_the_answer_with_what_it_has_cost() {
    let stage = Stage::set().await;
    let reply = stage.ask(count()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["rows"], json!([[42]]));
    assert_eq!(reply.body["engine"], "athena");
    assert_eq!(reply.body["scanned_bytes"], 20_000_000);
    assert_eq!(reply.body["estimated_cost_usd"], 0.0001);
    let request = stage.athena.last_request();
    assert_eq!(request["WorkGroup"], "primary");
    let reuse = json!({ "ResultReuseByAgeConfiguration": { "Enabled": true, "MaxAgeInMinutes": 1 } });
    assert_eq!(request["ResultReuseConfiguration"], reuse);
}

#[tokio::test]
async fn what_takes_longer_is_asked_for_by_its_id() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let path = path(&stage.ask(count()).await);
    let still = stage.administrator.get(&path).await;
    assert_eq!(still.status, 202, "{still:?}");
    stage.athena.all_running(&Execution::Done);
    for _ in 0..2 {
        let done = stage.administrator.get(&path).await;
        assert_eq!(done.status, 200, "{done:?}");
        assert_eq!(done.body["rows"], json!([[42]]));
        assert_eq!(done.body["scanned_bytes"], 20_000_000);
    }
    assert_eq!(stage.athena.started(), 1);
}

#[tokio::test]
async fn another_instance_goes_on_with_it_also_after_the_answers_window() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let path = path(&stage.ask(count()).await);
    let other = Stage { app: stage.another_instance().await, ..stage };
    let administrator = other.administrator.at(&other.app.instance());
    other.app.clock.advance(Duration::from_mins(3));
    let body = json!({ "data_source": other.source, "query": count() });
    assert_eq!(administrator.post(ANALYTICS_QUERY, &body).await.status, 202);
    assert_eq!(other.athena.started(), 1, "the same one");
    other.athena.all_running(&Execution::Done);
    assert_eq!(administrator.get(&path).await.status, 200);
    let asked = administrator.post(ANALYTICS_QUERY, &body).await;
    assert_eq!(asked.status, 202, "what is asked anew is computed anew: {asked:?}");
    assert_eq!(other.athena.started(), 2);
}

#[tokio::test]
async fn those_who_ask_at_once_share_an_execution() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let other = stage.another_instance().await;
    let administrator = stage.administrator.at(&other.instance());
    let body = json!({ "data_source": stage.source, "query": count() });
    let (here, again, there) =
        tokio::join!(stage.ask(count()), stage.ask(count()), administrator.post(ANALYTICS_QUERY, &body));
    assert_eq!((here.status, again.status, there.status), (202, 202, 202));
    assert_eq!(here.body["id"], there.body["id"]);
    assert_eq!(stage.athena.started(), 1);
}

#[tokio::test]
async fn a_query_of_several_statements_goes_on_with_those_that_are_done() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let query = json!({
        "dimensions": [{ "field": "country" }],
        "measures": [{ "aggregation": "count", "as": "n" }],
        "totals": true,
    });
    stage.athena.rows(vec![vec![Some("DE".to_owned()), Some("2".to_owned())]]);
    let path = path(&stage.ask(query).await);
    assert_eq!(stage.athena.started(), 2);
    stage.athena.next(Execution::Done);
    stage.athena.all_running(&Execution::Ended("FAILED", "boom".to_owned()));
    let failed = stage.administrator.get(&path).await;
    assert_eq!((failed.status, &failed.body["error"]), (502, &json!("source_error")), "{failed:?}");
}

#[tokio::test]
async fn what_is_cancelled_is_stopped_and_may_be_asked_again() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let path = path(&stage.ask(count()).await);
    let cancelled = stage.administrator.delete(&path).await;
    assert_eq!(cancelled.status, 204, "{cancelled:?}");
    assert_eq!(stage.athena.stopped(), ["execution-0"]);
    assert_eq!(stage.administrator.get(&path).await.status, 404);
    assert_eq!(stage.administrator.delete(&path).await.status, 404);
    stage.app.clock.advance(Duration::from_secs(1));
    stage.athena.next(Execution::Done);
    assert_eq!(stage.ask(count()).await.status, 200);
    assert_eq!(stage.athena.started(), 2);
}

#[tokio::test]
async fn nobody_elses_query_is_there() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let path = path(&stage.ask(count()).await);
    tokio::time::resume();
    let other = stage.app.another_organization().await;
    let stranger = other.user(Role::Administrator).await;
    stranger.get(STATUS).await;
    tokio::time::pause();
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(stranger.delete(&path).await.status, 404);
    assert_eq!(stage.administrator.get("/api/analytics/queries/x/").await.status, 404);
    let unknown = format!("/api/analytics/queries/{}-{}/", stage.source, "0".repeat(32));
    assert_eq!(stage.administrator.get(&unknown).await.status, 404);
    assert!(stage.athena.stopped().is_empty());
    let viewer = stage.app.user(Role::Viewer).await;
    assert_eq!(viewer.get(&path).await.status, 403);
}

#[tokio::test]
async fn a_dashboard_says_which_widgets_still_run() {
    let stage = Stage::set().await;
    stage.athena.next(Execution::Running);
    let widget = json!({
        "title": "Orders", "type": "metric", "data_source": stage.source, "query": count(),
        "position": { "x": 0, "y": 0, "width": 4, "height": 2 },
    });
    let dashboard = entities::dashboard(&stage.administrator, json!([widget])).await;
    let viewer = stage.app.user(Role::Viewer).await;
    let data = format!("{}data/", item(DASHBOARDS, dashboard));
    let running = viewer.get(&data).await;
    assert_eq!(running.status, 200, "{running:?}");
    assert_eq!(running.body["widgets"][0]["running"]["status"], "running", "{running:?}");
    let one = format!("{}widgets/1/data/", item(DASHBOARDS, dashboard));
    assert_eq!(viewer.get(&one).await.status, 202);
    let chart = format!("{}widgets/1/chart/", item(DASHBOARDS, dashboard));
    assert_eq!(viewer.get(&chart).await.status, 202);
    stage.athena.all_running(&Execution::Done);
    let done = viewer.get(&data).await;
    assert_eq!(done.body["widgets"][0]["result"]["rows"], json!([[42]]), "{done:?}");
    assert_eq!(stage.athena.started(), 1);
}

#[tokio::test]
async fn what_is_refreshed_is_computed_anew() {
    let stage = Stage::set().await;
    let widget = json!({
        "title": "Orders", "type": "metric", "data_source": stage.source, "query": count(),
        "position": { "x": 0, "y": 0, "width": 4, "height": 2 },
    });
    let dashboard = entities::dashboard(&stage.administrator, json!([widget])).await;
    let data = format!("{}data/", item(DASHBOARDS, dashboard));
    for _ in 0..2 {
        assert_eq!(stage.administrator.get(&data).await.body["widgets"][0]["result"]["rows"], json!([[42]]));
    }
    assert_eq!(stage.athena.started(), 1);
    stage.athena.rows(vec![vec![Some("43".to_owned())]]);
    let refresh = format!("{}refresh/", item(DASHBOARDS, dashboard));
    assert_eq!(stage.administrator.post(&refresh, &json!({})).await.status, 204);
    assert_eq!(stage.administrator.get(&data).await.body["widgets"][0]["result"]["rows"], json!([[43]]));
    let reuse = &stage.athena.last_request()["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"];
    assert_eq!(reuse["Enabled"], false);
}
