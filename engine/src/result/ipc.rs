//! Rows as a stream of Arrow: for clients, and for the bucket, where what else there is to an answer goes along.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use arrow::ipc::CompressionType;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::base::Timestamp;
use shared::model::resolved::Resolved;
use shared::model::table::Cell;

use super::{Answer, Records, Scanned, columns, json};
use crate::athena::Scan;

/// The name of the schema's metadata that has the [`Rest`].
const REST: &str = "claribi";

/// What there is to an answer beside its rows.
#[derive(Serialize, Deserialize)]
struct Rest {
    totals: Option<Vec<Cell>>,
    other_row: Option<usize>,
    truncated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scan: Option<Scan>,
}

impl Answer {
    /// The rows as [Arrow's streaming format](https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format), in one batch.
    pub fn to_arrow(&self) -> Result<Vec<u8>, ArrowError> {
        self.write(HashMap::new(), IpcWriteOptions::default())
    }

    /// All of it, in few bytes.
    pub(crate) fn to_stored(&self) -> Result<Vec<u8>, ArrowError> {
        let rest = Rest {
            totals: self.totals.clone(),
            other_row: self.other_row,
            truncated: self.truncated,
            asked_at: self.asked_at,
            scan: self.scan,
        };
        let rest = serde_json::to_string(&rest).map_err(other)?;
        let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD))?;
        self.write(HashMap::from([(REST.to_owned(), rest)]), options)
    }

    /// What was stored as the answer to that query.
    pub(crate) fn from_stored(bytes: &[u8], resolved: &Resolved) -> Result<Self, ArrowError> {
        let mut reader = StreamReader::try_new(bytes, None)?;
        let schema = reader.schema();
        let rest = schema.metadata().get(REST).map(String::as_str).unwrap_or_default();
        let Rest { totals, other_row, truncated, asked_at, scan } =
            serde_json::from_str(rest).map_err(other)?;
        let batch = reader.next().ok_or_else(|| other("there are no rows"))??;
        let columns = columns(resolved);
        let names = schema.fields().iter().map(|field| field.name());
        if !names.eq(columns.iter().map(|column| &column.name)) {
            return Err(other("its columns are others"));
        }
        let (values, row_count) = (batch.columns().to_vec(), batch.num_rows());
        let rows = RawValue::from_string(json::rows(&values, row_count, usize::MAX).json).map_err(other)?;
        let records = Records { columns, values, row_count, totals, other_row, truncated };
        Ok(Self { records, rows, asked_at, scan, scanned: Scanned::default() })
    }

    fn write(
        &self,
        metadata: HashMap<String, String>,
        options: IpcWriteOptions,
    ) -> Result<Vec<u8>, ArrowError> {
        let fields = self.columns.iter().zip(&self.values);
        let fields =
            fields.map(|(column, values)| Field::new(&column.name, values.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()).with_metadata(metadata));
        let rows = RecordBatchOptions::new().with_row_count(Some(self.row_count));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), self.values.clone(), &rows)?;
        let mut writer = StreamWriter::try_new_with_options(Vec::new(), &schema, options)?;
        writer.write(&batch)?;
        writer.into_inner()
    }
}

fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ArrowError {
    ArrowError::ExternalError(error.into())
}
