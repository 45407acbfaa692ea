//! Transactions begin before it is known whether anything will be asked in them, since another instance may have kept the answer; and
//! have ended before an instance sleeps.

use std::time::Duration;

use tests::databases::{Database, Kind, Proxy, Server, User, Way};
use tests::{TestApp, TestUser};

use super::super::sources::live_servers;
use super::Numbers;
use super::ways::plain_through;

/// The servers with which a transaction begins by a statement of its own.
fn servers() -> impl Iterator<Item = &'static Server> {
    live_servers().filter(|server| server.kind == Kind::MariaDb)
}

/// Another instance, which has a connection of its own, and the administrator at it.
async fn another_instance(numbers: &Numbers) -> (TestApp, TestUser) {
    let app = numbers.app.allowing("127.0.0.0/8");
    let administrator = numbers.administrator.at(&app.instance());
    let own = numbers.sum_of(&administrator, "own").await;
    assert_eq!(own.status, 200, "{own:?}");
    app.after_answer().await;
    (app, administrator)
}

/// The reader's sessions, with what names the last statement of each where the server says so.
fn sessions(database: &Database) -> Vec<String> {
    let reader = database.server.kind.text(&database.user(User::Reader));
    let sessions = database.run(&match database.server.kind {
        Kind::PostgreSql => format!("SELECT pid FROM pg_stat_activity WHERE usename = {reader};"),
        Kind::MariaDb => format!(
            "SELECT id, query_id FROM information_schema.processlist WHERE user = {reader} ORDER BY id;"
        ),
    });
    sessions.lines().map(str::to_owned).collect()
}

/// How many of the reader's sessions are in a transaction.
fn transactions(database: &Database) -> String {
    let reader = database.server.kind.text(&database.user(User::Reader));
    database.run(&match database.server.kind {
        Kind::PostgreSql => format!(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = {reader} AND xact_start IS NOT NULL;"
        ),
        Kind::MariaDb => format!(
            "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id IN
                 (SELECT id FROM information_schema.processlist WHERE user = {reader});"
        ),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_transaction_is_open_once_an_answer_is_out() {
    for server in live_servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        for name in ["one", "another"] {
            numbers.is_well(name).await;
            numbers.app.after_answer().await;
            assert_eq!(
                (sessions(&numbers.database).len(), transactions(&numbers.database).as_str()),
                (1, "0")
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_in_which_nothing_is_asked_ends_too() {
    for server in servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        numbers.is_well("kept").await;
        numbers.app.after_answer().await;
        let (app, administrator) = another_instance(&numbers).await;
        let before = sessions(&numbers.database);
        let kept = numbers.sum_of(&administrator, "kept").await;
        assert_eq!((kept.status, &kept.body["cached"]), (200, &true.into()), "{kept:?}");
        app.after_answer().await;
        let after = sessions(&numbers.database);
        assert_ne!(before, after, "no transaction has begun");
        assert_eq!((after.len(), transactions(&numbers.database).as_str()), (2, "0"));
        // Its session is as good as before.
        let more = numbers.sum_of(&administrator, "more").await;
        assert_eq!(more.status, 200, "{more:?}");
        assert_eq!(sessions(&numbers.database).len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_kept_does_not_wait_for_a_transaction_to_begin() {
    for server in servers() {
        let proxy = Proxy::start(server).await;
        let numbers = Numbers::start(server, plain_through(&proxy)).await;
        numbers.is_well("kept").await;
        numbers.app.after_answer().await;
        let (_, administrator) = another_instance(&numbers).await;
        proxy.set(Way::Hangs);
        // A database that hangs is waited for 20 s.
        let asked = numbers.sum_of(&administrator, "kept");
        let kept = tokio::time::timeout(Duration::from_secs(10), asked).await.expect("an answer");
        assert_eq!((kept.status, &kept.body["cached"]), (200, &true.into()), "{kept:?}");
        proxy.set(Way::Open);
        let more = numbers.sum_of(&administrator, "more").await;
        assert_eq!(more.status, 200, "{more:?}");
    }
}
