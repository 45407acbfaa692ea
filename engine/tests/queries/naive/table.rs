//! A table in memory, and the same table as Arrow, as Parquet and as its description.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use engine::types::{SHORT_DIGITS, decimal};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use shared::model::table::ColumnType;

/// How long statistics of texts may be in Parquet files. As in imports.
const STATISTICS_BYTES: usize = 128;

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) column_type: ColumnType,
    /// How many digits decimals have after the point. None for numbers that are 64-bit floats.
    pub(crate) scale: Option<i8>,
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Text(String),
    Integer(i64),
    /// Without its point, whose place is the column's scale.
    Decimal(i128),
    Float(f64),
    /// Days since 1970.
    Date(i32),
    /// Microseconds since 1970.
    Datetime(i64),
    Boolean(bool),
}

impl Column {
    /// The Arrow type that imports give such a column.
    fn data_type(&self, whole_digits: u8) -> DataType {
        match self.column_type {
            ColumnType::Number => match self.scale {
                Some(scale) => decimal(whole_digits, scale.unsigned_abs()),
                None => DataType::Float64,
            },
            other => engine::types::of_empty(other),
        }
    }
}

impl Table {
    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> (usize, &Column) {
        let place = self.columns.iter().position(|column| column.name == name);
        let index = place.unwrap_or_else(|| panic!("the table has no column {name:?}"));
        (index, &self.columns[index])
    }

    /// The values of a column, those that are missing too.
    pub(crate) fn values(&self, column: usize) -> impl Iterator<Item = &Value> {
        self.rows.iter().map(move |row| &row[column])
    }

    /// How many digits the decimals of a column have before the point, at most.
    pub(crate) fn whole_digits(&self, column: usize) -> u8 {
        let scale = u32::try_from(self.columns[column].scale.unwrap_or(0)).unwrap();
        let digits = self.values(column).map(|value| match value {
            Value::Decimal(unscaled) => (unscaled.unsigned_abs() / 10_u128.pow(scale)).checked_ilog10(),
            Value::Integer(integer) => integer.unsigned_abs().checked_ilog10(),
            _ => None,
        });
        u8::try_from(digits.map(|log| log.map_or(0, |log| log + 1)).max().unwrap_or(0)).unwrap()
    }

    /// The table as Arrow has it.
    pub(crate) fn record_batch(&self) -> RecordBatch {
        let arrays: Vec<ArrayRef> = (0..self.columns.len()).map(|index| self.array(index)).collect();
        let fields: Vec<Field> = self
            .columns
            .iter()
            .zip(&arrays)
            .map(|(column, array)| Field::new(&column.name, array.data_type().clone(), true))
            .collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
    }

    fn array(&self, index: usize) -> ArrayRef {
        let data_type = self.columns[index].data_type(self.whole_digits(index));
        macro_rules! array {
            ($array:ident, $value:ident) => {
                self.values(index)
                    .map(|value| match value {
                        Value::$value(value) => Some(value.clone()),
                        Value::Null => None,
                        other => panic!("{other:?} is in a column of {data_type}"),
                    })
                    .collect::<$array>()
            };
        }
        match data_type {
            DataType::Utf8 => Arc::new(array!(StringArray, Text)),
            DataType::Int64 => Arc::new(array!(Int64Array, Integer)),
            DataType::Decimal128(..) => {
                Arc::new(array!(Decimal128Array, Decimal).with_data_type(data_type.clone()))
            }
            DataType::Float64 => Arc::new(array!(Float64Array, Float)),
            DataType::Date32 => Arc::new(array!(Date32Array, Date)),
            DataType::Timestamp(..) => Arc::new(array!(TimestampMicrosecondArray, Datetime)),
            DataType::Boolean => Arc::new(array!(BooleanArray, Boolean)),
            other => panic!("{other} is no type of a column"),
        }
    }

    /// The table as a Parquet file, with at most so many rows in a row group. Imports sort rows by their first time; this does not.
    pub(crate) fn parquet(&self, rows_per_group: usize) -> Vec<u8> {
        let batch = self.record_batch();
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap()))
            .set_statistics_truncate_length(Some(STATISTICS_BYTES))
            .set_max_row_group_row_count(Some(rows_per_group));
        for field in batch.schema().fields() {
            let is_whole = match field.data_type() {
                DataType::Int64 | DataType::Date32 | DataType::Timestamp(..) => true,
                DataType::Decimal128(precision, _) => *precision <= SHORT_DIGITS,
                _ => false,
            };
            if is_whole {
                let column = ColumnPath::new(vec![field.name().clone()]);
                properties = properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
            }
        }
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties.build())).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }
}
