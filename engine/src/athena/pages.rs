//! The rows of an execution, page by page: Athena gives a thousand at once, each value as a text. What has more is read from the object
//! that it is put in (`object.rs`), unless there is none since Athena manages results itself, or S3 does not give it whole.

use std::borrow::Cow;

use super::ask::Asking;
use super::client::Client;
use super::error::AthenaError;
use super::object::{self, Place, Unread};
use crate::database::SourceError;
use crate::groups::Groups;
use crate::sql::{Reply, Statement, Value};

/// How many rows Athena gives at once, at most.
const PAGE_ROWS: i32 = 1_000;

/// The groups that the rows of an execution are, which are also at that place.
pub(super) async fn read(
    client: &Client,
    asking: &Asking<'_>,
    execution: &str,
    place: Option<Place>,
    statement: &Statement,
) -> Result<Groups, SourceError> {
    let mut reply = Reply::to(statement);
    let (mut next, mut is_first, mut place) = (None, true, place);
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
            let values = row.data().iter().map(|datum| {
                Ok(datum.var_char_value().map_or(Value::Null, |text| Value::Text(Cow::Borrowed(text))))
            });
            let bytes = reply.push::<SourceError>(values)?;
            if bytes > asking.most_bytes {
                return Err(SourceError::TooLarge(asking.most_bytes >> 20));
            }
        }
        is_first = false;
        let Some(token) = page.next_token else { return Ok(reply.groups()) };
        if let Some(place) = place.take() {
            match object::read(asking, &place, statement).await {
                Ok(groups) => return Ok(groups),
                Err(Unread::TooLarge(bytes)) => return Err(SourceError::TooLarge(bytes >> 20)),
                Err(error) => tracing::warn!(%error, execution, "a result of Athena's is read page by page"),
            }
        }
        next = Some(token);
    }
}
