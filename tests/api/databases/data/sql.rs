//! A table as statements.

use tests::databases::{Database, Kind as Server};

use super::{Column, Kind, Table};

/// Types that columns are of, and what the tables have beside: columns of types that the API does not have.
const POSTGRESQL_BEFORE: &str = "
CREATE EXTENSION IF NOT EXISTS citext;
CREATE COLLATION IF NOT EXISTS loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
DROP TYPE IF EXISTS mood;
CREATE TYPE mood AS ENUM ('low', 'High', 'MID', 'high');
";

const POSTGRESQL_BESIDE: &str =
    "\"left out\" bytea DEFAULT '\\x00ff', \"left out too\" integer[] DEFAULT '{1}'";
const MARIADB_BESIDE: &str = "`left out` blob DEFAULT x'00ff', `left out too` binary(4) DEFAULT 'abcd'";

impl Table {
    /// Makes the table in a database, with all its rows.
    pub(in crate::databases) fn create(&self, database: &Database) {
        let server = database.server.kind;
        let mut columns: Vec<String> = self.columns.iter().map(|column| definition(column, server)).collect();
        columns
            .push(if server == Server::PostgreSql { POSTGRESQL_BESIDE } else { MARIADB_BESIDE }.to_owned());
        let table = database.quoted(self.name);
        let mut statements = vec![format!("CREATE TABLE {table} ({})", columns.join(", "))];
        let names: Vec<_> = self.columns.iter().map(|column| server.name(column.name)).collect();
        for first in (0..self.rows).step_by(1_000) {
            let rows = first..self.rows.min(first + 1_000);
            let rows: Vec<_> =
                rows.map(|row| format!("({})", self.literals(row, server).join(", "))).collect();
            statements.push(format!(
                "INSERT INTO {table} ({}) VALUES\n{}",
                names.join(", "),
                rows.join(",\n")
            ));
        }
        database.run(&format!("{};", statements.join(";\n")));
    }

    fn literals(&self, row: usize, server: Server) -> Vec<String> {
        let literal = |(column, value): (&Column, super::Value)| {
            let value = if server == Server::PostgreSql { value.postgresql } else { value.mariadb };
            value.map_or_else(|| "NULL".to_owned(), |value| literal(column.kind, server, &value))
        };
        self.columns.iter().zip(self.row(row)).map(literal).collect()
    }
}

/// Makes what tables need.
pub(in crate::databases) fn prepare(database: &Database) {
    if database.server.kind == Server::PostgreSql {
        database.run(POSTGRESQL_BEFORE);
    }
}

fn definition(column: &Column, server: Server) -> String {
    let data_type = if server == Server::PostgreSql { column.postgresql } else { column.mariadb };
    format!("{} {data_type}", server.name(column.name))
}

fn literal(kind: Kind, server: Server, value: &str) -> String {
    match (kind, server) {
        (Kind::Boolean, _) => value.to_owned(),
        // MariaDB's have neither zone nor T.
        (Kind::Datetime, Server::MariaDb) => server.text(&value.replace('T', " ").replace('Z', "")),
        _ => server.text(value),
    }
}
