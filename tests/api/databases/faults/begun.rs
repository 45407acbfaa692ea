//! Transactions that begin before it is known whether anything will be asked in them: another instance may have kept the answer.

use std::time::Duration;

use tests::TestUser;
use tests::databases::{Database, Kind, Proxy, Server, User, Way};

use super::super::sources::live_servers;
use super::Numbers;
use super::ways::plain_through;

/// How often it is looked for the end of a transaction, and how often at most.
const EVERY: Duration = Duration::from_millis(20);
const MOST_TIMES: usize = 500;

/// The servers with which a transaction begins by a statement of its own.
fn servers() -> impl Iterator<Item = &'static Server> {
    live_servers().filter(|server| server.kind == Kind::MariaDb)
}

/// The administrator at another instance, which has a connection of its own by then.
async fn at_another_instance(numbers: &Numbers) -> TestUser {
    let other = numbers.administrator.at(&numbers.app.allowing("127.0.0.0/8").instance());
    let own = numbers.sum_of(&other, "own").await;
    assert_eq!(own.status, 200, "{own:?}");
    other
}

/// The last statements of the reader's sessions, and how many of these are in a transaction.
fn sessions(database: &Database) -> (String, String) {
    let reader = database.server.kind.text(&database.user(User::Reader));
    let sessions = format!("information_schema.processlist WHERE user = {reader}");
    let statements = database.run(&format!("SELECT query_id FROM {sessions} ORDER BY id;"));
    let open = format!(
        "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id IN (SELECT id FROM {sessions});"
    );
    (statements, database.run(&open))
}

/// Waits until no session is in a transaction, and others have asked something since.
async fn wait_until_ended(database: &Database, since: Option<&str>) -> String {
    for _ in 0..MOST_TIMES {
        let (statements, open) = sessions(database);
        if open == "0" && since.is_none_or(|since| since != statements) {
            return statements;
        }
        tokio::time::sleep(EVERY).await;
    }
    panic!("a transaction stays open, or none has begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_in_which_nothing_is_asked_ends() {
    for server in servers() {
        let numbers = Numbers::start(server, |_| ()).await;
        numbers.is_well("kept").await;
        numbers.app.after_answer().await;
        let other = at_another_instance(&numbers).await;
        let before = wait_until_ended(&numbers.database, None).await;
        let kept = numbers.sum_of(&other, "kept").await;
        assert_eq!((kept.status, &kept.body["cached"]), (200, &true.into()), "{kept:?}");
        let after = wait_until_ended(&numbers.database, Some(&before)).await;
        // By the same connections.
        assert_eq!(before.lines().count(), after.lines().count());
        let more = numbers.sum_of(&other, "more").await;
        assert_eq!(more.status, 200, "{more:?}");
        assert_eq!(wait_until_ended(&numbers.database, Some(&after)).await.lines().count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_kept_does_not_wait_for_a_transaction_to_begin() {
    for server in servers() {
        let proxy = Proxy::start(server).await;
        let numbers = Numbers::start(server, plain_through(&proxy)).await;
        numbers.is_well("kept").await;
        numbers.app.after_answer().await;
        let other = at_another_instance(&numbers).await;
        proxy.set(Way::Hangs);
        // A database that hangs is waited for 20 s.
        let kept = tokio::time::timeout(Duration::from_secs(10), numbers.sum_of(&other, "kept")).await;
        let kept = kept.expect("an answer without the database");
        assert_eq!((kept.status, &kept.body["cached"]), (200, &true.into()), "{kept:?}");
        proxy.set(Way::Open);
        let more = numbers.sum_of(&other, "more").await;
        assert_eq!(more.status, 200, "{more:?}");
    }
}
