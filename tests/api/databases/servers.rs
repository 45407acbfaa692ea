//! The servers of tests are what the tests take them for.

use tests::databases::{Kind, User, servers};

use super::sources::{Which, filled};

#[test]
fn the_data_is_in_every_database() {
    for database in Kind::ALL.into_iter().filter_map(filled) {
        for which in [Which::Everything, Which::Nothing, Which::Many] {
            let table = which.table();
            let count = database.run(&format!("SELECT count(*) FROM {};", database.quoted(table.name)));
            assert_eq!(count, table.rows.to_string(), "{}", table.name);
        }
    }
}

#[test]
fn each_test_has_a_database_of_its_own_with_an_owner_and_a_reader() {
    for server in servers() {
        let (one, other) = (server.database(), server.database());
        assert_ne!(one.name, other.name);
        one.run(&format!("CREATE TABLE {} (n int); INSERT INTO {0} VALUES (1);", one.quoted("t")));
        assert_eq!(one.run(&format!("SELECT n FROM {};", one.quoted("t"))), "1");
        assert!(other.try_run(&format!("SELECT n FROM {};", other.quoted("t"))).is_err());
        assert_ne!(one.user(User::Owner), one.user(User::Reader));
    }
}
