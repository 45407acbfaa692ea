//! Statements asked of MySQL and MariaDB.

use mysql_async::prelude::Queryable as _;
use mysql_async::{Params, Value as Sent};

use super::Session;
use crate::database::error::SourceError;
use crate::sql::{Parameter, Reply, Statement, Value};

impl Session {
    /// The reply to a statement, which may take so many bytes. Rows are taken as they come, so that no more than these are held.
    pub(in crate::database) async fn ask(
        &mut self,
        statement: &Statement,
        most_bytes: usize,
    ) -> Result<Reply, SourceError> {
        let port = self.options.tcp_port();
        let explain = |error: mysql_async::Error| super::of_error(&error, port);
        let parameters = match &*statement.parameters {
            [] => Params::Empty,
            parameters => Params::Positional(parameters.iter().map(sent).collect()),
        };
        let rows = self.connection.exec_iter(statement.text.as_str(), parameters).await;
        let mut rows = rows.map_err(explain)?;
        let mut reply = Reply::to(statement);
        while let Some(row) = rows.next().await.map_err(explain)? {
            let values = (0..row.len()).map(|index| row.as_ref(index).map_or(Ok(Value::Null), value));
            let bytes = reply.push(values)?;
            if bytes > most_bytes {
                return Err(SourceError::TooLarge(most_bytes >> 20));
            }
        }
        Ok(reply)
    }
}

fn sent(parameter: &Parameter) -> Sent {
    match parameter {
        Parameter::Integer(integer) => Sent::Int(*integer),
        Parameter::Float(float) => Sent::Double(*float),
        Parameter::Boolean(value) => Sent::Int((*value).into()),
        text => Sent::Bytes(text.to_text().into_bytes()),
    }
}

fn value(value: &Sent) -> Result<Value<'_>, SourceError> {
    Ok(match value {
        Sent::NULL => Value::Null,
        Sent::Int(integer) => Value::Integer(*integer),
        Sent::UInt(integer) => match i64::try_from(*integer) {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::Text(integer.to_string().into()),
        },
        Sent::Float(float) => Value::Float((*float).into()),
        Sent::Double(float) => Value::Float(*float),
        // Texts are UTF-8: what is no text is not read.
        Sent::Bytes(bytes) => Value::Text(String::from_utf8_lossy(bytes)),
        Sent::Date(..) | Sent::Time(..) => {
            return Err(SourceError::Garbled("a time where there must be a number".to_owned()));
        }
    })
}
