//! What is wrong with a report is told by field.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{REPORTS, action, item};
use tests::{Actor, entities};

use super::{made, report, start};

#[tokio::test]
async fn each_mistake_is_named() {
    let (_, analyst, dashboard) = start().await;
    let with = |field: &str, value: Value| {
        let mut body = report(dashboard, "pdf");
        body[field] = value;
        body
    };
    let schedule = |cron: &str| json!({ "cron": cron, "timezone": "UTC" });
    let filters = |values: usize| {
        let values = vec!["x".repeat(1_000); values];
        json!([{ "field": "region", "operator": "in", "values": values }])
    };
    for (body, field, why) in [
        (with("format", json!("docx")), "format", "pdf"),
        (with("dashboard", json!(99)), "dashboard", "There is no dashboard with ID 99."),
        (with("dashboard", json!("1")), "dashboard", "Expected an integer"),
        (with("recipients", json!([999])), "recipients[0]", "There is no user with ID 999"),
        (
            with("recipients", json!((1..=51).collect::<Vec<_>>())),
            "recipients",
            "Must not have more than 50 items",
        ),
        (with("timezone", json!("Mars/Olympus")), "timezone", "Must be the name of a time zone"),
        (with("time_range", json!({ "field": "x", "range": "someday" })), "time_range.range", "Must be"),
        (
            with("filters", json!([{ "field": "x", "operator": "eq", "values": [] }])),
            "filters[0].values",
            "exactly 1 value",
        ),
        (with("filters", filters(17)), "filters", "Must not be larger than 16384 bytes as JSON"),
        (with("schedule", schedule("0 8 * *")), "schedule.cron", "Must have five fields"),
        (with("schedule", schedule("0 25 * * *")), "schedule.cron", "hour"),
        (with("schedule", schedule("0 8 30 2 *")), "schedule.cron", "day"),
        (with("schedule", schedule("0 8 1 * MON")), "schedule.cron", "day"),
        (with("schedule", schedule("*/5 * * * *")), "schedule.cron", "hour"),
        (with("schedule", json!({ "cron": "0 8 * * *" })), "schedule.timezone", "required"),
        (with("csv", json!({ "separator": ";" })), "csv.separator", "nknown"),
        (with("owner", json!(1)), "owner", "nknown"),
        (json!({ "dashboard": dashboard, "format": "pdf" }), "name", "required"),
    ] {
        let reply = analyst.post(REPORTS, &body).await;
        assert_eq!(reply.status, 400, "{body}: {reply:?}");
        assert!(reply.reasons(field).contains(why), "{body}: {reply:?}");
    }
    assert_eq!(analyst.get(REPORTS).await.body["count"], 0);
}

#[tokio::test]
async fn what_another_organization_has_is_not_there() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "pdf")).await;
    let other = app.another_organization().await;
    let stranger = other.user(Role::Owner).await;
    for path in [
        item(REPORTS, id),
        action(REPORTS, id, "runs"),
        format!("{}1/", action(REPORTS, id, "runs")),
        format!("{}1/download/", action(REPORTS, id, "runs")),
    ] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(stranger.request("POST", &action(REPORTS, id, "generate")).await.status, 404);
    assert_eq!(stranger.patch(&item(REPORTS, id), &json!({ "name": "x" })).await.status, 404);
    assert_eq!(stranger.delete(&item(REPORTS, id)).await.status, 404);
    let foreign = stranger.post(REPORTS, &report(dashboard, "pdf")).await;
    assert!(foreign.reasons("dashboard").contains("There is no dashboard"), "{foreign:?}");
    let own = entities::dashboard(&stranger, json!([])).await;
    let mut body = report(own, "pdf");
    // A number of the first organization's, which this one does not have.
    for _ in 0..3 {
        app.user(Role::Viewer).await;
    }
    body["recipients"] = json!([4]);
    let mailed = stranger.post(REPORTS, &body).await;
    assert!(mailed.reasons("recipients[0]").contains("only users of the organization"), "{mailed:?}");
}

#[tokio::test]
async fn a_report_is_changed_and_sent_by_its_maker_or_an_administrator() {
    let (app, analyst, dashboard) = start().await;
    let member = app.user(Role::Member).await;
    let id = made(&member, &report(dashboard, "pdf")).await;
    let rename = json!({ "name": "x" });
    let deliver = json!({ "deliver": true });
    let generate = action(REPORTS, id, "generate");
    for (status, reply) in [
        (403, analyst.patch(&item(REPORTS, id), &rename).await),
        (403, analyst.delete(&item(REPORTS, id)).await),
        (403, analyst.post(&generate, &deliver).await),
        (202, analyst.request("POST", &generate).await),
        (202, member.post(&generate, &deliver).await),
        (200, member.patch(&item(REPORTS, id), &rename).await),
        (200, app.user(Role::Administrator).await.patch(&item(REPORTS, id), &rename).await),
        (204, app.user(Role::Owner).await.delete(&item(REPORTS, id)).await),
    ] {
        assert_eq!(reply.status, status, "{reply:?}");
    }
}
