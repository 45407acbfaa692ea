//! Pages of other origins: they may call the API, and read what a client reads.

use axum::http::Method;
use shared::model::Role;
use shared::service::App;
use shared::service::cors::AllowedOrigins;
use tests::paths::{DASHBOARDS, LOGIN, STATUS};
use tests::{Actor, Reply, TestApp, TestRequest, Wire};

const PAGE: &str = "https://app.example.com";

async fn preflight(app: &TestApp, path: &str, method: Method) -> Reply {
    app.request("OPTIONS", path)
        .header("origin", PAGE)
        .header("access-control-request-method", method.as_str())
        .header("access-control-request-headers", "authorization,content-type,idempotency-key")
        .await
}

#[tokio::test]
async fn a_preflight_is_answered_without_admission_and_kept_for_a_day() {
    let wire = Wire::default();
    let app = TestApp::start_on(&wire).await;
    wire.take_calls();
    for (path, method) in
        [(LOGIN, Method::POST), (DASHBOARDS, Method::GET), ("/api/dashboards/7", Method::PATCH)]
    {
        let reply = preflight(&app, path, method).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("*")));
        assert_eq!(reply.header("access-control-max-age"), Some("86400"));
        let methods = reply.header("access-control-allow-methods").unwrap();
        assert!(
            ["GET", "POST", "PATCH", "DELETE"].iter().all(|method| methods.contains(method)),
            "{methods}"
        );
        let headers = reply.header("access-control-allow-headers").unwrap();
        let sent =
            ["authorization", "x-api-key", "content-type", "idempotency-key", "if-match", "if-none-match"];
        assert!(sent.iter().all(|name| headers.contains(name)), "{headers}");
    }
    assert!(wire.take_calls().is_empty());
}

#[tokio::test]
async fn every_answer_can_be_read_errors_too() {
    let app = TestApp::start().await;
    let viewer = app.user(Role::Viewer).await;
    for (reply, status) in [
        (viewer.get(STATUS).header("origin", PAGE).await, 200),
        (viewer.get("/api/dashboards/7/").header("origin", PAGE).await, 404),
        (app.get(STATUS).header("origin", PAGE).await, 401),
        (app.get("/nowhere").header("origin", PAGE).await, 404),
        (app.get(STATUS).header("origin", PAGE).header("x-forwarded-proto", "http").await, 403),
    ] {
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (status, Some("*")));
        let exposed = reply.header("access-control-expose-headers").unwrap();
        for name in [
            "x-request-id",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "retry-after",
            "etag",
            "location",
        ] {
            assert!(exposed.contains(name), "{name}: {exposed}");
        }
        assert_eq!(reply.header("access-control-allow-credentials"), None, "no cookie is ever read");
    }
}

#[tokio::test]
async fn an_operator_can_name_the_origins() {
    let app = TestApp::start().await;
    let mut config = tests::config();
    config.allowed_origins = AllowedOrigins::parse(&format!("{PAGE},https://other.example.com")).unwrap();
    let router = groups::routes().into_router(App::new(app.stores(), app.clock.clock(), config));
    for (origin, allowed) in [(PAGE, Some(PAGE)), ("https://evil.example.com", None)] {
        let reply = TestRequest::new(router.clone(), "GET", "/api/health/").header("origin", origin).await;
        assert_eq!(reply.header("access-control-allow-origin"), allowed);
        assert!(reply.header("vary").unwrap().to_lowercase().contains("origin"), "caches keep origins apart");
    }
}
