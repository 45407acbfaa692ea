//! TLS: with whom, and that there is no way around it.

use serde_json::{Value, json};
use tests::databases::{ADDRESSES, Authority, Proxy, Way};

use super::super::sources::live_servers;
use super::{Numbers, trouble};

const NOT_ACCEPTED: &str = "certificate is not accepted";

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_checked_against_the_host_and_its_authority() {
    for server in live_servers() {
        let elsewhere = trouble(server, |_, connection| connection["host"] = json!(ADDRESSES[1])).await;
        assert!(elsewhere.contains(NOT_ACCEPTED), "{elsewhere}");
        let unknown = trouble(server, |_, connection| {
            connection.as_object_mut().unwrap().remove("ca_certificate");
        })
        .await;
        assert!(unknown.contains(NOT_ACCEPTED), "{unknown}");
        let other = Authority::default().pem();
        let other = trouble(server, |_, connection| connection["ca_certificate"] = json!(other)).await;
        assert!(other.contains(NOT_ACCEPTED), "{other}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mode_reaches_a_server_that_offers_all() {
    for server in live_servers() {
        for mode in ["verify_full", "require", "disable"] {
            let only = |connection: &mut Value| {
                connection["ssl_mode"] = json!(mode);
                if mode != "verify_full" {
                    connection.as_object_mut().unwrap().remove("ca_certificate");
                }
            };
            Numbers::start(server, only).await.is_well("well").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_sent_a_password_unless_it_is_disabled() {
    for server in live_servers() {
        let proxy = Proxy::start(server).await;
        proxy.set(Way::HasNoTls);
        for mode in ["require", "verify_full"] {
            let reason = trouble(server, |_, connection| {
                connection["port"] = json!(proxy.port);
                connection["ssl_mode"] = json!(mode);
                if mode == "require" {
                    connection.as_object_mut().unwrap().remove("ca_certificate");
                }
            })
            .await;
            assert!(reason.contains("does not offer TLS"), "{reason}");
        }
    }
}
