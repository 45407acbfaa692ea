//! The API, explained: the document and its page.

use tests::TestApp;

#[tokio::test]
async fn the_document_names_the_server_that_was_asked() {
    let app = TestApp::start().await;
    let reply = app.get("/api/openapi.json").await;
    assert_eq!(reply.status, 200);
    let mut expected = openapi::document();
    expected["servers"][0]["url"] = "https://api.example.com".into();
    assert!(reply.body == expected, "the served document is not the code's");
}

#[tokio::test]
async fn the_page_and_all_that_it_names_are_here() {
    let app = TestApp::start().await;
    let page = app.get("/api/docs/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let html = page.body.as_str().unwrap();
    let named = html.split('"').filter(|text| text.starts_with('/'));
    let mut count = 0;
    for path in named {
        let reply = app.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        count += 1;
    }
    assert_eq!(count, 6);
}

#[tokio::test]
async fn the_page_runs_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let page = app.get("/api/docs").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    for forbidden in ["unsafe", "http", "*"] {
        assert!(!policy.contains(forbidden), "{policy}");
    }
}

#[tokio::test]
async fn what_the_page_does_not_name_is_not_there() {
    let app = TestApp::start().await;
    for path in ["/api/docs/x.js", "/api/docs/..%2fCargo.toml", "/api/docs/%ff"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
}
