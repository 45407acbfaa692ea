//! Answers that come in pages.

use serde_json::json;
use shared::model::Plan;
use tests::https::{HttpsServer, answer, json as body};

use super::{imported, refused, rest, rows, start};

#[tokio::test]
async fn pages_follow_one_another_by_a_member() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|asked| match asked.target.as_str() {
        "/items" => body(&json!({ "items": [{ "n": 1 }], "links": { "next": "/items?page=2" } })),
        "/items?page=2" => {
            body(&json!({ "links": { "next": "?page=3" }, "items": [{ "n": 2, "more": "x" }] }))
        }
        _ => body(&json!({ "items": [], "links": { "next": null } })),
    })
    .await;
    let more = json!({ "token": "t", "records": "$.items", "pagination": { "next": "$.links.next" } });
    let source = rest(&owner, &server.url("/items"), more).await;
    let done = imported(&app, &owner, source).await;
    assert_eq!(done.body["rows"], 2);
    assert_eq!(rows(&owner, source).await, json!([[1, null], [2, "x"]]));
    let asked = server.take_asked();
    let targets: Vec<_> = asked.iter().map(|asked| asked.target.as_str()).collect();
    assert_eq!(targets, ["/items", "/items?page=2", "/items?page=3"]);
    assert!(asked.iter().all(|asked| asked.headers["authorization"] == "Bearer t"));
}

#[tokio::test]
async fn pages_follow_one_another_by_the_header_link_where_nothing_is_said() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|asked| match asked.target.as_str() {
        "/items" => answer(
            200,
            &[("link", r#"</items?page=2>; rel="next", </items?page=9>; rel="last""#)],
            r#"[{"n":1}]"#,
        ),
        _ => answer(200, &[("link", r#"</items>; rel="first""#)], r#"[{"n":2}]"#),
    })
    .await;
    let source = rest(&owner, &server.url("/items"), json!({})).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1], [2]]));
}

#[tokio::test]
async fn a_next_page_elsewhere_is_read_without_the_token() {
    let (app, owner) = start().await;
    let other = HttpsServer::start(|_| body(&json!({ "items": [{ "n": 2 }] }))).await;
    let next = other.url("/more");
    let server = HttpsServer::start(move |_| body(&json!({ "items": [{ "n": 1 }], "next": next }))).await;
    let more = json!({ "token": "t", "pagination": { "next": "$.next" } });
    let source = rest(&owner, &server.url("/"), more).await;
    imported(&app, &owner, source).await;
    assert_eq!(rows(&owner, source).await, json!([[1], [2]]));
    assert_eq!(server.take_asked()[0].headers.get("authorization").map(String::as_str), Some("Bearer t"));
    assert_eq!(other.take_asked()[0].headers.get("authorization"), None);
}

#[tokio::test]
async fn pages_that_lead_nowhere_are_told() {
    let (app, owner) = start().await;
    for (next, why) in [
        (json!("/"), "names as the page after it was read already: it would never end."),
        (json!("http://localhost/"), "is no https:// URL"),
        (
            json!("https://10.0.0.1/?key=secret"),
            "is on the host 10.0.0.1, which is not on the public internet",
        ),
        (json!("https://[::ffff:169.254.169.254]/"), "which is not on the public internet"),
        (json!(2), "has no URL at $.next, but a number"),
        (json!({}), "has no URL at $.next, but an object"),
    ] {
        let server = HttpsServer::start(move |_| body(&json!({ "items": [{ "n": 1 }], "next": next }))).await;
        let source = rest(&owner, &server.url("/"), json!({ "pagination": { "next": "$.next" } })).await;
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains(why), "{reason}");
        assert!(!reason.contains("secret"), "{reason}");
    }
}

#[tokio::test]
async fn there_are_at_most_a_thousand_pages() {
    let (app, owner) = start().await;
    let mut page = 0;
    let server = HttpsServer::start(move |_| {
        page += 1;
        body(&json!({ "items": [{ "n": page }], "next": format!("/?page={page}") }))
    })
    .await;
    let source = rest(&owner, &server.url("/"), json!({ "pagination": { "next": "$.next" } })).await;
    let reason = refused(&app, &owner, source).await;
    assert!(reason.contains("more than 1000 pages"), "{reason}");
    assert_eq!(server.take_asked().len(), 1_000);
}

#[tokio::test]
async fn all_pages_together_are_as_large_as_the_plan_says() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Starter).await;
    let text = "x".repeat(900_000);
    let mut page = 0;
    let server = HttpsServer::start(move |_| {
        page += 1;
        body(&json!({ "items": [{ "text": text }], "next": format!("/?page={page}") }))
    })
    .await;
    let source = rest(&owner, &server.url("/"), json!({ "pagination": { "next": "$.next" } })).await;
    let reason = refused(&app, &owner, source).await;
    assert!(reason.contains("larger than 10000000 bytes, which is what the plan allows"), "{reason}");
    assert_eq!(server.take_asked().len(), 12);
}
