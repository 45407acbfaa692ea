//! Making a report: it comes back as it was sent.

use serde_json::json;
use shared::model::Role;
use tests::Actor;
use tests::paths::{REPORTS, item};

use super::{made, report, start};

#[tokio::test]
async fn a_new_report_is_shown_whole() {
    let (app, analyst, dashboard) = start().await;
    let manager = app.user(Role::Viewer).await;
    let body = json!({
        "name": "Monday report",
        "description": "For the board.",
        "dashboard": dashboard,
        "format": "pdf",
        "timezone": "Europe/Berlin",
        "time_range": { "field": "ordered_at", "range": "last_week" },
        "filters": [{ "field": "region", "operator": "in", "values": ["North", 1e300, -1.5] }],
        "csv": { "byte_order_mark": true },
        "schedule": { "cron": "0 8 * * MON", "timezone": "europe/berlin" },
        "recipients": [manager.user.id, analyst.user.id, manager.user.id],
    });
    let created = analyst.post(REPORTS, &body).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/reports/1/"));
    let mut recipients = vec![manager.user.id, analyst.user.id];
    recipients.sort();
    let expected = json!({
        "id": 1,
        "name": "Monday report",
        "description": "For the board.",
        "dashboard": dashboard,
        "format": "pdf",
        "timezone": "Europe/Berlin",
        "time_range": { "field": "ordered_at", "range": "last_week" },
        "filters": [{ "field": "region", "operator": "in", "values": ["North", 1e300, -1.5] }],
        "csv": { "escape_formulas": true, "byte_order_mark": true },
        "schedule": { "cron": "0 8 * * 1", "timezone": "Europe/Berlin", "enabled": true },
        "recipients": recipients,
        "last_run": null,
        // It is Friday, 2027-01-15, at nine in Berlin.
        "next_runs": ["2027-01-18T07:00:00Z", "2027-01-25T07:00:00Z", "2027-02-01T07:00:00Z"],
        "created_by": analyst.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(created.body, expected);
    let shown = analyst.get(&item(REPORTS, 1)).await;
    assert_eq!((shown.status, &shown.body), (200, &expected));
    let list = analyst.get(REPORTS).await;
    assert_eq!(list.body["results"], json!([expected]));
}

#[tokio::test]
async fn what_is_left_out_has_a_default() {
    let (_, analyst, dashboard) = start().await;
    let created = analyst.post(REPORTS, &report(dashboard, "csv")).await;
    for (field, expected) in [
        ("description", json!("")),
        ("timezone", json!(null)),
        ("time_range", json!(null)),
        ("filters", json!([])),
        ("csv", json!({ "escape_formulas": true, "byte_order_mark": false })),
        ("schedule", json!(null)),
        ("recipients", json!([])),
        ("next_runs", json!([])),
    ] {
        assert_eq!(created.body[field], expected, "{field}");
    }
}

#[tokio::test]
async fn lists_can_be_filtered_by_format() {
    let (_, analyst, dashboard) = start().await;
    for format in ["pdf", "csv", "pdf"] {
        made(&analyst, &report(dashboard, format)).await;
    }
    assert_eq!(analyst.get(&format!("{REPORTS}?format=pdf")).await.ids(), [1, 3]);
    assert_eq!(analyst.get(&format!("{REPORTS}?format=docx")).await.status, 400);
}

#[tokio::test]
async fn next_runs_move_with_the_time_and_so_does_the_tag() {
    let (app, analyst, dashboard) = start().await;
    let mut body = report(dashboard, "pdf");
    body["schedule"] = json!({ "cron": "30 * * * *", "timezone": "UTC" });
    let id = made(&analyst, &body).await;
    let first = analyst.get(&item(REPORTS, id)).await;
    assert_eq!(first.body["next_runs"][0], "2027-01-15T08:30:00Z");
    let tag = first.header("etag").unwrap();
    assert_eq!(analyst.get(&item(REPORTS, id)).header("if-none-match", tag).await.status, 304);
    app.clock.advance(std::time::Duration::from_mins(30));
    let later = analyst.get(&item(REPORTS, id)).header("if-none-match", tag).await;
    assert_eq!((later.status, &later.body["next_runs"][0]), (200, &json!("2027-01-15T09:30:00Z")));
}
