//! Ways to a server on which answers do not arrive.

use std::time::Duration;

use serde_json::{Value, json};
use tests::databases::{Proxy, Way};

use super::super::sources::live_servers;
use super::{Numbers, assert_source_error, trouble};

pub(super) fn plain_through(proxy: &Proxy) -> impl FnOnce(&mut Value) {
    let port = proxy.port;
    move |connection: &mut Value| {
        connection["port"] = json!(port);
        connection["ssl_mode"] = json!("disable");
        connection.as_object_mut().unwrap().remove("ca_certificate");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_breaks_off_or_is_none_is_an_error_of_the_source() {
    for server in live_servers() {
        for way in [Way::Breaks, Way::Lies] {
            let proxy = Proxy::start(server).await;
            let numbers = Numbers::start(server, plain_through(&proxy)).await;
            numbers.is_well("before").await;
            proxy.set(way);
            assert_source_error(&numbers.sum("meanwhile").await, "");
            proxy.set(Way::Open);
            numbers.is_well("after").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_too_an_answer_that_breaks_off_or_is_none_is_an_error_of_the_source() {
    for server in live_servers() {
        for way in [Way::Breaks, Way::Lies] {
            let proxy = Proxy::start(server).await;
            let port = proxy.port;
            let numbers = Numbers::start(server, |connection| connection["port"] = json!(port)).await;
            proxy.set(way);
            assert_source_error(&numbers.sum("meanwhile").await, "");
            proxy.set(Way::Open);
            numbers.is_well("after").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalog_does_not_come_of_what_is_no_server_of_that_kind() {
    for server in live_servers() {
        for way in [Way::Breaks, Way::Lies] {
            let proxy = Proxy::start(server).await;
            proxy.set(way);
            trouble(server, |_, connection| plain_through(&proxy)(connection)).await;
        }
        // The other one.
        for other in live_servers().filter(|other| other.kind != server.kind) {
            trouble(server, |_, connection| connection["port"] = json!(other.port)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_rows_is_ended() {
    for server in live_servers() {
        let proxy = Proxy::start(server).await;
        let numbers = Numbers::start(server, plain_through(&proxy)).await;
        numbers.is_well("before").await;
        proxy.set(Way::Floods);
        let reply = numbers.sum("meanwhile").await;
        assert!(matches!(reply.status, 400 | 502), "{reply:?}");
        proxy.set(Way::Open);
        numbers.is_well("after").await;
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_until_the_deadline() {
    for server in live_servers() {
        let proxy = Proxy::start(server).await;
        let numbers = Numbers::start(server, plain_through(&proxy)).await;
        numbers.is_well("before").await;
        proxy.set(Way::Hangs);
        // The server itself has answered: only the time of the API has to pass.
        let passes = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            super::slow::pass(Duration::from_secs(21)).await;
        };
        let (reply, ()) = tokio::join!(numbers.sum("meanwhile"), passes);
        assert_eq!((reply.status, reply.error().as_str()), (504, "query_timeout"), "{reply:?}");
        proxy.set(Way::Open);
        numbers.is_well("after").await;
    }
}
