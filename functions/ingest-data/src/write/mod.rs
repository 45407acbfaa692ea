//! Writes a table as a Parquet file, and describes what is in it.

mod describe;
mod distinct;
mod preview;

use std::fs::File;
use std::io::BufWriter;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema, SchemaRef};
use engine::types::SHORT_DIGITS;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::add_encoded_arrow_schema_to_metadata;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, SortingColumn};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use shared::model::table::Column;

use crate::failure::{ImportFailure, Outcome};
use crate::limits::Limits;
use crate::store::{Held, Schema, Sorted};
use distinct::Distinct;
pub(crate) use preview::preview;

/// How hard to compress: a higher level took longer than its few percent were worth.
const ZSTD_LEVEL: i32 = 1;

/// How long statistics of texts may be. Longer than what is shown of them, so that a text that was cut is never shown.
const STATISTICS_BYTES: usize = 128;

/// How large the dictionary of a column may be in a row group. Where more values differ, their numbers in a dictionary take more than
/// they save.
const DICTIONARY_BYTES: usize = 256 << 10;

/// How many columns a table may have whose whole numbers are stored as differences: each takes 175 kB more while a row group is made.
const MAX_DELTA_COLUMNS: usize = 200;

impl From<ParquetError> for ImportFailure {
    fn from(error: ParquetError) -> Self {
        Self::internal(error)
    }
}

/// What was written.
pub(crate) struct Written {
    pub(crate) rows: u64,
    pub(crate) columns: Vec<Column>,
}

/// Writes a table's rows to a new file.
pub(crate) fn write(schema: &Schema, sorted: Sorted, path: &Path, limits: &Limits) -> Outcome<Written> {
    let fields: Vec<_> =
        schema.names.iter().zip(&schema.types).map(|(name, of)| Field::new(name, of.clone(), true)).collect();
    let arrow = Arc::new(ArrowSchema::new(fields));
    let mut writer = Writer::create(arrow.clone(), schema.time, path, limits)?;
    match sorted {
        Sorted::Held(held) => {
            let mut start = 0;
            while start < held.rows() {
                let end = held.rows().min(start + limits.group_rows);
                writer.write(&Group::Held(&held, start..end))?;
                start = end;
            }
        }
        Sorted::Merged(mut merge) => {
            let (mut pieces, mut rows, mut bytes) = (Vec::new(), 0, 0);
            while let Some((count, columns)) = merge.next()? {
                let size: usize = columns.iter().map(size).sum::<Outcome<_>>()?;
                if rows > 0 && (rows + count > limits.group_rows || bytes + size > limits.group_bytes) {
                    writer.write(&Group::Pieces(std::mem::take(&mut pieces)))?;
                    (rows, bytes) = (0, 0);
                }
                pieces.push(columns);
                rows += count;
                bytes += size;
            }
            if rows > 0 {
                writer.write(&Group::Pieces(pieces))?;
            }
        }
    }
    writer.finish()
}

/// Whether values are stored as whole numbers of at most 64 bits, of which differences are often short.
fn is_whole(data_type: &DataType) -> bool {
    match data_type {
        DataType::Int64 | DataType::Date32 | DataType::Timestamp(..) => true,
        DataType::Decimal128(precision, _) => *precision <= SHORT_DIGITS,
        _ => false,
    }
}

fn size(array: &ArrayRef) -> Outcome<usize> {
    Ok(arrow::array::Array::to_data(array).get_slice_memory_size()?)
}

/// The rows of a row group.
enum Group<'a> {
    Held(&'a Held, Range<usize>),
    Pieces(Vec<Vec<ArrayRef>>),
}

impl Group<'_> {
    fn for_each_piece(&self, column: usize, mut take: impl FnMut(ArrayRef) -> Outcome<()>) -> Outcome<()> {
        match self {
            Self::Held(held, rows) => held.for_each_piece(column, rows.clone(), take),
            Self::Pieces(pieces) => pieces.iter().try_for_each(|piece| take(piece[column].clone())),
        }
    }
}

/// A Parquet file that is being written.
struct Writer {
    file: SerializedFileWriter<BufWriter<File>>,
    factory: ArrowRowGroupWriterFactory,
    arrow: SchemaRef,
    groups: usize,
    distinct: Vec<Mutex<Distinct>>,
    /// The columns in the order in which they are worked on: what takes longest goes first, so that all threads end together.
    turns: Vec<usize>,
}

impl Writer {
    fn create(arrow: SchemaRef, time: Option<usize>, path: &Path, limits: &Limits) -> Outcome<Self> {
        let time = time.map(i32::try_from).transpose().map_err(ImportFailure::internal)?;
        let sorting =
            time.map(|time| vec![SortingColumn { column_idx: time, descending: false, nulls_first: false }]);
        let properties = WriterProperties::builder()
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
            .set_statistics_truncate_length(Some(STATISTICS_BYTES))
            .set_sorting_columns(sorting);
        let mut properties = properties;
        for field in arrow.fields() {
            if is_whole(field.data_type()) && arrow.fields().len() <= MAX_DELTA_COLUMNS {
                let column = ColumnPath::new(vec![field.name().clone()]);
                properties = properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
            }
        }
        let mut properties = properties.build();
        add_encoded_arrow_schema_to_metadata(&arrow, &mut properties);
        let parquet = ArrowSchemaConverter::new().convert(&arrow)?;
        let file = BufWriter::new(File::create_new(path)?);
        let file = SerializedFileWriter::new(file, parquet.root_schema_ptr(), Arc::new(properties))?;
        let factory = ArrowRowGroupWriterFactory::new(&file, arrow.clone());
        let count = arrow.fields().len();
        let distinct = (0..count).map(|_| Mutex::new(Distinct::new(count, limits.hashes))).collect();
        let mut turns: Vec<usize> = (0..count).collect();
        turns.sort_by_key(|&column| !matches!(arrow.field(column).data_type(), DataType::Utf8));
        Ok(Self { file, factory, arrow, groups: 0, distinct, turns })
    }

    /// Writes a row group: its columns are encoded on as many threads as there are processors.
    fn write(&mut self, group: &Group<'_>) -> Outcome<()> {
        let writers = self.factory.create_column_writers(self.groups)?;
        let writers: Vec<_> = writers.into_iter().map(|writer| Mutex::new(Some(writer))).collect();
        let chunks: Vec<_> = self.turns.iter().map(|_| Mutex::new(None)).collect();
        let turn = AtomicUsize::new(0);
        let work = || -> Outcome<()> {
            while let Some(&column) = self.turns.get(turn.fetch_add(1, Ordering::Relaxed)) {
                let writer = lock(&writers[column]).take();
                let writer = writer.ok_or_else(|| ImportFailure::internal("a column has no writer"))?;
                *lock(&chunks[column]) = Some(self.encode(column, writer, group)?);
            }
            Ok(())
        };
        let helpers = thread::available_parallelism().map_or(1, usize::from).min(self.turns.len()) - 1;
        thread::scope(|scope| {
            let helping: Vec<_> = (0..helpers).map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for helper in helping {
                let helped = helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                done = done.and(helped);
            }
            done
        })?;
        let mut row_group = self.file.next_row_group()?;
        for chunk in chunks {
            let chunk: Option<ArrowColumnChunk> = chunk.into_inner().unwrap_or_else(PoisonError::into_inner);
            let chunk = chunk.ok_or_else(|| ImportFailure::internal("a column was not encoded"))?;
            chunk.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
        self.groups += 1;
        Ok(())
    }

    fn encode(
        &self,
        column: usize,
        mut writer: ArrowColumnWriter,
        group: &Group<'_>,
    ) -> Outcome<ArrowColumnChunk> {
        let field = self.arrow.field(column);
        let mut distinct = lock(&self.distinct[column]);
        group.for_each_piece(column, |piece| {
            distinct.add(&piece);
            for leaf in compute_leaves(field, &piece)? {
                writer.write(&leaf)?;
            }
            Ok(())
        })?;
        Ok(writer.close()?)
    }

    fn finish(self) -> Outcome<Written> {
        let metadata: ParquetMetaData = self.file.close()?;
        let distinct = self.distinct.into_iter().map(|distinct| lock(&distinct).count()).collect();
        describe::describe(&self.arrow, &metadata, distinct)
    }
}

/// A panic of another thread ends the import anyway.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
