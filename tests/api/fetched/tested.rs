//! Whether a data source can be reached and read, before anything is imported.

use serde_json::{Value, json};
use tests::https::{Answered, HttpsServer, answer, json as body};
use tests::paths::{DATA_SOURCES, action};
use tests::{Actor, TestUser, entities};

use super::bucket::bucket;
use super::{rest, start};

async fn test(owner: &TestUser, source: u64) -> Value {
    let reply = owner.post(&action(DATA_SOURCES, source, "test"), &json!({})).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let [ok, latency, reason, hint] = ["ok", "latency_ms", "reason", "hint"]
        .map(|name| !matches!(reply.body[name], Value::Null | Value::Bool(false)));
    assert_eq!([latency, !reason, !hint], [ok; 3], "{reply:?}");
    reply.body
}

/// Why it cannot be read.
async fn reason(owner: &TestUser, source: u64) -> String {
    let tested = test(owner, source).await;
    assert_eq!(tested["ok"], false, "{tested}");
    tested["reason"].as_str().expect("a reason").to_owned()
}

#[tokio::test]
async fn a_rest_api_is_asked_once_and_for_what_it_answers() {
    let (_, owner) = start().await;
    let server = HttpsServer::start(|_| answer(200, &[("server", "shop/2")], "  [{\"id\": 1}]")).await;
    let source = rest(&owner, &server.url("/orders?key=secret"), json!({ "token": "t0ken-sealed" })).await;
    assert_eq!(test(&owner, source).await["server"], "shop/2");
    let asked = server.take_asked();
    assert_eq!((asked.len(), asked[0].headers["authorization"].as_str()), (1, "Bearer t0ken-sealed"));
    server.change(|_| body(&json!({ "data": [] })));
    assert_eq!(test(&owner, source).await["ok"], true);
    for (answered, why) in [
        (answer(401, &[], ""), "answered 401: the token is not accepted, or may not read this."),
        (answer(404, &[], ""), "answered 404: there is nothing at this URL."),
        (answer(503, &[("retry-after", "9")], ""), "answered 503: it has an error of its own."),
        (
            answer(200, &[("content-type", "text/html")], "<html>"),
            "neither an array nor an object in JSON. It says that it is text/html.",
        ),
        (answer(200, &[], ""), "neither an array nor an object"),
        (answer(200, &[("content-encoding", "gzip")], "x"), "is compressed (gzip)"),
        (Answered::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), "neither an array nor an object"),
        (Answered::Hang(Vec::new()), "did not answer within"),
        (Answered::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n ".to_vec()), "ended its answer"),
        (answer(302, &[("location", "https://169.254.169.254/")], ""), "not on the public internet"),
    ] {
        server.change(move |_| answered.clone());
        let reason = reason(&owner, source).await;
        assert!(reason.contains(why) && !reason.contains("secret"), "{reason}");
    }
}

#[tokio::test]
async fn a_rest_api_that_cannot_be_trusted_or_found_is_told_as_such() {
    let (app, owner) = start().await;
    let (other, unknown) = (
        HttpsServer::start_named("example.com", |_| answer(200, &[], "[]")).await,
        HttpsServer::start_untrusted(|_| answer(200, &[], "[]")).await,
    );
    for (url, why) in [
        (other.url("/"), "has no trustworthy TLS connection"),
        (unknown.url("/"), "has no trustworthy TLS connection"),
        ("https://localhost:1/".to_owned(), "could not be connected to"),
        ("https://no-such-host.invalid/".to_owned(), "is not known: its name leads nowhere"),
    ] {
        let source = rest(&owner, &url, json!({})).await;
        let reason = reason(&owner, source).await;
        assert!(reason.contains(why), "{reason}");
    }
    // Where its network is not allowed any more.
    let server = HttpsServer::start(|_| answer(200, &[], "[]")).await;
    let source = rest(&owner, &server.url("/"), json!({})).await;
    let strict = owner.at(&app.allowing("10.0.0.0/8").instance());
    let reason = reason(&strict, source).await;
    assert!(reason.contains("not on the public internet"), "{reason}");
    assert!(server.take_asked().is_empty());
}

#[tokio::test]
async fn a_bucket_is_listed_and_read_from() {
    let (app, owner) = start().await;
    let source = bucket(&owner, "orders/", json!({})).await;
    let missing = reason(&owner, source).await;
    assert!(missing.contains("There is no bucket exports"), "{missing}");
    app.put_object("exports", "other/1.csv", "x\n1\n");
    let empty = reason(&owner, source).await;
    assert!(empty.contains("no object under \"orders/\""), "{empty}");
    app.put_object("exports", "orders/1.csv", "x\n1\n");
    assert_eq!(test(&owner, source).await["server"], "Amazon S3");
    app.bucket.fail(|call| {
        let is_read = call.uri.contains("x-id=GetObject");
        is_read.then_some(tests::ServiceFault::Refused(403, "AccessDenied"))
    });
    let refused = reason(&owner, source).await;
    assert!(refused.contains("needs s3:GetObject"), "{refused}");
    app.bucket.fail(|_| Some(tests::ServiceFault::Refused(403, "SignatureDoesNotMatch")));
    let unsigned = reason(&owner, source).await;
    assert!(unsigned.contains("secret access key is not that of the access key"), "{unsigned}");
}

#[tokio::test]
async fn a_file_can_be_read_once_it_is_imported() {
    let (app, owner) = start().await;
    let source = entities::data_source(&owner).await;
    assert_eq!(reason(&owner, source).await, "No file has been imported yet.");
    entities::imported(&app, &owner, source, "a\n1\n").await;
    assert_eq!(test(&owner, source).await["ok"], true);
    app.lose_data(source);
    assert_eq!(reason(&owner, source).await, "What was imported is not there any more.");
}
