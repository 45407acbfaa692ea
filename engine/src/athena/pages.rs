//! The rows of an execution, page by page. Athena gives a thousand at once, each value as a text; it reads them from where results are
//! put, with the same rights as who asks would need there, and where it manages results itself there is no other way.

use super::client::Client;
use super::error::AthenaError;
use crate::database::SourceError;
use crate::groups::Groups;
use crate::sql::{Reply, Statement, Value};

/// How many rows Athena gives at once, at most.
const PAGE_ROWS: i32 = 1_000;

/// The groups that the rows of an execution are.
pub(super) async fn read(
    client: &Client,
    execution: &str,
    statement: &Statement,
    most_bytes: usize,
) -> Result<Groups, SourceError> {
    let mut reply = Reply::to(statement);
    let (mut next, mut is_first) = (None, true);
    loop {
        let page = client.sdk.get_query_results().query_execution_id(execution).max_results(PAGE_ROWS);
        let page = page.set_next_token(next.take()).send().await;
        let page = page.map_err(|error| AthenaError::of(&error, &client.settings.region))?;
        let set = page.result_set;
        let rows = set.as_ref().map(aws_sdk_athena::types::ResultSet::rows).unwrap_or_default();
        let columns = set.as_ref().and_then(|set| set.result_set_metadata());
        let columns = columns.map(aws_sdk_athena::types::ResultSetMetadata::column_info).unwrap_or_default();
        let is_heading = |row: &aws_sdk_athena::types::Row| {
            !columns.is_empty()
                && row.data().len() == columns.len()
                && row.data().iter().zip(columns).all(|(datum, of)| datum.var_char_value() == Some(of.name()))
        };
        for (index, row) in rows.iter().enumerate() {
            // The first row of all names the columns.
            if is_first && index == 0 && is_heading(row) {
                continue;
            }
            let values = row
                .data()
                .iter()
                .map(|datum| datum.var_char_value().map_or(Value::Null, |text| Value::Text(text.to_owned())));
            let bytes = reply.push(values).map_err(|error| SourceError::Garbled(error.to_string()))?;
            if bytes > most_bytes {
                return Err(SourceError::TooLarge(most_bytes >> 20));
            }
        }
        is_first = false;
        match page.next_token {
            Some(token) => next = Some(token),
            None => return Ok(reply.groups()),
        }
    }
}
