//! Where questions are asked: the same tables as files, in PostgreSQL and in MariaDB.

use std::sync::LazyLock;

use serde_json::{Value, json};
use shared::model::Role;
use tests::databases::{Database, Kind, Server, User, server};
use tests::paths::{ANALYTICS_EXPLAIN, ANALYTICS_QUERY, DATA_SOURCES, import, imports};
use tests::{Actor, Reply, TestApp, TestUser};

use super::data::{self, Table};

/// The engines that answer queries live.
const LIVE: [Kind; 2] = Kind::ALL;

/// The servers of those engines that are there.
pub(crate) fn live_servers() -> impl Iterator<Item = &'static Server> {
    LIVE.into_iter().filter_map(server)
}

/// The tables, by what questions call them.
pub(super) struct Tables {
    pub(super) everything: Table,
    pub(super) nothing: Table,
    pub(super) many: Table,
}

/// The tables and their files, made once.
pub(super) static TABLES: LazyLock<Tables> =
    LazyLock::new(|| Tables { everything: data::everything(), nothing: data::nothing(), many: data::many() });

/// Which table a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Everything,
    Nothing,
    Many,
}

impl Which {
    const ALL: [Self; 3] = [Self::Everything, Self::Nothing, Self::Many];

    pub(super) fn table(self) -> &'static Table {
        match self {
            Self::Everything => &TABLES.everything,
            Self::Nothing => &TABLES.nothing,
            Self::Many => &TABLES.many,
        }
    }
}

/// A place where all tables are.
pub(super) struct Source {
    /// The engine, as the API names it.
    pub(super) engine: &'static str,
    actor: TestUser,
    /// Which data source and which table of it each is.
    tables: [(u64, String); 3],
}

impl Source {
    /// What the API answers.
    pub(super) async fn ask(&self, which: Which, query: &Value) -> Reply {
        self.actor.post(ANALYTICS_QUERY, &self.body(which, query)).await
    }

    /// How the API explains it.
    pub(super) async fn explain(&self, which: Which, query: &Value) -> Reply {
        self.actor.post(ANALYTICS_EXPLAIN, &self.body(which, query)).await
    }

    fn body(&self, which: Which, query: &Value) -> Value {
        let (source, table) = &self.tables[which as usize];
        let mut query = query.clone();
        query["table"] = json!(table);
        json!({ "data_source": source, "query": query })
    }
}

/// An app with all sources; the first one are the files.
pub(super) async fn start() -> (TestApp, Vec<Source>) {
    let app = start_app().await;
    let mut sources = vec![files(&app).await];
    for kind in LIVE {
        if let Some(database) = filled(kind) {
            sources.push(live(&app, database).await);
        }
    }
    (app, sources)
}

/// An app that may connect to the servers of tests.
pub(crate) async fn start_app() -> TestApp {
    TestApp::start().await.allowing("127.0.0.0/8")
}

async fn files(app: &TestApp) -> Source {
    static FILES: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| Which::ALL.map(|which| which.table().parquet()));
    let actor = app.user(Role::Analyst).await;
    let mut tables = Vec::new();
    for file in &*FILES {
        let body = json!({ "name": "a file", "type": "file", "engine": "parquet" });
        let source = actor.post(DATA_SOURCES, &body).await.id();
        let created = actor.post(&imports(source), &json!({ "size_bytes": file.len() })).await;
        assert_eq!(app.put(&created.body["upload"], file).await, 200, "{created:?}");
        app.run_jobs().await;
        let done = actor.get(&import(source, created.id())).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        tables.push((source, "data".to_owned()));
    }
    let tables = tables.try_into().unwrap_or_else(|_| panic!("a file for each table"));
    Source { engine: "datafusion", actor, tables }
}

/// The database of a kind with all tables, made once: nobody writes to it. `None` if there is no server.
pub(super) fn filled(kind: Kind) -> Option<&'static Database> {
    static POSTGRESQL: LazyLock<Option<Database>> = LazyLock::new(|| fill(Kind::PostgreSql));
    static MARIADB: LazyLock<Option<Database>> = LazyLock::new(|| fill(Kind::MariaDb));
    // Says for each test that it did not run.
    server(kind)?;
    match kind {
        Kind::PostgreSql => POSTGRESQL.as_ref(),
        Kind::MariaDb => MARIADB.as_ref(),
    }
}

fn fill(kind: Kind) -> Option<Database> {
    let database = server(kind)?.database();
    data::prepare(&database);
    for which in Which::ALL {
        which.table().create(&database);
    }
    Some(database)
}

async fn live(app: &TestApp, database: &Database) -> Source {
    let actor = app.user(Role::Administrator).await;
    let engine = database.server.kind.engine();
    let source = connect(&actor, database, User::Reader).await;
    let done = import_catalog(app, &actor, source).await;
    assert_eq!(done.body["status"], "done", "{done:?}");
    Source { engine, actor, tables: Which::ALL.map(|which| (source, database.table(which.table().name))) }
}

/// Makes a data source of a database.
pub(crate) async fn connect(actor: &TestUser, database: &Database, user: User) -> u64 {
    let created = connect_as(actor, database, &database.connection(user)).await;
    assert_eq!(created.status, 201, "{created:?}");
    created.id()
}

/// Tries to make a data source of a database with another connection.
pub(super) async fn connect_as(actor: &TestUser, database: &Database, connection: &Value) -> Reply {
    let engine = database.server.kind.engine();
    let body =
        json!({ "name": "a database", "type": "database", "engine": engine, "connection": connection });
    actor.post(DATA_SOURCES, &body).await
}

/// Reads a database's catalog. What became of it.
pub(crate) async fn import_catalog(app: &TestApp, actor: &TestUser, source: u64) -> Reply {
    let created = actor.post(&imports(source), &json!({})).await;
    assert_eq!(created.status, 201, "{created:?}");
    app.run_jobs().await;
    actor.get(&import(source, created.id())).await
}
