//! Servers that are busy, broken or hostile: each is told in time, and leaves the data as it was.

use std::time::Duration;

use serde_json::json;
use shared::model::Plan;
use tests::Actor;
use tests::https::{Answered, HttpsServer, answer, json as body};
use tests::paths::{DATA_SOURCES, item};

use super::{imported, refused, rest, rows, start};

fn seconds(seconds: &[u64]) -> Vec<Duration> {
    seconds.iter().copied().map(Duration::from_secs).collect()
}

#[tokio::test]
async fn what_may_pass_is_tried_again_as_the_server_asks() {
    let (app, owner) = start().await;
    for (fault, waits) in [
        (answer(429, &[("retry-after", "7")], ""), seconds(&[7])),
        (answer(503, &[("retry-after", "Fri, 15 Jan 2027 08:00:30 GMT")], ""), seconds(&[30])),
        (answer(503, &[("retry-after", "soon")], ""), seconds(&[1])),
        (answer(500, &[], ""), seconds(&[1])),
        (answer(502, &[], ""), seconds(&[1])),
        (answer(408, &[], ""), seconds(&[1])),
        (Answered::Last(Vec::new()), seconds(&[1])),
        (Answered::Last(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), seconds(&[1])),
        (
            Answered::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n[{\"n\": 9}]".to_vec()),
            seconds(&[1]),
        ),
        (
            Answered::Last(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n[{\"n\"".to_vec()),
            seconds(&[1]),
        ),
        (Answered::Hang(Vec::new()), seconds(&[1])),
        (Answered::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n[{\"n\"".to_vec()), seconds(&[1])),
    ] {
        let mut faults = vec![fault.clone()];
        let server =
            HttpsServer::start(move |_| faults.pop().unwrap_or_else(|| body(&json!([{ "n": 1 }])))).await;
        let source = rest(&owner, &server.url("/"), json!({})).await;
        imported(&app, &owner, source).await;
        assert_eq!(rows(&owner, source).await, json!([[1]]), "{fault:?}");
        assert_eq!((server.take_asked().len(), app.take_waits()), (2, waits), "{fault:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told() {
    let (app, owner) = start().await;
    for (fault, why, waits) in [
        (
            answer(500, &[], "secret"),
            "answered 500: it has an error of its own. It was tried 4 times.",
            seconds(&[1, 2, 4]),
        ),
        (
            answer(429, &[("retry-after", "3600")], ""),
            "To try again in 3600 s would be too late: all must be fetched within 300 s.",
            vec![],
        ),
        (
            answer(503, &[("retry-after", "18446744073709551615")], ""),
            "To try again in 18446744073709551615 s would be too late: all must be fetched within 300 s.",
            vec![],
        ),
        (answer(401, &[], "secret"), "answered 401: the token is not accepted", vec![]),
        (answer(403, &[], "secret"), "answered 403: the token is not accepted", vec![]),
        (answer(404, &[], "secret"), "answered 404: there is nothing at this URL.", vec![]),
        (answer(400, &[], "secret"), "answered 400: it does not take the request.", vec![]),
        (answer(304, &[], ""), "answered 304: it redirects to nowhere.", vec![]),
        (answer(302, &[], ""), "answered 302: it redirects to nowhere.", vec![]),
        (
            answer(200, &[("content-encoding", "gzip")], "secret"),
            "is compressed (gzip), although that was not asked for.",
            vec![],
        ),
        (Answered::Hang(Vec::new()), "did not answer within 0 s. It was tried 4 times.", seconds(&[1, 2, 4])),
        (
            Answered::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n[".to_vec()),
            "stopped answering: nothing came for 0 s. It was tried 4 times.",
            seconds(&[1, 2, 4]),
        ),
        (
            Answered::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n[".to_vec()),
            "ended its answer before it was complete. It was tried 4 times.",
            seconds(&[1, 2, 4]),
        ),
        (
            Answered::Last(b"what?\r\n\r\n".to_vec()),
            "gave an answer that is no HTTP. It was tried 4 times.",
            seconds(&[1, 2, 4]),
        ),
    ] {
        let server = HttpsServer::start(|_| body(&json!([{ "n": 1 }]))).await;
        let source = rest(&owner, &server.url("/a?key=secret"), json!({ "token": "t" })).await;
        imported(&app, &owner, source).await;
        let answered = fault.clone();
        server.change(move |_| answered.clone());
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains(why), "{fault:?}: {reason}");
        assert!(!reason.contains("secret"), "{reason}");
        assert_eq!(app.take_waits(), waits, "{fault:?}");
        assert_eq!(rows(&owner, source).await, json!([[1]]), "the data stays");
        assert_eq!(owner.get(&item(DATA_SOURCES, source)).await.body["status"], "error");
    }
}

#[tokio::test]
async fn a_flood_ends_at_the_plans_size() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Starter).await;
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n[",
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[",
    ] {
        let server = HttpsServer::start(move |_| Answered::Endless(head.as_bytes().to_vec())).await;
        let source = rest(&owner, &server.url("/"), json!({})).await;
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains("larger than 10000000 bytes"), "{reason}");
    }
    // Of headers, too.
    let head = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(900_000));
    let server = HttpsServer::start(move |_| Answered::Endless(head.clone().into_bytes())).await;
    let source = rest(&owner, &server.url("/"), json!({})).await;
    let reason = refused(&app, &owner, source).await;
    assert!(reason.contains("gave an answer that is no HTTP"), "{reason}");
}

#[tokio::test]
async fn who_does_not_listen_is_told() {
    let (app, owner) = start().await;
    let source = rest(&owner, "https://localhost:1/", json!({})).await;
    let reason = refused(&app, &owner, source).await;
    assert!(
        reason.contains("localhost:1 could not be connected to: connection refused. It was tried 4 times."),
        "{reason}"
    );
}
