//! Widgets that are not there when a report's time is over. Those that a database keeps waiting are in `databases::faults::slow`.

use std::time::Duration;

use tests::Actor;
use tests::paths::{REPORTS, action, run};

use super::{made, report, start};

#[tokio::test]
async fn a_run_without_any_time_fails_and_says_so() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    app.run_reports_within(Duration::ZERO).await;
    let failed = analyst.get(&run(id, 1)).await;
    assert_eq!(failed.body["status"], "failed", "{failed:?}");
    assert!(failed.text("reason").contains("There was no time left for it"), "{failed:?}");
}
