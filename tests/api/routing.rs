//! What holds whatever the route: paths, methods, HTTPS, panics, request ids.

use axum::http::Method;
use shared::access::Access;
use shared::model::Role;
use shared::service::Routes;
use tests::paths::{HEALTH, STATUS};
use tests::{Actor, TestApp, TestRequest};

#[tokio::test]
async fn every_path_is_answered_with_and_without_its_slash() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    // Without its slash, the root is no path.
    for route in groups::routes().iter().filter(|route| route.path != "/") {
        let call = async |path: &str| owner.request(route.method.as_str(), path).body("{}").await;
        let canonical = call(&route.path).await;
        let short = call(route.path.trim_end_matches('/')).await;
        assert_eq!((canonical.status, canonical.body), (short.status, short.body), "{}", route.path);
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_404_in_the_envelope() {
    let app = TestApp::start().await;
    for path in [
        "/index.html",
        "/api",
        "/api/",
        "/api/nope",
        "/api/auth/login//",
        "//api/health/",
        "/api/health/x",
        "/api/%00",
        "/api/%ff/",
        "/api/../etc/passwd",
        "/api/health/%2e%2e/",
        "/API/HEALTH/",
        "/api/health;x=1",
    ] {
        let reply = app.get(path).await;
        assert_eq!((reply.status, reply.error().as_str()), (404, "not_found"), "{path}");
    }
    let long = format!("/api/{}", "x".repeat(5_000));
    let reply = app.get(&long).await;
    assert!(reply.status == 404 && reply.text("detail").len() < 200, "{reply:?}");
}

#[tokio::test]
async fn another_method_is_a_405_that_lists_what_is_allowed() {
    let app = TestApp::start().await;
    for (method, path, allow) in [
        ("PUT", "/api/health/", "GET,HEAD"),
        ("DELETE", "/api/auth/status", "GET,HEAD"),
        ("GET", "/api/auth/login/", "POST"),
        ("BREW", "/api/auth/login/", "POST"),
    ] {
        let reply = app.request(method, path).await;
        assert_eq!((reply.status, reply.error().as_str()), (405, "method_not_allowed"), "{method} {path}");
        assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let app = TestApp::start().await;
    let reply = app.request("HEAD", HEALTH).await;
    assert_eq!((reply.status, reply.body.is_null()), (200, true));
    assert_eq!(app.request("HEAD", STATUS).await.status, 401);
}

#[tokio::test]
async fn a_parameter_that_nobody_reads_is_named() {
    let app = TestApp::start().await;
    let owner = app.user(Role::Owner).await;
    let reply = owner.get("/api/auth/status/?page=1&x").await;
    assert_eq!((reply.status, reply.error().as_str()), (400, "validation_error"));
    assert_eq!(reply.reasons("page"), "Unknown; nothing is expected here.");
    assert_eq!(reply.reasons("x"), "Unknown; nothing is expected here.");
    for query in ["%ff", "a=%ff", "a=%00%ff"] {
        let reply = app.get(&format!("/api/health/?{query}")).await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "bad_request"), "{query}");
    }
    let unauthenticated = app.get("/api/auth/status/?page=1").await;
    assert_eq!(unauthenticated.status, 401, "who is calling comes first");
}

#[tokio::test]
async fn what_came_in_the_clear_is_refused() {
    let app = TestApp::start().await;
    for path in ["/api/health/", "/api/auth/status/", "/nope"] {
        let reply = app.get(path).header("x-forwarded-proto", "http").await;
        assert_eq!((reply.status, reply.error().as_str()), (403, "https_required"), "{path}");
    }
    assert_eq!(app.get(HEALTH).header("x-forwarded-proto", "https").await.status, 200);
}

#[tokio::test]
async fn a_panic_is_a_500_that_tells_nothing() {
    let app = TestApp::start().await;
    let routes = Routes::new()
        .add(Method::GET, "/api/panic/", Access::Public, async || -> () { panic!("the secret is 42") });
    let reply = TestRequest::new(routes.into_router(app.app.clone()), "GET", "/api/panic/").await;
    assert_eq!((reply.status, reply.error().as_str()), (500, "internal_error"));
    assert!(!reply.body.to_string().contains("42"));
}

#[tokio::test]
async fn request_ids_are_ours_and_all_different() {
    let app = TestApp::start().await;
    let id = async || {
        let reply = app.get(HEALTH).header("x-request-id", "mine").await;
        reply.header("x-request-id").unwrap().to_owned()
    };
    let (first, second) = (id().await, id().await);
    assert_ne!(first, second);
    assert_ne!(first, "mine");
}
