//! The console, as a browser gets it: the page, and the files that it names.

use shared::service::app::DemoSignIn;
use tests::TestApp;

/// The paths that the page names, such as `/assets/1f…/app/main.js`.
fn named(html: &str) -> Vec<&str> {
    html.split('"').filter(|text| text.starts_with("/assets/")).collect()
}

#[tokio::test]
async fn the_page_and_all_that_it_names_are_here() {
    let app = TestApp::start().await;
    let page = app.get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let paths = named(page.body.as_str().unwrap());
    assert!(paths.iter().any(|path| path.ends_with("/app/main.js")), "{paths:?}");
    let (mut total_plain, mut total_small) = (0, 0);
    for path in paths {
        let plain = app.get(path).await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, None), "{path}");
        assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
        assert_eq!(plain.header("x-content-type-options"), Some("nosniff"), "{path}");
        let small = app.get(path).header("accept-encoding", "gzip, deflate, br").await;
        assert_eq!((small.status, small.header("content-encoding")), (200, Some("gzip")), "{path}");
        assert!(small.header("vary").unwrap().contains("accept-encoding"), "{small:?}");
        assert_eq!(small.bytes[..2], [0x1f, 0x8b], "{path}");
        (total_plain, total_small) = (total_plain + plain.bytes.len(), total_small + small.bytes.len());
    }
    assert!(total_small * 2 < total_plain, "{total_small} of {total_plain} bytes");
}

#[tokio::test]
async fn the_page_is_asked_for_each_time_and_sent_when_it_is_another() {
    let app = TestApp::start().await;
    let page = app.get("/").await;
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let tag = page.header("etag").unwrap().to_owned();
    let known = app.get("/").header("if-none-match", &tag).await;
    assert_eq!((known.status, known.bytes.len(), known.header("etag")), (304, 0, Some(&*tag)));
    assert_eq!(app.get("/").header("if-none-match", "\"other\"").await.status, 200);
    let head = app.request("HEAD", "/").await;
    assert_eq!((head.status, head.bytes.len(), head.header("etag")), (200, 0, Some(&*tag)));
}

#[tokio::test]
async fn the_page_runs_and_calls_nothing_from_elsewhere_but_the_bucket() {
    let app = TestApp::start().await;
    let page = app.get("/").await;
    let files = app.app.files.origin();
    let expected = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {files}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types chart"
    );
    assert_eq!(page.header("content-security-policy"), Some(&*expected));
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
}

/// A link to an upload leads to where the page may call.
#[tokio::test]
async fn files_are_sent_to_the_origin_that_the_policy_names() {
    let app = TestApp::start().await;
    let link = app.app.files.upload_link("uploads/1/2/3", 1, std::time::Duration::from_secs(1)).unwrap();
    let origin = app.app.files.origin();
    assert!(link.url.starts_with(&format!("{origin}/")), "{} is not at {origin}", link.url);
}

#[tokio::test]
async fn what_is_no_file_of_this_version_is_not_there() {
    let app = TestApp::start().await;
    let page = app.get("/").await;
    let main = named(page.body.as_str().unwrap()).into_iter().find(|path| path.ends_with("main.js")).unwrap();
    let version = main.split('/').nth(2).unwrap();
    for path in [
        "/assets/0123456789abcdef/app/main.js".to_owned(),
        format!("/assets/{version}/app/other.js"),
        format!("/assets/{version}/app/..%2findex.html"),
        format!("/assets/{version}/app/%ff"),
        format!("/assets/{version}/index.html"),
        format!("/assets/{version}"),
        "/assets/".to_owned(),
    ] {
        let reply = app.get(&path).await;
        assert_eq!((reply.status, reply.error().as_str()), (404, "not_found"), "{path}");
    }
}

#[tokio::test]
async fn the_demo_is_offered_where_the_server_has_one() {
    let app = TestApp::start().await;
    assert!(!app.get("/").await.body.as_str().unwrap().contains("demo-sign-in"));
    let app = app.with_demo(DemoSignIn { email: "you@example.com".into(), password: "your-password".into() });
    let page = app.get("/").await;
    let offered = r#"<meta name="demo-sign-in" data-email="you@example.com" data-password="your-password">"#;
    assert!(page.body.as_str().unwrap().contains(offered), "{}", page.body);
}
