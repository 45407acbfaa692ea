//! What goes wrong with databases: it is told in words, in time, and nothing of it is left.

mod begun;
mod connections;
mod slow;
mod tls;
mod ways;

use serde_json::{Value, json};
use shared::model::Role;
use tests::databases::{Database, Server, User};
use tests::paths::{ANALYTICS_QUERY, DATA_SOURCES, action};
use tests::{Actor, Reply, TestApp, TestUser};

use super::sources::{connect_as, import_catalog, start_app};

/// A database with a table of three numbers, and an administrator whose data source it is.
struct Numbers {
    app: TestApp,
    administrator: TestUser,
    database: Database,
    source: u64,
}

impl Numbers {
    /// Over a connection as the database's own, but for what `change` does to it.
    async fn start(server: &'static Server, change: impl FnOnce(&mut Value)) -> Self {
        let database = server.database();
        let table = database.quoted("numbers");
        database.run(&format!("CREATE TABLE {table} (n int); INSERT INTO {table} VALUES (1), (2), (4);"));
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        let mut connection = database.connection(User::Reader);
        change(&mut connection);
        let created = connect_as(&administrator, &database, &connection).await;
        assert_eq!(created.status, 201, "{created:?}");
        let done = import_catalog(&app, &administrator, created.id()).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        let test = administrator.post(&action(DATA_SOURCES, created.id(), "test"), &json!({})).await;
        assert_eq!((test.status, &test.body["ok"]), (200, &json!(true)), "{test:?}");
        let server = test.text("server");
        assert!(["PostgreSQL 1", "MariaDB 1"].iter().any(|name| server.starts_with(name)), "{test:?}");
        Self { app, administrator, database, source: created.id() }
    }

    /// Asks for the sum, by another name each time, so that no answer is one that was kept.
    async fn sum(&self, name: &str) -> Reply {
        self.ask("numbers", name).await
    }

    /// The same, asked by somebody.
    async fn sum_of(&self, actor: &TestUser, name: &str) -> Reply {
        self.ask_as(actor, "numbers", name).await
    }

    async fn ask(&self, table: &str, name: &str) -> Reply {
        self.ask_as(&self.administrator, table, name).await
    }

    async fn ask_as(&self, actor: &TestUser, table: &str, name: &str) -> Reply {
        let measure = json!({ "field": "n", "aggregation": "sum", "as": name });
        let query = json!({ "table": self.database.table(table), "measures": [measure] });
        actor.post(ANALYTICS_QUERY, &json!({ "data_source": self.source, "query": query })).await
    }

    /// Holds that the next query is answered as if nothing had been.
    async fn is_well(&self, name: &str) {
        let reply = self.sum(name).await;
        assert_eq!((reply.status, &reply.body["rows"]), (200, &json!([[7]])), "{reply:?}");
    }
}

/// Why the catalog cannot be read over a connection, which a test of it says, too.
async fn trouble(server: &'static Server, change: impl FnOnce(&Database, &mut Value)) -> String {
    let database = server.database();
    database.run(&format!("CREATE TABLE {} (n int);", database.quoted("numbers")));
    let app = start_app().await;
    let administrator = app.user(Role::Administrator).await;
    let mut connection = database.connection(User::Reader);
    change(&database, &mut connection);
    let created = connect_as(&administrator, &database, &connection).await;
    assert_eq!(created.status, 201, "{created:?}");
    let done = import_catalog(&app, &administrator, created.id()).await;
    assert_eq!(done.body["status"], "failed", "{done:?}");
    let reason = done.body["errors"][0]["reason"].as_str().unwrap_or_else(|| panic!("no reason: {done:?}"));
    assert!(!reason.contains("hunter"), "{reason}");
    let test = administrator.post(&action(DATA_SOURCES, created.id(), "test"), &json!({})).await;
    assert_eq!((test.status, &test.body["ok"], &test.body["latency_ms"]), (200, &json!(false), &Value::Null));
    let told = format!("{} {}", test.text("reason"), test.text("hint"));
    assert_eq!(told, reason, "{test:?}");
    reason.to_owned()
}

/// Holds that a query failed for a reason of the source's.
fn assert_source_error(reply: &Reply, reason: &str) {
    assert_eq!((reply.status, reply.error().as_str()), (502, "source_error"), "{reply:?}");
    assert!(reply.text("detail").contains(reason), "{reply:?}");
    assert!(!reply.text("detail").contains("hunter"), "{reply:?}");
}
