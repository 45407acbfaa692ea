//! What the embedded SES takes, and where it is put.

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use shared::base::Timestamp;
use tower::ServiceExt as _;

use super::*;

const MESSAGE: &str = "From: me@example.com\r\nTo: you@example.com\r\nSubject: Hello\r\n\r\nHello.\r\n";

fn clock() -> Clock {
    Clock::new(|| Timestamp::from_second(1_800_000_000).expect("a time"))
}

fn request(to: &str, message: &[u8]) -> Value {
    json!({
        "FromEmailAddress": "me@example.com",
        "Destination": { "ToAddresses": [to] },
        "Content": { "Raw": { "Data": BASE64_STANDARD.encode(message) } },
    })
}

/// Sends. The status and the error's name.
async fn send(outbox: &Outbox, body: &Value) -> (u16, String) {
    let request = Request::post("/v2/email/outbound-emails").body(Body::from(body.to_string()));
    let answer = router(outbox.clone()).oneshot(request.expect("a request")).await.expect("an answer");
    let error = answer.headers().get("x-amzn-errortype").map(|name| name.to_str().expect("a text"));
    (answer.status().as_u16(), error.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn mail_is_a_file_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = Outbox::open(Some(folder.path().join("outbox")), clock()).expect("it opens");
    for to in ["you@example.com", "you@example.com", "../../etc/x`y'@example.com"] {
        assert_eq!(send(&outbox, &request(to, MESSAGE.as_bytes())).await, (200, String::new()), "{to}");
    }
    let files = std::fs::read_dir(folder.path().join("outbox")).expect("a folder");
    let mut names: Vec<_> =
        files.map(|file| file.expect("a file").file_name().into_string().expect("a text")).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "20270115T080000Z-.._.._etc_x_y_@example.com.eml",
            "20270115T080000Z-you@example.com-2.eml",
            "20270115T080000Z-you@example.com.eml",
        ]
    );
    let file = folder.path().join("outbox").join(&names[2]);
    assert_eq!(std::fs::read_to_string(file).expect("a file"), MESSAGE);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[tokio::test]
async fn mail_is_kept_in_memory_where_there_is_no_folder() {
    let outbox = Outbox::open(None, clock()).expect("it opens");
    send(&outbox, &request("you@example.com", MESSAGE.as_bytes())).await;
    let sent = Sent { recipients: vec!["you@example.com".to_owned()], message: MESSAGE.to_owned() };
    assert_eq!(outbox.sent(), [sent]);
}

#[tokio::test]
async fn what_ses_refuses_is_refused() {
    let outbox = Outbox::open(None, clock()).expect("it opens");
    let message = MESSAGE.as_bytes();
    let mut nobody = request("you@example.com", message);
    nobody["Destination"]["ToAddresses"] = json!([]);
    for (body, error) in [
        (request("you@example.com", b"Subject: x\r\n\r\nFrom: me@example.com\r\n"), "BadRequestException"),
        (request("you", message), "BadRequestException"),
        (request("y ou@example.com", message), "BadRequestException"),
        (request("you@example.com\r\nBcc: x@example.com", message), "BadRequestException"),
        (request("Jörg <you@example.com>", message), "BadRequestException"),
        (request("jörg@example.com", message), "BadRequestException"),
        (request("you@bounce.example", message), "MessageRejected"),
        (nobody, "BadRequestException"),
        (json!({}), "BadRequestException"),
    ] {
        assert_eq!(send(&outbox, &body).await, (400, error.to_owned()), "{body:.200}");
    }
    let mut large = MESSAGE.as_bytes().to_vec();
    large.resize((40 << 20) + 1, b'x');
    assert_eq!(send(&outbox, &request("you@example.com", &large)).await.1, "MessageRejected");
    large.truncate(40 << 20);
    assert!(outbox.sent().is_empty());
    assert_eq!(send(&outbox, &request("you@example.com", &large)).await.0, 200);
}
