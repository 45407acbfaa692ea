//! Asking a database by the driver that the functions use, with nothing of theirs beside it.

use futures_util::TryStreamExt as _;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder, Params, Value};
use tests::databases::{Database, Kind, PASSWORD, User};
use tokio::net::TcpStream;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls};

use crate::AnyError;

const HOST: &str = "127.0.0.1";

/// A connection that is asked directly.
pub(super) enum Direct {
    PostgreSql(Client),
    MySql(Box<Conn>),
}

impl Direct {
    /// Connects by that port, without TLS: what that takes is the functions' own.
    pub(super) async fn connect(database: &Database, port: u16) -> Result<Self, AnyError> {
        let (name, user) = (database.name.as_str(), database.user(User::Reader));
        Ok(match database.server.kind {
            Kind::PostgreSql => {
                let mut config = Config::new();
                config.user(&user).password(PASSWORD).dbname(name);
                let stream = TcpStream::connect((HOST, port)).await?;
                stream.set_nodelay(true)?;
                let (client, connection) = config.connect_raw(stream, NoTls).await?;
                tokio::spawn(connection);
                Self::PostgreSql(client)
            }
            Kind::MariaDb => {
                let options = OptsBuilder::default()
                    .ip_or_hostname(HOST)
                    .tcp_port(port)
                    .user(Some(user))
                    .pass(Some(PASSWORD))
                    .db_name(Some(name))
                    .prefer_socket(false);
                let mut connection = Conn::new(options).await?;
                connection.query_drop("SET time_zone = '+00:00', sql_mode = ''").await?;
                Self::MySql(Box::new(connection))
            }
        })
    }

    /// Fetches the rows of a statement with these texts as parameters, and forgets them. How many they were.
    pub(super) async fn ask(&mut self, statement: &str, texts: &[&str]) -> Result<u64, AnyError> {
        let mut count = 0;
        match self {
            Self::PostgreSql(client) => {
                let parameters = texts.iter().map(|text| (text as &(dyn ToSql + Sync), Type::TEXT));
                let rows = client.query_typed_raw(statement, parameters).await?;
                let mut rows = std::pin::pin!(rows);
                while rows.try_next().await?.is_some() {
                    count += 1;
                }
            }
            Self::MySql(connection) => {
                let parameters = match texts {
                    [] => Params::Empty,
                    texts => Params::Positional(texts.iter().map(Value::from).collect()),
                };
                let mut rows = connection.exec_iter(statement, parameters).await?;
                while rows.next().await?.is_some() {
                    count += 1;
                }
            }
        }
        Ok(count)
    }
}
