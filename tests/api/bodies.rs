//! Bodies: JSON objects, of a bounded size, that say what they are.

use tests::TestApp;
use tests::paths::LOGIN;

#[tokio::test]
async fn a_body_that_is_no_json_object_is_told_what_it_is() {
    let app = TestApp::start().await;
    for (body, says) in [
        (&b""[..], "The body is empty; send a JSON object."),
        (b"  \n", "The body is empty; send a JSON object."),
        (b"{\"email\": ", "The body is not JSON: EOF while parsing a value at line 1 column 10."),
        (b"email=you", "The body is not JSON: expected value at line 1 column 1."),
        (b"[]", "The body must be a JSON object, not an array."),
        (b"\"text\"", "The body must be a JSON object, not a string."),
        (b"null", "The body must be a JSON object, not null."),
        (b"{\"email\": \"\xff\"}", "The body is not UTF-8 from byte 11 on."),
        (b"{\"email\": \"a\0b\"}", "The body is not JSON: control character"),
        (b"{} {}", "The body is not JSON: trailing characters"),
        (b"{\"a\": 1e999}", "The body is not JSON: number out of range"),
    ] {
        let reply = app.post(LOGIN).body(body).await;
        assert_eq!((reply.status, reply.error().as_str()), (400, "invalid_json"), "{body:?}");
        assert!(reply.text("detail").starts_with(says), "{reply:?}");
    }
    let deep = "[".repeat(100_000);
    let reply = app.post(LOGIN).body(format!("{{\"email\": {deep}")).await;
    assert_eq!(reply.error(), "invalid_json");
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large() {
    let app = TestApp::start().await;
    let reply = app.post(LOGIN).body(vec![b' '; 10 * 1024 * 1024]).await;
    assert_eq!((reply.status, reply.error().as_str()), (413, "payload_too_large"));
    assert_eq!(reply.text("detail"), "The body must not be larger than 1048576 bytes.");
}

#[tokio::test]
async fn only_json_is_accepted() {
    let app = TestApp::start().await;
    for media_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"]
    {
        let reply = app.post(LOGIN).header("content-type", media_type).body("{}").await;
        assert_eq!((reply.status, reply.error().as_str()), (415, "unsupported_media_type"), "{media_type}");
        assert!(reply.text("detail").contains("application/json"), "{reply:?}");
    }
    assert_eq!(app.post(LOGIN).await.status, 415);
    for media_type in ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
    {
        let reply = app.post(LOGIN).header("content-type", media_type).body("{}").await;
        assert_eq!(reply.error(), "validation_error", "{media_type}");
    }
}
