//! Queries that take too long, or that nobody waits for any more: they end in the server, too.

use std::time::Duration;

use serde_json::json;
use tests::databases::{Database, Kind, User};
use tests::paths::{ANALYTICS_QUERY, DASHBOARDS, REPORTS, action, run};
use tests::{Actor, entities};

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

/// How many statements of the reader over that view run.
fn running(database: &Database) -> usize {
    let reader = database.server.kind.text(&database.user(User::Reader));
    let sql = match database.server.kind {
        Kind::PostgreSql => {
            format!(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = {reader} AND state = 'active' AND query LIKE '%endless%';"
            )
        }
        Kind::MariaDb => format!(
            "SELECT count(*) FROM information_schema.processlist WHERE user = {reader} AND command IN ('Query', 'Execute') AND info LIKE '%endless%';"
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

/// A dashboard of widgets that sum up these tables, one below the other.
async fn dashboard(numbers: &Numbers, tables: &[&str]) -> u64 {
    let widget = |(index, table): (usize, &&str)| {
        json!({
            "title": table, "type": "metric", "data_source": numbers.source,
            "query": { "table": numbers.database.table(table), "measures": [{ "field": "n", "aggregation": "sum" }] },
            "position": { "x": 0, "y": 4 * index, "width": 6, "height": 4 },
        })
    };
    let widgets: Vec<_> = tables.iter().enumerate().map(widget).collect();
    entities::dashboard(&numbers.administrator, json!(widgets)).await
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

#[tokio::test]
async fn widgets_that_ask_the_same_end_when_the_first_of_them_does() {
    for server in live_servers() {
        let numbers = endless(server).await;
        let id = dashboard(&numbers, &["endless", "endless", "endless", "numbers"]).await;
        // So that it is kept, and no time passes while it is asked.
        let query = json!({ "table": numbers.database.table("numbers"), "measures": [{ "field": "n", "aggregation": "sum" }] });
        let body = json!({ "data_source": numbers.source, "query": query });
        numbers.administrator.post(ANALYTICS_QUERY, &body).await;
        let passes = async {
            wait_until_running(&numbers.database, true).await;
            pass(Duration::from_secs(21)).await;
        };
        let path = action(DASHBOARDS, id, "data");
        let (data, ()) = tokio::join!(numbers.administrator.get(&path), passes);
        assert_eq!(data.status, 200, "{data:?}");
        for index in 0..3 {
            assert_eq!(data.body["widgets"][index]["error"]["error"], "query_timeout", "{data:?}");
        }
        assert_eq!(data.body["widgets"][3]["result"]["rows"], json!([[7]]), "{data:?}");
        wait_until_running(&numbers.database, false).await;
    }
}

#[tokio::test]
async fn a_report_ends_in_time_whatever_its_widgets_do() {
    for server in live_servers() {
        let numbers = endless(server).await;
        let id = dashboard(&numbers, &["numbers", "endless", "endless"]).await;
        let report = entities::report(&numbers.administrator, id).await;
        numbers.administrator.request("POST", &action(REPORTS, report, "generate")).await;
        let passes = async {
            wait_until_running(&numbers.database, true).await;
            pass(Duration::from_mins(13)).await;
        };
        tokio::join!(numbers.app.run_reports(), passes);
        let done = numbers.administrator.get(&run(report, 1)).await;
        assert_eq!((&done.body["status"], &done.body["rows"]), (&json!("done"), &json!(1)), "{done:?}");
        let reason = done.text("reason");
        assert!(reason.starts_with("2 of 3 widgets have no data."), "{reason}");
        assert!(reason.contains("There was no time left for it"), "{reason}");
        wait_until_running(&numbers.database, false).await;
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
