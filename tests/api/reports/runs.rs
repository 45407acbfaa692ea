//! Running a report, and its file.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, DATA_SOURCES, REPORTS, action, item, run, runs};
use tests::{Actor, entities, widget};

use super::{made, report, start};

#[tokio::test]
async fn a_run_makes_a_file_that_can_be_downloaded() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    let accepted = analyst.request("POST", &action(REPORTS, id, "generate")).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    let location = "https://api.example.com/api/reports/1/runs/1/";
    assert_eq!(accepted.header("location"), Some(location));
    let expected = json!({
        "id": 1, "status": "waiting", "trigger": "manual", "scheduled_for": null, "format": "csv",
        "size_bytes": null, "pages": null, "rows": null, "truncated": null, "reason": null, "deliveries": [],
        "created_by": analyst.user.id, "created_at": "2027-01-15T08:00:00Z", "started_at": null, "finished_at": null,
    });
    assert_eq!(accepted.body, expected);
    let early = analyst.get(&format!("{}download/", run(id, 1))).await;
    assert_eq!((early.status, early.error().as_str()), (409, "conflict"));

    app.run_reports().await;
    let done = analyst.get(&run(id, 1)).await;
    assert_eq!(done.body["status"], "done", "{done:?}");
    let csv = "region,sum_amount\r\nSouth,20\r\nNorth,13.75\r\n";
    assert_eq!(done.body["size_bytes"], csv.len());
    assert_eq!((&done.body["rows"], &done.body["truncated"]), (&json!(2), &json!(false)));
    assert_eq!((&done.body["pages"], &done.body["reason"]), (&json!(null), &json!(null)));
    let shown = analyst.get(&item(REPORTS, id)).await;
    let last = json!({ "id": 1, "status": "done", "finished_at": done.body["finished_at"] });
    assert_eq!(shown.body["last_run"], last);
    assert_eq!(analyst.get(&runs(id)).await.body["results"], json!([done.body]));

    let (file, headers) = app.download(&analyst, id, 1).await;
    assert_eq!(String::from_utf8(file).unwrap(), csv);
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename*=UTF-8''Monday%20report%202027-01-15.csv"
    );
}

#[tokio::test]
async fn each_format_is_what_it_says() {
    let (app, analyst, dashboard) = start().await;
    for (format, begins, media_type) in [
        ("pdf", "%PDF-".as_bytes(), "application/pdf"),
        ("xlsx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", b"region,", "text/csv; charset=utf-8"),
    ] {
        let id = made(&analyst, &report(dashboard, format)).await;
        analyst.request("POST", &action(REPORTS, id, "generate")).await;
        app.run_reports().await;
        let done = analyst.get(&run(id, 1)).await;
        assert_eq!((&done.body["status"], &done.body["rows"]), (&json!("done"), &json!(2)), "{done:?}");
        assert_eq!(done.body["pages"], if format == "pdf" { json!(1) } else { json!(null) });
        let (file, headers) = app.download(&analyst, id, 1).await;
        assert!(file.starts_with(begins), "{format}");
        assert_eq!(file.len(), usize::try_from(done.body["size_bytes"].as_u64().unwrap()).unwrap());
        assert_eq!(headers["content-type"], media_type);
    }
}

#[tokio::test]
async fn a_report_has_all_rows_unless_a_query_wants_fewer() {
    let app = tests::TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    let rows: Vec<_> = (0..12_000).map(|n| n.to_string()).collect();
    entities::imported(&app, &analyst, source, &format!("n\n{}\n", rows.join("\n"))).await;
    let table = |limit: Option<u64>| {
        let mut query = json!({ "dimensions": [{ "field": "n" }] });
        if let Some(limit) = limit {
            query["limit"] = limit.into();
        }
        json!({
            "title": "All", "type": "table", "data_source": source, "query": query,
            "position": { "x": 0, "y": 0, "width": 12, "height": 4 },
        })
    };
    for (limit, expected) in [(None, 12_000), (Some(7), 7)] {
        let dashboard = entities::dashboard(&analyst, json!([table(limit)])).await;
        for format in ["csv", "xlsx"] {
            let id = made(&analyst, &report(dashboard, format)).await;
            analyst.request("POST", &action(REPORTS, id, "generate")).await;
            app.run_reports().await;
            let done = analyst.get(&run(id, 1)).await;
            assert_eq!(
                (&done.body["rows"], &done.body["truncated"]),
                (&json!(expected), &json!(false)),
                "{done:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_report_may_change_while_its_run_waits() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    assert_eq!(analyst.patch(&item(REPORTS, id), &json!({ "format": "pdf" })).await.status, 200);
    app.run_reports().await;
    let done = analyst.get(&run(id, 1)).await;
    assert_eq!((&done.body["status"], &done.body["format"]), (&json!("done"), &json!("csv")));
}

#[tokio::test]
async fn what_cannot_be_drawn_is_told_by_the_run() {
    let (app, analyst, dashboard) = start().await;
    let failed = async |id: u64, number: u64| -> Value {
        analyst.request("POST", &action(REPORTS, id, "generate")).await;
        app.run_reports().await;
        analyst.get(&run(id, number)).await.body
    };
    let text = entities::dashboard(&analyst, json!([widget::text("only words")])).await;
    let words = made(&analyst, &report(text, "csv")).await;
    let run = failed(words, 1).await;
    assert_eq!((&run["status"], &run["size_bytes"]), (&json!("failed"), &json!(null)));
    assert_eq!(run["reason"], format!("Dashboard {text} has no widget that shows data."));
    let last = analyst.get(&item(REPORTS, words)).await;
    assert_eq!(last.body["last_run"]["status"], "failed");
    let download = analyst.get(&format!("{}download/", tests::paths::run(words, 1))).await;
    assert_eq!(download.status, 409);

    let owner = app.user(Role::Owner).await;
    let pie = made(&analyst, &report(dashboard, "pdf")).await;
    owner.patch(&item(DATA_SOURCES, 1), &json!({ "status": "paused" })).await;
    let run = failed(pie, 1).await;
    assert_eq!(run["status"], "failed");
    assert_eq!(run["reason"], "Revenue by region: Data source 1 is paused: set its status to active first.");

    owner.delete(&item(DASHBOARDS, dashboard)).await;
    let run = failed(pie, 2).await;
    assert_eq!(
        (&run["status"], &run["reason"]),
        (&json!("failed"), &json!("Dashboard 1 is not there any more."))
    );
}

#[tokio::test]
async fn one_bad_widget_spoils_no_other() {
    let (app, analyst, dashboard) = start().await;
    let empty = entities::data_source(&analyst).await;
    let mut second = widget::pie(empty);
    second["title"] = json!("Nothing yet");
    let widgets = json!([widget::pie(1), second, widget::text("words")]);
    analyst.patch(&item(DASHBOARDS, dashboard), &json!({ "widgets": widgets })).await;
    for format in ["pdf", "xlsx", "csv"] {
        let id = made(&analyst, &report(dashboard, format)).await;
        analyst.request("POST", &action(REPORTS, id, "generate")).await;
        app.run_reports().await;
        let done = analyst.get(&run(id, 1)).await;
        assert_eq!((&done.body["status"], &done.body["rows"]), (&json!("done"), &json!(2)), "{done:?}");
        assert_eq!(
            done.body["reason"],
            "1 of 2 widgets have no data. Nothing yet: Nothing has been imported yet."
        );
    }
}

#[tokio::test]
async fn runs_can_be_filtered_and_each_has_its_tag() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    for _ in 0..2 {
        analyst.request("POST", &action(REPORTS, id, "generate")).await;
    }
    app.run_reports().await;
    analyst.request("POST", &action(REPORTS, id, "generate")).await;
    assert_eq!(analyst.get(&format!("{}?status=done", runs(id))).await.ids(), [1, 2]);
    assert_eq!(analyst.get(&format!("{}?status=waiting", runs(id))).await.ids(), [3]);
    let waiting = analyst.get(&run(id, 3)).await;
    let tag = waiting.header("etag").unwrap().to_owned();
    app.run_reports().await;
    let done = analyst.get(&run(id, 3)).header("if-none-match", &tag).await;
    assert_eq!((done.status, &done.body["status"]), (200, &json!("done")));
}

#[tokio::test]
async fn runs_are_kept_for_ninety_days() {
    let (app, analyst, dashboard) = start().await;
    let id = made(&analyst, &report(dashboard, "csv")).await;
    let generate = async || {
        let analyst = analyst.sign_in().await;
        assert_eq!(analyst.request("POST", &action(REPORTS, id, "generate")).await.status, 202);
        app.run_reports().await;
        analyst.get(&runs(id)).await.ids()
    };
    assert_eq!(generate().await, [1]);
    app.clock.advance(std::time::Duration::from_hours(24 * 90));
    let expired = analyst.sign_in().await.get(&format!("{}download/", run(id, 1))).await;
    assert_eq!(expired.status, 404, "{expired:?}");
    assert!(expired.text("detail").contains("kept for 90 days"), "{expired:?}");
    assert_eq!(generate().await, [1, 2]);
    app.clock.advance(std::time::Duration::from_hours(24));
    assert_eq!(generate().await, [2, 3]);
}
