//! What an import reads of a database: its tables, their columns and types, as far as the user may read them.

use serde_json::{Value, json};
use shared::model::Role;
use tests::databases::{Kind, User};
use tests::paths::{DATA_SOURCES, action};
use tests::{Actor, TestUser};

use super::sources::{TABLES, Which, connect, filled, import_catalog, live_servers, start_app};

async fn tables(actor: &TestUser, source: u64) -> Vec<Value> {
    let listed = actor.get(&format!("{}?page_size=100", action(DATA_SOURCES, source, "tables"))).await;
    assert_eq!(listed.status, 200, "{listed:?}");
    listed.body["results"].as_array().unwrap().clone()
}

fn names(tables: &[Value]) -> Vec<&str> {
    tables.iter().map(|table| table["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_have_the_types_that_they_have_in_files() {
    for server in live_servers() {
        let database = filled(server.kind).unwrap();
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        let source = connect(&administrator, database, User::Reader).await;
        let done = import_catalog(&app, &administrator, source).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        let tables = tables(&administrator, source).await;
        let name = database.table(Which::Everything.table().name);
        let table = tables.iter().find(|table| table["name"] == name.as_str()).unwrap();
        let columns = table["columns"].as_array().unwrap();
        let types: Vec<_> = columns.iter().map(|column| (&column["name"], &column["type"])).collect();
        let expected: Vec<(Value, Value)> = TABLES
            .everything
            .columns
            .iter()
            .map(|column| (json!(column.name), json!(column.kind.name())))
            .collect();
        assert_eq!(types, expected.iter().map(|(name, data_type)| (name, data_type)).collect::<Vec<_>>());
        let warnings = done.body["warnings"].to_string();
        for left_out in ["left out", "left out too"] {
            assert!(warnings.contains(left_out), "{done:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_views_that_the_user_may_read_are_there() {
    for server in live_servers() {
        let database = server.database();
        let table = |name: &str| database.quoted(name);
        database.run(&format!(
            "CREATE TABLE {} (n int); CREATE VIEW {} AS SELECT n + 1 AS m FROM {0}; CREATE TABLE {} (n int);",
            table("numbers"),
            table("a view"),
            table("secret"),
        ));
        let mut expected = vec![database.table("a view"), database.table("numbers")];
        if server.kind == Kind::PostgreSql {
            database.run(&format!(
                "REVOKE ALL ON sales.secret FROM {reader};
                 CREATE MATERIALIZED VIEW sales.kept AS SELECT n FROM sales.numbers;
                 CREATE TABLE sales.parts (n int) PARTITION BY RANGE (n);
                 CREATE TABLE sales.part PARTITION OF sales.parts FOR VALUES FROM (0) TO (10);
                 CREATE SCHEMA hidden; CREATE TABLE hidden.numbers (n int);",
                reader = database.user(User::Reader),
            ));
            expected.extend([database.table("kept"), database.table("parts")]);
        } else {
            // There, what may be read is said of databases or of tables.
            let (name, reader) = (&database.name, database.user(User::Reader));
            database.run(&format!(
                "REVOKE ALL ON {name}.* FROM {reader}; GRANT SELECT ON {name}.numbers TO {reader};
                 GRANT SELECT ON {name}.`a view` TO {reader};"
            ));
        }
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        let source = connect(&administrator, &database, User::Reader).await;
        let done = import_catalog(&app, &administrator, source).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        expected.sort();
        let tables = tables(&administrator, source).await;
        assert_eq!(names(&tables), expected);
        let views = tables.iter().filter(|table| table["kind"] == "view").count();
        assert_eq!(views, if server.kind == Kind::PostgreSql { 2 } else { 1 }, "{tables:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_write_is_warned() {
    for server in live_servers() {
        let database = server.database();
        database.run(&format!("CREATE TABLE {} (n int);", database.quoted("numbers")));
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        for (user, is_warned) in [(User::Owner, true), (User::Reader, false)] {
            let source = connect(&administrator, &database, user).await;
            let done = import_catalog(&app, &administrator, source).await;
            assert_eq!(done.body["status"], "done", "{done:?}");
            let warnings = done.body["warnings"].as_array().unwrap();
            assert_eq!(!warnings.is_empty(), is_warned, "{done:?}");
            assert!(!is_warned || warnings[0].to_string().contains("write"), "{done:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_are_those_that_were_asked_for() {
    for server in live_servers().filter(|server| server.kind == Kind::PostgreSql) {
        let database = server.database();
        let reader = database.user(User::Reader);
        database.run(&format!(
            "CREATE TABLE sales.orders (n int); CREATE SCHEMA stock; CREATE TABLE stock.parts (n int);
             GRANT USAGE ON SCHEMA stock TO {reader}; GRANT SELECT ON stock.parts TO {reader};"
        ));
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        for (name, schemas, expected) in [
            ("schemas", json!(["sales"]), vec!["sales.orders"]),
            ("excluded_schemas", json!(["sales"]), vec!["stock.parts"]),
            ("schemas", json!(["sales", "stock"]), vec!["sales.orders", "stock.parts"]),
        ] {
            let mut connection = database.connection(User::Reader);
            connection[name] = schemas;
            let body =
                json!({ "name": "x", "type": "database", "engine": "postgresql", "connection": connection });
            let source = administrator.post(DATA_SOURCES, &body).await.id();
            let done = import_catalog(&app, &administrator, source).await;
            assert_eq!(done.body["status"], "done", "{done:?}");
            assert_eq!(names(&tables(&administrator, source).await), expected);
        }
    }
}
