//! Where the job connects to: to what was checked, and nowhere else.

use serde_json::json;
use tests::Actor;
use tests::https::{HttpsServer, answer, json as body};
use tests::paths::{import as import_path, imports};

use super::{imported, refused, rest, rows, start};

#[tokio::test]
async fn what_a_name_leads_to_is_checked_when_it_is_used() {
    let (app, owner) = start().await;
    let server = HttpsServer::start(|_| body(&json!([{ "n": 1 }]))).await;
    let source = rest(&owner, &server.url("/a?key=secret"), json!({})).await;
    // Whoever runs the API allows the network no more.
    let strict = app.allowing("10.0.0.0/8");
    owner.post(&imports(source), &json!({})).await;
    strict.run_jobs().await;
    let failed = owner.get(&import_path(source, 1)).await;
    let reason = failed.body["errors"][0]["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("The host localhost is not on the public internet"), "{reason}");
    assert!(!reason.contains("127.0.0.1") && !reason.contains("secret"), "{reason}");
    assert!(server.take_asked().is_empty());
    imported(&app, &owner, source).await;
}

#[tokio::test]
async fn redirects_are_followed_and_checked_and_get_no_token_elsewhere() {
    let (app, owner) = start().await;
    let other = HttpsServer::start(|_| body(&json!([{ "n": 2 }]))).await;
    let there = other.url("/there");
    for status in [301, 302, 303, 307, 308] {
        let there = there.clone();
        let server = HttpsServer::start(move |asked| match asked.target.as_str() {
            "/" => answer(status, &[("location", "/here")], ""),
            _ => answer(status, &[("location", &there)], ""),
        })
        .await;
        let source = rest(&owner, &server.url("/"), json!({ "token": "t" })).await;
        imported(&app, &owner, source).await;
        assert_eq!(rows(&owner, source).await, json!([[2]]), "{status}");
        let tokens: Vec<_> =
            server.take_asked().iter().map(|asked| asked.headers.contains_key("authorization")).collect();
        assert_eq!(tokens, [true, true], "{status}");
        let asked = other.take_asked();
        assert_eq!((asked.len(), asked[0].headers.get("authorization")), (1, None), "{status}");
    }
    for (location, why) in [
        (
            "https://10.0.0.1/",
            "what it redirects to is on the host 10.0.0.1, which is not on the public internet",
        ),
        ("https://[fd00::1]/", "which is not on the public internet"),
        ("https://2130706433.invalid:1/", "The host 2130706433.invalid is not known"),
        ("http://localhost/", "is no https:// URL"),
        ("file:///etc/passwd", "is no https:// URL"),
        ("//", "is no URL"),
        ("/again", "redirects more than 5 times"),
    ] {
        let server = HttpsServer::start(move |_| answer(302, &[("location", location)], "")).await;
        let source = rest(&owner, &server.url("/"), json!({})).await;
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains(why), "{location}: {reason}");
    }
}

#[tokio::test]
async fn a_server_has_a_certificate_that_is_trusted_and_its_own() {
    let (app, owner) = start().await;
    let items = |_: &_| body(&json!([{ "n": 1 }]));
    for server in
        [HttpsServer::start_untrusted(items).await, HttpsServer::start_named("other.example", items).await]
    {
        let source = rest(&owner, &server.url("/"), json!({ "token": "t" })).await;
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains("has no trustworthy TLS connection: invalid peer certificate"), "{reason}");
        assert!(server.take_asked().is_empty(), "nothing was sent");
    }
    assert!(app.take_waits().is_empty(), "a certificate does not get better");
}
