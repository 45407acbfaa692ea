//! Every text that a client can set, tried as a statement. What values of filters and names in results may be is asked in `questions`.

use serde_json::{Value, json};
use shared::model::Role;
use tests::databases::{Database, User};
use tests::paths::ANALYTICS_QUERY;
use tests::{Actor, TestUser};

use super::sources::{connect, connect_as, import_catalog, live_servers, start_app};

fn attacks(database: &Database) -> Vec<String> {
    let table = database.quoted("orders");
    let drop = format!("DROP TABLE {table}");
    vec![
        format!("'; {drop}; --"),
        format!("\"; {drop}; --"),
        format!("`; {drop}; --"),
        format!("\\'; {drop}; --"),
        format!("\"); {drop}; --"),
        format!("'); {drop}; --"),
        format!("$$; {drop}; $$"),
        format!("*/ {drop}; /*"),
        format!("\n;\n{drop};\n"),
        "%s".to_owned(),
        "?".to_owned(),
        "$1".to_owned(),
        "' OR '1'='1".to_owned(),
        "\0".to_owned(),
        "\u{1}".to_owned(),
        "😀".to_owned(),
        "x".repeat(10_000),
    ]
}

/// Holds that all is there.
fn assert_whole(database: &Database) {
    assert_eq!(database.run(&format!("SELECT count(*) FROM {};", database.quoted("orders"))), "3");
}

fn filled(server: &'static tests::databases::Server) -> Database {
    let database = server.database();
    let table = database.quoted("orders");
    database.run(&format!(
        "CREATE TABLE {table} (country varchar(20), amount numeric(12, 2), day date);
         INSERT INTO {table} VALUES ('DE', 1.5, '2025-01-01'), ('FR', 2, '2025-02-01'), ('it''s', NULL, NULL);"
    ));
    // The owner could drop it: only that nobody tells him to keeps it.
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_a_query_is_a_statement() {
    for server in live_servers() {
        let database = filled(server);
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        let source = connect(&administrator, &database, User::Owner).await;
        let done = import_catalog(&app, &administrator, source).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        for attack in attacks(&database) {
            for (part, query) in queries(&database.table("orders"), &attack) {
                let body = json!({ "data_source": source, "query": query });
                let reply = administrator.post(ANALYTICS_QUERY, &body).await;
                assert!(matches!(reply.status, 200 | 400), "{part}: {attack:?}: {reply:?}");
            }
            assert_whole(&database);
        }
    }
}

/// Queries with a text in each place where there may be one.
fn queries(table: &str, text: &str) -> Vec<(&'static str, Value)> {
    let count = json!([{ "aggregation": "count" }]);
    let filter = |operator: &str, values: Value| {
        let filter = json!({ "field": "country", "operator": operator, "values": values });
        json!({ "table": table, "measures": count, "filters": [filter] })
    };
    vec![
        ("eq", filter("eq", json!([text]))),
        ("contains", filter("contains", json!([text]))),
        ("in", filter("in", json!([text, "DE", text]))),
        ("between", filter("between", json!(["", text]))),
        (
            "as of a dimension",
            json!({ "table": table, "dimensions": [{ "field": "country", "as": text }], "measures": count }),
        ),
        (
            "as of a measure",
            json!({
                "table": table, "dimensions": [{ "field": "country" }],
                "measures": [{ "field": "amount", "aggregation": "sum", "as": text }],
                "order_by": [{ "field": text }], "having": [{ "field": text, "operator": "gt", "values": [0] }],
                "top": { "dimension": "country", "by": text, "count": 1, "other": true },
            }),
        ),
        ("table", json!({ "table": text, "measures": count })),
        ("table of the schema", json!({ "table": format!("{table}{text}"), "measures": count })),
        ("field", json!({ "table": table, "dimensions": [{ "field": text }] })),
        (
            "field of a measure",
            json!({ "table": table, "measures": [{ "field": text, "aggregation": "sum" }] }),
        ),
        ("timezone", json!({ "table": table, "measures": count, "timezone": text })),
        ("grain", json!({ "table": table, "dimensions": [{ "field": "day", "grain": text }] })),
        (
            "from",
            json!({ "table": table, "measures": count, "time_range": { "field": "day", "from": text } }),
        ),
        (
            "offset",
            json!({
                "table": table, "measures": count, "time_range": { "field": "day", "range": "last_year" }, "compare": { "offset": text },
            }),
        ),
        (
            "a date",
            json!({
                "table": table, "measures": count, "filters": [{ "field": "day", "operator": "eq", "values": [text] }],
            }),
        ),
        (
            "a number",
            json!({
                "table": table, "measures": count, "filters": [{ "field": "amount", "operator": "eq", "values": [text] }],
            }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_a_connection_is_a_statement() {
    for server in live_servers() {
        let database = filled(server);
        for attack in attacks(&database) {
            let app = start_app().await;
            let administrator = app.user(Role::Administrator).await;
            for name in
                ["database", "username", "password", "schemas", "excluded_schemas", "host", "ca_certificate"]
            {
                let mut connection = database.connection(User::Owner);
                connection[name] = if name.ends_with("schemas") { json!([attack]) } else { json!(attack) };
                assert_harmless(&app, &administrator, &database, name, &connection).await;
            }
            assert_whole(&database);
        }
    }
}

async fn assert_harmless(
    app: &tests::TestApp,
    administrator: &TestUser,
    database: &Database,
    name: &str,
    connection: &Value,
) {
    let created = connect_as(administrator, database, connection).await;
    if created.status == 400 {
        return;
    }
    assert_eq!(created.status, 201, "{name}: {created:?}");
    let done = import_catalog(app, administrator, created.id()).await;
    // Schemas that are not there may be left out.
    let expected = if name == "excluded_schemas" { "done" } else { "failed" };
    assert_eq!(done.body["status"], expected, "{name}: {connection}: {done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_columns_of_a_database_may_be_called_as_statements() {
    for server in live_servers() {
        let database = filled(server);
        let kind = server.kind;
        let names = [
            "a\"; DROP TABLE orders; --",
            "b`; DROP TABLE orders; --",
            "c'; DROP TABLE orders; --",
            "d\\",
            "e.f",
            "%s $1 ?",
        ];
        for name in names {
            database.run(&format!(
                "CREATE TABLE {table} ({column} int); INSERT INTO {table} VALUES (1), (2);",
                table = database.quoted(name),
                column = kind.name(name),
            ));
        }
        let app = start_app().await;
        let administrator = app.user(Role::Administrator).await;
        let source = connect(&administrator, &database, User::Owner).await;
        let done = import_catalog(&app, &administrator, source).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        for name in names {
            let query = json!({
                "table": database.table(name), "dimensions": [{ "field": name }],
                "measures": [{ "field": name, "aggregation": "sum", "as": "s" }],
                "filters": [{ "field": name, "operator": "gt", "values": [0] }],
            });
            let reply =
                administrator.post(ANALYTICS_QUERY, &json!({ "data_source": source, "query": query })).await;
            assert_eq!(
                (reply.status, &reply.body["rows"]),
                (200, &json!([[2, 2], [1, 1]])),
                "{name}: {reply:?}"
            );
        }
        assert_whole(&database);
    }
}
