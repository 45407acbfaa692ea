//! Connections that are refused, and rights that are taken away.

use serde_json::json;
use tests::Actor;
use tests::databases::{Kind, User};
use tests::paths::{DATA_SOURCES, item};

use super::super::sources::live_servers;
use super::{Numbers, assert_source_error, trouble};

#[tokio::test]
async fn a_wrong_password_is_told_as_such() {
    for server in live_servers() {
        let wrong = trouble(server, |_, connection| connection["password"] = json!("hunter3")).await;
        let unknown = trouble(server, |_, connection| connection["username"] = json!("nobody_at_all")).await;
        for reason in [wrong, unknown] {
            assert!(reason.contains("does not accept the username and the password"), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_as_such() {
    for server in live_servers() {
        let reason =
            trouble(server, |_, connection| connection["database"] = json!("nothing_of_the_kind")).await;
        assert!(reason.contains("database") && reason.contains("nothing_of_the_kind"), "{reason}");
    }
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_told_as_such() {
    for server in live_servers() {
        let reason = trouble(server, |_, connection| connection["port"] = json!(1)).await;
        assert!(reason.contains("does not accept connections at port 1"), "{reason}");
    }
}

#[tokio::test]
async fn a_database_without_a_table_to_read_says_what_to_grant() {
    for server in live_servers() {
        let reason = trouble(server, |database, _| {
            database.run(&format!("DROP TABLE {};", database.quoted("numbers")));
        })
        .await;
        assert!(reason.contains("no table that the user may read"), "{reason}");
    }
}

#[tokio::test]
async fn a_role_without_room_for_connections_is_told_as_such() {
    for server in live_servers().filter(|server| server.kind == Kind::PostgreSql) {
        let reason = trouble(server, |database, _| {
            database.run(&format!("ALTER ROLE {} CONNECTION LIMIT 0;", database.user(User::Reader)));
        })
        .await;
        assert!(reason.contains("takes no more connections"), "{reason}");
    }
}

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
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
