//! Changing and deleting a report.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, REPORTS, action, item};
use tests::{Actor, entities};

use super::{made, report, start};

#[tokio::test]
async fn a_patch_merges() {
    let (_, analyst, dashboard) = start().await;
    let mut body = report(dashboard, "pdf");
    body["schedule"] = json!({ "cron": "0 8 * * MON", "timezone": "Europe/Berlin" });
    let id = made(&analyst, &body).await;
    let paused = analyst.patch(&item(REPORTS, id), &json!({ "schedule": { "enabled": false } })).await;
    assert_eq!(paused.status, 200, "{paused:?}");
    let expected = json!({ "cron": "0 8 * * 1", "timezone": "Europe/Berlin", "enabled": false });
    assert_eq!((&paused.body["schedule"], &paused.body["next_runs"]), (&expected, &json!([])));
    let gone = analyst.patch(&item(REPORTS, id), &json!({ "schedule": null, "format": "xlsx" })).await;
    assert_eq!((&gone.body["schedule"], &gone.body["format"]), (&json!(null), &json!("xlsx")));
    assert_eq!(analyst.get(&format!("{REPORTS}?format=xlsx")).await.ids(), [id]);
    assert_eq!(analyst.get(&format!("{REPORTS}?format=pdf")).await.body["count"], 0);
}

#[tokio::test]
async fn a_change_by_somebody_else_is_not_overwritten() {
    let (_, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "pdf")).await;
    let tag = analyst.get(&item(REPORTS, id)).await.header("etag").unwrap().to_owned();
    assert_eq!(
        analyst.patch(&item(REPORTS, id), &json!({ "name": "y" })).header("if-match", &tag).await.status,
        200
    );
    let late = analyst.patch(&item(REPORTS, id), &json!({ "name": "z" })).header("if-match", &tag).await;
    assert_eq!(late.status, 412);
    assert_eq!(analyst.delete(&item(REPORTS, id)).header("if-match", &tag).await.status, 412);
}

#[tokio::test]
async fn what_is_gone_keeps_nothing_else_from_being_changed() {
    let (app, analyst, dashboard) = start().await;
    let leaving = app.user(Role::Viewer).await;
    let mut body = report(dashboard, "pdf");
    body["recipients"] = json!([leaving.user.id]);
    let id = made(&analyst, &body).await;
    assert_eq!(analyst.delete(&item(DASHBOARDS, dashboard)).await.status, 204);
    shared::store::users::delete(&app.app.store, app.organization.id, &leaving.user).await.unwrap();
    let renamed = analyst.patch(&item(REPORTS, id), &json!({ "name": "still there" })).await;
    assert_eq!((renamed.status, renamed.text("name").as_str()), (200, "still there"));
    let other = entities::dashboard(&analyst, json!([])).await;
    assert_eq!(analyst.patch(&item(REPORTS, id), &json!({ "dashboard": other })).await.status, 200);
    let back = analyst.patch(&item(REPORTS, id), &json!({ "dashboard": dashboard })).await;
    assert!(back.reasons("dashboard").contains("There is no dashboard"), "{back:?}");
}

#[tokio::test]
async fn a_deleted_report_leaves_nothing() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    app.run_reports().await;
    assert_eq!(app.report_files(id).len(), 1);
    assert_eq!(analyst.delete(&item(REPORTS, id)).await.status, 204);
    assert_eq!(analyst.get(&item(REPORTS, id)).await.status, 404);
    assert_eq!(analyst.get(&action(REPORTS, id, "runs")).await.status, 404);
    app.clock.advance(std::time::Duration::from_secs(10));
    app.run_reports().await;
    assert_eq!(app.report_files(id), Vec::<String>::new());
    assert_eq!(app.items_under("REPORT#").await, 0, "nor its runs");
    assert_eq!(app.items_under("DIRECTORY#REPORT#").await, 0);
}
