//! Rows as a stream of Arrow.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;

use super::Answer;

impl Answer {
    /// The rows as [Arrow's streaming format](https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format), in one batch.
    pub fn to_arrow(&self) -> Result<Vec<u8>, ArrowError> {
        let fields = self.columns.iter().zip(&self.values);
        let fields =
            fields.map(|(column, values)| Field::new(&column.name, values.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let options = RecordBatchOptions::new().with_row_count(Some(self.row_count));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), self.values.clone(), &options)?;
        let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
        writer.write(&batch)?;
        writer.into_inner()
    }
}
