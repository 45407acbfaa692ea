//! Queries that take too long, or that nobody waits for any more: they end in the server, too.

use std::time::Duration;

use tests::databases::{Database, Kind, User};

use super::super::sources::{import_catalog, live_servers};
use super::Numbers;

/// How often it is looked whether a statement has begun or ended, and how often at most.
const EVERY: Duration = Duration::from_millis(50);
const MOST_TIMES: usize = 400;

/// Lets time pass for the API, and not for servers.
pub(super) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// A view over more rows than anybody can count.
fn create_endless(database: &Database) {
    let rows = match database.server.kind {
        Kind::PostgreSql => "generate_series(1, 10000000)",
        Kind::MariaDb => "seq_1_to_10000000",
    };
    database.run(&format!(
        "CREATE VIEW {} AS SELECT 1 AS n FROM {rows} a, {rows} b, {rows} c;",
        database.quoted("endless")
    ));
}

/// How many statements of the reader run.
fn running(database: &Database) -> usize {
    let reader = database.server.kind.text(&database.user(User::Reader));
    let sql = match database.server.kind {
        Kind::PostgreSql => {
            format!("SELECT count(*) FROM pg_stat_activity WHERE usename = {reader} AND state = 'active';")
        }
        Kind::MariaDb => format!(
            "SELECT count(*) FROM information_schema.processlist WHERE user = {reader} AND command IN ('Query', 'Execute');"
        ),
    };
    database.run(&sql).parse().unwrap()
}

async fn wait_until_running(database: &Database, is_running: bool) {
    for _ in 0..MOST_TIMES {
        if (running(database) > 0) == is_running {
            return;
        }
        tokio::time::sleep(EVERY).await;
    }
    panic!("the statement {}", if is_running { "did not begin" } else { "did not end" });
}

async fn endless(server: &'static tests::databases::Server) -> Numbers {
    let numbers = Numbers::start(server, |_| ()).await;
    create_endless(&numbers.database);
    let done = import_catalog(&numbers.app, &numbers.administrator, numbers.source).await;
    assert_eq!(done.body["status"], "done", "{done:?}");
    numbers
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_ended_in_the_server() {
    for server in live_servers() {
        let numbers = endless(server).await;
        let passes = async {
            wait_until_running(&numbers.database, true).await;
            pass(Duration::from_secs(21)).await;
        };
        let (reply, ()) = tokio::join!(numbers.ask("endless", "n"), passes);
        assert_eq!((reply.status, reply.error().as_str()), (504, "query_timeout"), "{reply:?}");
        wait_until_running(&numbers.database, false).await;
        numbers.is_well("after").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_nobody_waits_for_is_ended_in_the_server() {
    for server in live_servers() {
        let numbers = endless(server).await;
        tokio::select! {
            reply = numbers.ask("endless", "n") => panic!("{reply:?}"),
            () = wait_until_running(&numbers.database, true) => {}
        }
        wait_until_running(&numbers.database, false).await;
        numbers.is_well("after").await;
    }
}
