//! A table as a Parquet file, whose columns have the types that they have in databases.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use jiff::civil::{Date, DateTime};
use parquet::arrow::ArrowWriter;

use super::{Column, Kind, Table};

/// How many digits a decimal has at most.
const MOST_DIGITS: u8 = 38;

impl Table {
    /// The table as a file.
    pub(in crate::databases) fn parquet(&self) -> Vec<u8> {
        let column = |(index, column): (usize, &Column)| {
            let values: Vec<Option<String>> =
                (0..self.rows).map(|row| column.value(row, index).file).collect();
            (column.name, array(column.kind, &values), true)
        };
        let batch = RecordBatch::try_from_iter_with_nullable(self.columns.iter().enumerate().map(column));
        let batch = batch.expect("columns of one length");
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("rows");
        writer.into_inner().expect("a file")
    }
}

fn array(kind: Kind, values: &[Option<String>]) -> ArrayRef {
    macro_rules! array {
        ($array:ty, $parse:expr) => {
            values.iter().map(|value| value.as_deref().map($parse)).collect::<$array>()
        };
    }
    match kind {
        Kind::Text => Arc::new(array!(StringArray, |text: &str| text)),
        Kind::Integer => Arc::new(array!(Int64Array, parsed)),
        Kind::Decimal(scale) => {
            let decimals = array!(Decimal128Array, |text| unscaled(text, scale));
            Arc::new(decimals.with_precision_and_scale(MOST_DIGITS, scale.cast_signed()).expect("digits"))
        }
        Kind::Float => Arc::new(array!(Float64Array, parsed)),
        Kind::Single => Arc::new(array!(Float32Array, parsed)),
        Kind::Date => Arc::new(array!(Date32Array, |text| {
            let days = parsed::<Date>(text).duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
            i32::try_from(days).expect("a day")
        })),
        Kind::Datetime => Arc::new(array!(TimestampMicrosecondArray, microseconds)),
        Kind::Boolean => Arc::new(array!(BooleanArray, parsed)),
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no {}", std::any::type_name::<T>()))
}

/// An instant as microseconds since 1970. Not all of the last day are instants to the library.
fn microseconds(text: &str) -> i64 {
    let civil: DateTime = parsed(text.trim_end_matches('Z'));
    let since = civil.duration_since(jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0));
    since.as_micros().try_into().expect("microseconds")
}

/// A decimal as a number of its last digit.
fn unscaled(text: &str, scale: u8) -> i128 {
    let (text, zeros) =
        text.split_once('e').map_or((text, 0), |(text, zeros)| (text, parsed::<usize>(zeros)));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = zeros + usize::from(scale) - fraction.len();
    parsed(&format!("{whole}{fraction}{}", "0".repeat(zeros)))
}
