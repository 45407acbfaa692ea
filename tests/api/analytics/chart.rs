//! Pictures of widgets.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, DATA_SOURCES, item};
use tests::{Actor, TestApp, TestUser, entities, widget};

/// A dashboard with a pie (widget 1), a text (2) and a pie over a source that has nothing yet (3).
async fn start() -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, source, "region,amount\nNorth,10.50\n<South & co>,20\n").await;
    let empty = entities::data_source(&analyst).await;
    let widgets = json!([widget::pie(source), widget::text("Some **words**"), widget::pie(empty)]);
    let dashboard = entities::dashboard(&analyst, widgets).await;
    (app, analyst, dashboard)
}

fn chart(dashboard: u64, widget: u64) -> String {
    format!("{}widgets/{widget}/chart/", item(DASHBOARDS, dashboard))
}

#[tokio::test]
async fn a_widget_is_drawn_as_svg() {
    let (app, _, dashboard) = start().await;
    let viewer = app.user(Role::Viewer).await;
    let reply = viewer.get(&chart(dashboard, 1)).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/svg+xml")));
    assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    let svg = reply.body.as_str().unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("width=\"640\" height=\"400\""), "{svg}");
    for part in ["Revenue by region", "data-value=\"10.5\"", "data-value=\"20\"", "&lt;South &amp; co"] {
        assert!(svg.contains(part), "{part}: {svg}");
    }
    assert!(!svg.contains("<South"), "{svg}");
}

#[tokio::test]
async fn it_is_as_large_and_as_dark_as_it_is_asked_for() {
    let (_app, analyst, dashboard) = start().await;
    let path = chart(dashboard, 1);
    let light = analyst.get(&format!("{path}?width=800&height=300")).await;
    assert_eq!(light.status, 200, "{light:?}");
    assert!(light.body.as_str().unwrap().contains("width=\"800\" height=\"300\""));
    let dark = analyst.get(&format!("{path}?width=800&height=300&theme=dark")).await;
    assert_ne!(light.body, dark.body);
    assert_ne!(light.header("etag"), dark.header("etag"));
}

/// The size that the header of a PNG tells.
fn pixels(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[tokio::test]
async fn whoever_asks_for_png_first_gets_pixels() {
    let (_app, analyst, dashboard) = start().await;
    for (query, accept, size) in [
        ("", "image/png", (640, 400)),
        ("?width=300&height=200&scale=2", "image/png;q=0.9,image/svg+xml", (600, 400)),
        ("?width=4000&height=4000", "image/png", (4_000, 4_000)),
    ] {
        let reply = analyst.get(&format!("{}{query}", chart(dashboard, 1))).header("accept", accept).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")));
        assert_eq!(pixels(&reply.bytes), size);
    }
    for accept in ["*/*", "image/svg+xml,image/png", "text/html,image/png"] {
        let reply = analyst.get(&chart(dashboard, 1)).header("accept", accept).await;
        assert_eq!(reply.header("content-type"), Some("image/svg+xml"), "{accept}");
    }
}

#[tokio::test]
async fn a_text_is_drawn_too() {
    let (_app, analyst, dashboard) = start().await;
    let reply = analyst.get(&chart(dashboard, 2)).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.as_str().unwrap().contains("words"), "{reply:?}");
}

#[tokio::test]
async fn mistakes_are_named() {
    let (_app, analyst, dashboard) = start().await;
    let path = chart(dashboard, 1);
    for (query, field, why) in [
        ("width=99", "width", "Must be 100 to 4000."),
        ("height=4001", "height", "Must be 100 to 4000."),
        ("scale=5", "scale", "Must be 1 to 4."),
        ("width=1e3", "width", "Must be a whole number."),
        ("width=-300", "width", "Must be a whole number."),
        ("width=99999999999", "width", "Must be"),
        ("theme=blue", "theme", "light"),
    ] {
        let reply = analyst.get(&format!("{path}?{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {reply:?}");
        assert!(reply.reasons(field).contains(why), "{query}: {reply:?}");
    }
    assert_eq!(analyst.get(&format!("{path}?colour=blue")).await.status, 400);
    let large =
        analyst.get(&format!("{path}?width=4000&height=2000&scale=2")).header("accept", "image/png").await;
    assert!(large.reasons("width").contains("a PNG has at most 16000000"), "{large:?}");
    let nothing = analyst.get(&chart(dashboard, 3)).await;
    assert_eq!((nothing.status, nothing.error().as_str()), (409, "conflict"));
    assert_eq!(analyst.get(&chart(dashboard, 9)).await.status, 404);
}

#[tokio::test]
async fn a_picture_that_has_not_changed_is_not_drawn_again() {
    let (app, analyst, dashboard) = start().await;
    let path = chart(dashboard, 1);
    let first = analyst.get(&path).await;
    let tag = first.header("etag").unwrap().to_owned();
    let again = async |tag: &str| analyst.get(&path).header("if-none-match", tag).await;
    assert_eq!(again(&tag).await.status, 304);
    let png = analyst.get(&path).header("accept", "image/png").header("if-none-match", &tag).await;
    assert_eq!(png.status, 200, "another format is another picture");
    for change in [
        json!({ "widgets": [{ "title": "Another title", "id": 1, "type": "pie", "data_source": 1,
            "query": widget::pie(1)["query"], "position": widget::pie(1)["position"] }] }),
        json!({ "widgets": [{ "title": "Another title", "id": 1, "type": "pie", "data_source": 1,
            "query": widget::pie(1)["query"], "position": widget::pie(1)["position"],
            "options": { "colors": ["#123456"] } }] }),
    ] {
        let tag = analyst.get(&path).await.header("etag").unwrap().to_owned();
        assert_eq!(analyst.patch(&item(DASHBOARDS, dashboard), &change).await.status, 200);
        assert_eq!(again(&tag).await.status, 200, "{change}");
    }
    let tag = analyst.get(&path).await.header("etag").unwrap().to_owned();
    entities::imported(&app, &analyst, 1, "region,amount\nNorth,11.25\n").await;
    let changed = again(&tag).await;
    assert!(changed.body.as_str().unwrap().contains("data-value=\"11.25\""), "{changed:?}");
}

#[tokio::test]
async fn what_a_client_wrote_is_shown_and_never_run() {
    let (_app, analyst, dashboard) = start().await;
    let hostile = "\"><script>alert(1)</script><a xlink:href='javascript:x'> ]]> \u{1}";
    let mut pie = widget::pie(1);
    pie["title"] = json!("<script>alert(1)</script>\" onload=\"x");
    pie["options"] = json!({ "colors": ["url(http://evil.example)", "red;}", "#12345g", hostile], "format": { "style": "currency", "currency": hostile } });
    let mut text = widget::text(hostile);
    text["title"] = json!("t");
    let patched = analyst.patch(&item(DASHBOARDS, dashboard), &json!({ "widgets": [pie, text] })).await;
    assert_eq!(patched.status, 200, "{patched:?}");
    let ids: Vec<u64> = patched.body["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|widget| widget["id"].as_u64().unwrap())
        .collect();
    for id in ids {
        let reply = analyst.get(&chart(dashboard, id)).await;
        let svg = reply.body.as_str().unwrap();
        for bad in ["<script", "<a ", "javascript:x'", "evil.example", "onload=\"x", "\u{1}", "url(http"] {
            assert!(!svg.contains(bad), "{bad}: {svg}");
        }
    }
}

#[tokio::test]
async fn a_paused_source_draws_nothing() {
    let (app, analyst, dashboard) = start().await;
    let owner = app.user(Role::Owner).await;
    owner.patch(&item(DATA_SOURCES, 1), &json!({ "status": "paused" })).await;
    let reply = analyst.get(&chart(dashboard, 1)).await;
    assert_eq!((reply.status, reply.error().as_str()), (409, "conflict"));
}

#[tokio::test]
async fn a_viewers_filters_are_drawn() {
    let (app, _, dashboard) = start().await;
    let viewer = app.user(Role::Viewer).await;
    let path = chart(dashboard, 1);
    let whole = viewer.get(&path).await;
    let filters = json!({ "filters": [{ "field": "region", "operator": "eq", "values": ["North"] }] });
    let filtered = viewer.post(&path, &filters).await;
    assert_eq!(
        (filtered.status, filtered.header("content-type")),
        (200, Some("image/svg+xml")),
        "{filtered:?}"
    );
    let svg = filtered.body.as_str().unwrap();
    assert!(svg.contains("North") && !svg.contains("South"), "{svg}");
    assert_ne!(whole.header("etag"), filtered.header("etag"));
    // What filters nothing is the picture itself.
    assert_eq!(viewer.post(&path, &json!({})).await.body, whole.body);
    let wrong = viewer.post(&path, &json!({ "filter": [] })).await;
    assert_eq!(wrong.error(), "validation_error");
}

#[tokio::test]
async fn a_query_is_drawn_without_a_widget() {
    let (app, analyst, dashboard) = start().await;
    let pie = analyst.get(&item(DASHBOARDS, dashboard)).await.body["widgets"][0].clone();
    let body = json!({
        "data_source": pie["data_source"], "query": pie["query"], "type": "pie", "title": "Revenue by region", "options": {},
    });
    let path = "/api/analytics/chart/?width=800&theme=dark";
    let drawn = analyst.post(path, &body).await;
    assert_eq!(drawn.status, 200, "{drawn:?}");
    let kept = analyst.get(&format!("{}?width=800&theme=dark", chart(dashboard, 1))).await;
    // But for the number of the widget, which its parts are named by.
    let drawn = drawn.body.as_str().unwrap().replace("w0-", "w1-");
    assert_eq!(drawn, kept.body.as_str().unwrap());
    let mut untitled = body.clone();
    untitled.as_object_mut().unwrap().remove("title");
    assert!(analyst.post(path, &untitled).await.body.as_str().unwrap().contains("Chart"));
    for (name, value, field) in [
        ("type", json!("gauge"), "query.dimensions"),
        ("type", json!("text"), "type"),
        ("data_source", json!("1"), "data_source"),
        ("title", json!(""), "title"),
    ] {
        let mut wrong = body.clone();
        wrong[name] = value;
        let reply = analyst.post(path, &wrong).await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "validation_error"), "{reply:?}");
        assert!(reply.body["fields"].get(field).is_some(), "{reply:?}");
    }
    // Who may ask no queries draws none.
    let viewer = app.user(Role::Viewer).await;
    assert_eq!(viewer.post(path, &body).await.error(), "permission_denied");
    let stranger = app.another_organization().await.user(Role::Owner).await;
    assert_eq!(stranger.post(path, &body).await.error(), "not_found");
}
