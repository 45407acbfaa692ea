//! Names that lead elsewhere once they were checked: what was checked is connected to, and what they lead to then is not.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use shared::model::Role;
use tests::Actor;
use tests::own_network::{self, Names, PUBLIC};
use tests::paths::{DATA_SOURCES, action};
use tokio::net::TcpListener;

use super::start;

const PORT: u16 = 5432;

#[tokio::test]
async fn a_name_is_not_followed_to_where_it_leads_after_it_was_checked() {
    let name = "a_name_is_not_followed_to_where_it_leads_after_it_was_checked";
    if !own_network::enter(module_path!(), name) {
        return;
    }
    let names = Names::start();
    let outside = Visitors::at(PUBLIC).await;
    let inside = Visitors::at(Ipv4Addr::LOCALHOST.into()).await;
    let (_, owner) = start(Role::Owner).await;
    for (source_type, engine) in [("database", "postgresql"), ("database", "mysql"), ("api", "rest")] {
        let host = format!("{engine}.example.com");
        let connection = match engine {
            "rest" => json!({ "url": format!("https://{host}:{PORT}/") }),
            _ => json!({ "host": host, "port": PORT, "database": "d", "username": "u", "password": "p" }),
        };
        let body = json!({ "name": engine, "type": source_type, "engine": engine, "connection": connection });
        let created = owner.post(DATA_SOURCES, &body).await;
        assert_eq!(created.status, 201, "{created:?}");
        let test = action(DATA_SOURCES, created.id(), "test");

        let visits = outside.count();
        let first = owner.post(&test, &json!({})).await;
        assert_eq!((first.status, &first.body["ok"]), (200, &json!(false)), "{first:?}");
        assert!(!first.text("reason").contains("not on the public internet"), "{first:?}");
        assert_eq!(outside.count(), visits + 1, "{engine}");
        assert_eq!(names.look_ups(&host), 1, "{engine}");

        let second = owner.post(&test, &json!({})).await;
        assert!(second.text("reason").contains("not on the public internet"), "{second:?}");
        assert_eq!((names.look_ups(&host), outside.count()), (2, visits + 1), "{engine}");
    }
    assert_eq!(inside.count(), 0);
}

/// Counts who connects, and sends them away.
struct Visitors(Arc<AtomicUsize>);

impl Visitors {
    async fn at(address: IpAddr) -> Self {
        let listener = TcpListener::bind((address, PORT)).await.unwrap();
        let count = Arc::new(AtomicUsize::new(0));
        let visitors = Self(Arc::clone(&count));
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        visitors
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}
