//! Connections that are refused, and rights that are taken away.

use serde_json::json;
use shared::model::Role;
use tests::Actor;
use tests::databases::{Kind, User};
use tests::paths::{ANALYTICS_QUERY, DATA_SOURCES, action, item};

use super::super::sources::{connect, import_catalog, live_servers};
use super::{Numbers, assert_source_error, trouble};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_as_such() {
    for server in live_servers() {
        let wrong = trouble(server, |_, connection| connection["password"] = json!("hunter3")).await;
        let unknown = trouble(server, |_, connection| connection["username"] = json!("nobody_at_all")).await;
        for reason in [wrong, unknown] {
            assert!(reason.contains("does not accept the username and the password"), "{reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_told_as_such() {
    for server in live_servers() {
        let reason =
            trouble(server, |_, connection| connection["database"] = json!("nothing_of_the_kind")).await;
        assert!(reason.contains("database") && reason.contains("nothing_of_the_kind"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_where_nothing_listens_is_told_as_such() {
    for server in live_servers() {
        let reason = trouble(server, |_, connection| connection["port"] = json!(1)).await;
        assert!(reason.contains("does not accept connections at port 1"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_a_table_to_read_says_what_to_grant() {
    for server in live_servers() {
        let reason = trouble(server, |database, _| {
            database.run(&format!("DROP TABLE {};", database.quoted("numbers")));
        })
        .await;
        assert!(reason.contains("no table that the user may read"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_room_for_connections_is_told_as_such() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        let reader = numbers.database.user(User::Reader);
        numbers.database.run(&match server.kind {
            Kind::PostgreSql => format!("ALTER ROLE {reader} CONNECTION LIMIT 1;"),
            Kind::MariaDb => format!("ALTER USER {reader} WITH MAX_USER_CONNECTIONS 1;"),
        });
        // Its connection is kept.
        numbers.is_well("before").await;
        let other = numbers.administrator.at(&numbers.app.allowing("127.0.0.0/8").instance());
        let test = other.post(&action(DATA_SOURCES, numbers.source, "test"), &json!({})).await;
        assert!(test.text("reason").contains("takes no more connections"), "{test:?}");
        assert_source_error(&numbers.sum_of(&other, "other").await, "takes no more connections");
        numbers.is_well("after").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_with_data_sources_of_one_number_have_connections_of_their_own() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        numbers.is_well("ours").await;
        let database = server.database();
        let table = database.quoted("numbers");
        database.run(&format!("CREATE TABLE {table} (n int); INSERT INTO {table} VALUES (40), (2);"));
        let other = numbers.app.another_organization().await;
        // Of the same instance, which has the first one's connection.
        let stranger = other.user(Role::Administrator).await.at(&numbers.app.instance());
        let source = connect(&stranger, &database, User::Reader).await;
        assert_eq!(source, numbers.source);
        let done = import_catalog(&numbers.app, &stranger, source).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        let measure = json!({ "field": "n", "aggregation": "sum", "as": "theirs" });
        let query = json!({ "table": database.table("numbers"), "measures": [measure] });
        let theirs = stranger.post(ANALYTICS_QUERY, &json!({ "data_source": source, "query": query })).await;
        assert_eq!((theirs.status, &theirs.body["rows"]), (200, &json!([[42]])), "{theirs:?}");
        numbers.is_well("ours again").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_allowed_when_it_was_imported_may_not_be_now() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        numbers.is_well("before").await;
        let (reader, table) = (numbers.database.user(User::Reader), numbers.database.quoted("numbers"));
        let (revoke, grant) = match server.kind {
            Kind::PostgreSql => (
                format!("REVOKE SELECT ON {table} FROM {reader};"),
                format!("GRANT SELECT ON {table} TO {reader};"),
            ),
            // There, a session keeps the rights on whole databases that it has begun with.
            Kind::MariaDb => {
                let all = format!("{}.*", numbers.database.name);
                (
                    format!("REVOKE SELECT ON {all} FROM {reader}; KILL USER {reader};"),
                    format!("GRANT SELECT ON {all} TO {reader};"),
                )
            }
        };
        numbers.database.run(&revoke);
        assert_source_error(&numbers.sum("without").await, "");
        numbers.database.run(&grant);
        numbers.is_well("again").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_has_changed_since_is_told_to_be_imported_again() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        let table = numbers.database.quoted("numbers");
        numbers.database.run(&format!("ALTER TABLE {table} RENAME COLUMN n TO m;"));
        assert_source_error(&numbers.sum("renamed").await, "Import the catalog again");
        numbers.database.run(&format!("ALTER TABLE {table} RENAME COLUMN m TO n;"));
        numbers.is_well("again").await;
        numbers.database.run(&format!("DROP TABLE {table};"));
        assert_source_error(&numbers.sum("dropped").await, "Import the catalog again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_made_with_another_password_is_not_used() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        numbers.is_well("before").await;
        let path = item(DATA_SOURCES, numbers.source);
        for (password, is_right) in [("hunter3", false), (tests::databases::PASSWORD, true)] {
            let body = json!({ "connection": { "password": password } });
            let patched = numbers.administrator.patch(&path, &body).await;
            assert_eq!(patched.status, 200, "{patched:?}");
            if is_right {
                numbers.is_well("right").await;
            } else {
                assert_source_error(&numbers.sum("wrong").await, "password");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_the_server_closed_meanwhile_is_made_again() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        numbers.is_well("before").await;
        let reader = server.kind.text(&numbers.database.user(User::Reader));
        numbers.database.run(&match server.kind {
            Kind::PostgreSql => {
                format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {reader};")
            }
            Kind::MariaDb => format!("KILL USER {reader};"),
        });
        numbers.is_well("after").await;
    }
}
