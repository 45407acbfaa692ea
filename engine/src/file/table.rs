//! A table's Parquet file: its footer, and how its columns are held in memory.

use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use shared::model::table::Table;

use super::bytes::{Part, RangeRead, ReadError};
use super::dictionary::{Dictionary, MAX_TEXTS};
use crate::types::SHORT_DIGITS;

/// How much of a file's end is read at once: footers of tables with a hundred columns and row groups are in it.
const END_BYTES: u64 = 128 << 10;

/// A table's file.
#[derive(Debug)]
pub(crate) struct TableFile {
    /// Where it is.
    pub(crate) key: String,
    /// What it has.
    pub(crate) footer: ArrowReaderMetadata,
    /// The texts of the columns that are held as codes.
    pub(crate) dictionaries: Vec<Option<Arc<Dictionary>>>,
}

/// How a column is held in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    /// Texts by their codes.
    Codes,
    /// Texts as they are.
    Texts,
    /// Integers, and decimals as whole numbers of their last digit's unit: so many digits are after the point.
    Units(i8),
    /// Decimals of more digits than 64 bits have.
    Decimals(i8),
    /// Floats.
    Floats,
    /// Days.
    Days,
    /// Instants.
    Instants,
    /// True or false.
    Booleans,
}

impl TableFile {
    /// Opens a file that an import has written. `table` says how many texts its columns have.
    pub(crate) async fn open(files: &dyn RangeRead, key: String, table: &Table) -> Result<Self, ReadError> {
        let (mut end, size) = files.read_end(&key, END_BYTES).await?;
        let footer_bytes = footer_bytes(&end)?;
        if footer_bytes > end.len() {
            (end, _) = files.read_end(&key, footer_bytes as u64).await?;
        }
        let part = Part { start: size - end.len() as u64, bytes: end };
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&part).map_err(unreadable)?;
        let footer = arrow_footer(Arc::new(metadata), table).map_err(unreadable)?;
        let fields = footer.schema().fields().iter();
        let dictionaries =
            fields.map(|field| is_dictionary(field).then(|| Arc::new(Dictionary::default()))).collect();
        Ok(Self { key, footer, dictionaries })
    }

    /// How a column is held. None for what tables do not have.
    pub(crate) fn holding(&self, column: usize) -> Option<Holding> {
        Some(match self.footer.schema().fields().get(column)?.data_type() {
            DataType::Dictionary(..) => Holding::Codes,
            DataType::Utf8View => Holding::Texts,
            DataType::Int64 => Holding::Units(0),
            DataType::Decimal64(_, scale) => Holding::Units(*scale),
            DataType::Decimal128(_, scale) => Holding::Decimals(*scale),
            DataType::Float64 => Holding::Floats,
            DataType::Date32 => Holding::Days,
            DataType::Timestamp(..) => Holding::Instants,
            DataType::Boolean => Holding::Booleans,
            _ => return None,
        })
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> u64 {
        self.metadata().file_metadata().num_rows().cast_unsigned()
    }

    /// How many row groups it has.
    pub(crate) fn groups(&self) -> usize {
        self.metadata().num_row_groups()
    }

    /// Where a column of a row group is in the file.
    pub(crate) fn range(&self, group: usize, column: usize) -> Range<u64> {
        let (start, length) = self.metadata().row_group(group).column(column).byte_range();
        start..start + length
    }

    /// The least and the greatest value of a column in each of its row groups, where they are known.
    pub(crate) fn extremes(&self, column: usize) -> Vec<Option<(i128, i128)>> {
        let known = || {
            // Of the stored type: what is held is made of it.
            let schema = parquet::arrow::parquet_to_arrow_schema(self.footer.parquet_schema(), None).ok()?;
            let name = schema.fields().get(column)?.name();
            let statistics =
                StatisticsConverter::try_new(name, &schema, self.footer.parquet_schema()).ok()?;
            let groups = self.metadata().row_groups();
            let (least, greatest) =
                (statistics.row_group_mins(groups).ok()?, statistics.row_group_maxes(groups).ok()?);
            let extremes =
                (0..groups.len()).map(|group| Some((integer(&least, group)?, integer(&greatest, group)?)));
            Some(extremes.collect())
        };
        known().unwrap_or_else(|| vec![None; self.groups()])
    }

    fn metadata(&self) -> &Arc<ParquetMetaData> {
        self.footer.metadata()
    }
}

/// What a footer says, with the types that columns are held in.
fn arrow_footer(
    metadata: Arc<ParquetMetaData>,
    table: &Table,
) -> Result<ArrowReaderMetadata, parquet::errors::ParquetError> {
    let stored = ArrowReaderMetadata::try_new(Arc::clone(&metadata), ArrowReaderOptions::new())?;
    let fields = stored.schema().fields().iter().enumerate().map(|(index, field)| {
        let distinct = table.columns.get(index).and_then(|column| column.distinct_count);
        let held = match field.data_type() {
            DataType::Utf8 if distinct.is_some_and(|texts| texts <= MAX_TEXTS) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            DataType::Utf8 => DataType::Utf8View,
            DataType::Decimal128(precision, scale) if *precision <= SHORT_DIGITS => {
                DataType::Decimal64(*precision, *scale)
            }
            other => other.clone(),
        };
        Field::new(field.name(), held, field.is_nullable())
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    ArrowReaderMetadata::try_new(metadata, ArrowReaderOptions::new().with_schema(schema))
}

fn is_dictionary(field: &Field) -> bool {
    matches!(field.data_type(), DataType::Dictionary(..))
}

fn integer(values: &dyn arrow::array::Array, row: usize) -> Option<i128> {
    use arrow::array::AsArray as _;
    use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
    if values.is_null(row) {
        return None;
    }
    Some(match values.data_type() {
        DataType::Int64 => values.as_primitive::<Int64Type>().value(row).into(),
        DataType::Date32 => values.as_primitive::<Date32Type>().value(row).into(),
        DataType::Timestamp(..) => values.as_primitive::<TimestampMicrosecondType>().value(row).into(),
        DataType::Decimal128(..) => values.as_primitive::<Decimal128Type>().value(row),
        _ => return None,
    })
}

/// How many bytes at the end of a file its footer is, as its last eight bytes say
/// ([file format](https://parquet.apache.org/docs/file-format/)).
fn footer_bytes(end: &[u8]) -> Result<usize, ReadError> {
    match end.split_last_chunk::<8>() {
        Some((_, [a, b, c, d, b'P', b'A', b'R', b'1'])) => {
            Ok(usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX).saturating_add(8))
        }
        _ => Err(ReadError("the file is no Parquet file".into())),
    }
}

pub(crate) fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> ReadError {
    ReadError(Box::new(error))
}
