//! Sorted rows in a file, for as long as the import takes.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek as _};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema as ArrowSchema};
use arrow::ipc::CompressionType;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};

use super::{Held, Schema};
use crate::failure::{ImportFailure, Outcome};

/// How many rows are written at a time, and read again at a time, ...
const PIECE_ROWS: usize = 8 << 10;

/// ... unless they have more bytes than this.
const PIECE_BYTES: usize = 2 << 20;

/// Sorted rows in a file, which is gone when it is closed.
pub(super) struct Run {
    file: File,
}

impl Run {
    pub(super) fn write(held: &Held, schema: &Schema, scratch: &Path) -> Outcome<Self> {
        let file = tempfile::tempfile_in(scratch)?;
        let fields: Vec<_> = schema
            .types
            .iter()
            .enumerate()
            .map(|(index, of)| Field::new(index.to_string(), of.clone(), true))
            .collect();
        let arrow_schema = Arc::new(ArrowSchema::new(fields));
        let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
        let mut writer = StreamWriter::try_new_with_options(BufWriter::new(file), &arrow_schema, options)?;
        let mut start = 0;
        while start < held.rows() {
            let end = held.rows().min(start + PIECE_ROWS);
            let columns = (0..schema.types.len())
                .map(|column| whole(held, column, start..end))
                .collect::<Outcome<_>>()?;
            let rows = RecordBatchOptions::new().with_row_count(Some(end - start));
            write_bounded(
                &mut writer,
                &RecordBatch::try_new_with_options(arrow_schema.clone(), columns, &rows)?,
            )?;
            start = end;
        }
        writer.finish()?;
        let mut file =
            writer.into_inner()?.into_inner().map_err(|error| ImportFailure::internal(error.into_error()))?;
        file.rewind()?;
        Ok(Self { file })
    }

    /// Begins to read it.
    pub(super) fn read(self) -> Outcome<StreamReader<BufReader<File>>> {
        Ok(StreamReader::try_new_buffered(self.file, None)?)
    }
}

/// A column's values in some rows, in one array.
fn whole(held: &Held, column: usize, rows: std::ops::Range<usize>) -> Outcome<ArrayRef> {
    let mut pieces = Vec::new();
    held.for_each_piece(column, rows, |piece| {
        pieces.push(piece);
        Ok(())
    })?;
    if let [one] = pieces.as_slice() {
        return Ok(one.clone());
    }
    let pieces: Vec<_> = pieces.iter().map(AsRef::as_ref).collect();
    Ok(arrow::compute::concat(&pieces)?)
}

/// Writes rows in parts that are small enough to be held, one of each file, when files are merged.
fn write_bounded(writer: &mut StreamWriter<BufWriter<File>>, batch: &RecordBatch) -> Outcome<()> {
    let mut bytes = 0;
    for column in batch.columns() {
        bytes += column.to_data().get_slice_memory_size()?;
    }
    if bytes > PIECE_BYTES && batch.num_rows() > 1 {
        let half = batch.num_rows() / 2;
        write_bounded(writer, &batch.slice(0, half))?;
        return write_bounded(writer, &batch.slice(half, batch.num_rows() - half));
    }
    Ok(writer.write(batch)?)
}
