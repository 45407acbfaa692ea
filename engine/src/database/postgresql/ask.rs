//! Statements asked of PostgreSQL.

use futures_util::TryStreamExt as _;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::Session;
use crate::database::error::SourceError;
use crate::sql::{Parameter, Reply, Statement, Value};

impl Session {
    /// The reply to a statement, which may take so many bytes. Rows are taken as they come, so that no more than these are held.
    pub(in crate::database) async fn ask(
        &self,
        statement: &Statement,
        most_bytes: usize,
    ) -> Result<Reply, SourceError> {
        // What has no type of its own here is sent as a text.
        let texts: Vec<String> = statement.parameters.iter().map(Parameter::to_text).collect();
        let parameters = statement.parameters.iter().zip(&texts).map(|(parameter, text)| match parameter {
            Parameter::Integer(integer) => (integer as &(dyn ToSql + Sync), Type::INT8),
            Parameter::Float(float) => (float as _, Type::FLOAT8),
            Parameter::Boolean(value) => (value as _, Type::BOOL),
            Parameter::Text(text) => (text as _, Type::TEXT),
            Parameter::Decimal(_) | Parameter::Day(_) | Parameter::Instant(_) => (text as _, Type::TEXT),
        });
        let explain = |error: tokio_postgres::Error| self.explain(&error);
        let rows = self.client.query_typed_raw(&statement.text, parameters).await.map_err(explain)?;
        let mut rows = std::pin::pin!(rows);
        let mut reply = Reply::to(statement);
        while let Some(row) = rows.try_next().await.map_err(explain)? {
            let bytes = reply.push((0..row.len()).map(|index| value(&row, index).map_err(explain)))?;
            if bytes > most_bytes {
                return Err(SourceError::TooLarge(most_bytes >> 20));
            }
        }
        Ok(reply)
    }
}

fn value(row: &Row, index: usize) -> Result<Value<'_>, tokio_postgres::Error> {
    Ok(match *row.columns()[index].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map_or(Value::Null, Value::Integer),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(index)?.map_or(Value::Null, Value::Float),
        Type::BOOL => row.try_get::<_, Option<bool>>(index)?.map_or(Value::Null, Value::Boolean),
        _ => row.try_get::<_, Option<&str>>(index)?.map_or(Value::Null, |text| Value::Text(text.into())),
    })
}
