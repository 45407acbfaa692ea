//! A column of a row group, as it is held in memory.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, Float64Array, UInt32Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{ArrowNativeType as _, DataType, Decimal64Type, Float64Type, Int32Type, Int64Type};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::bytes::Part;
use super::dictionary::Dictionary;
use super::table::TableFile;

/// The values of a column in one row group: codes of texts, or what [`Holding`](super::table::Holding) says.
#[derive(Clone, Debug)]
pub(crate) struct ColumnPart {
    pub(crate) values: ArrayRef,
    /// Where the codes' texts are.
    pub(crate) dictionary: Option<Arc<Dictionary>>,
}

impl ColumnPart {
    /// Decodes a column of a row group from its part of the file.
    pub(crate) fn decode(
        file: &TableFile,
        group: usize,
        column: usize,
        part: Part,
    ) -> Result<Self, ArrowError> {
        let rows = usize::try_from(file.footer.metadata().row_group(group).num_rows()).unwrap_or(usize::MAX);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(part, file.footer.clone())
            .with_projection(ProjectionMask::roots(file.footer.parquet_schema(), [column]))
            .with_row_groups(vec![group])
            .with_batch_size(rows)
            .build()?;
        let mut parts = Vec::new();
        for batch in reader {
            parts.push(Arc::clone(batch?.column(0)));
        }
        let values = match &parts[..] {
            [] => arrow::array::new_empty_array(file.footer.schema().field(column).data_type()),
            [only] => Arc::clone(only),
            several => {
                arrow::compute::concat(&several.iter().map(AsRef::as_ref).collect::<Vec<&dyn Array>>())?
            }
        };
        let dictionary = file.dictionaries.get(column).cloned().flatten();
        let values = match &dictionary {
            Some(dictionary) => codes(&values, dictionary),
            None => hold(values),
        };
        Ok(Self { values, dictionary })
    }

    /// About how many bytes it takes, without its dictionary.
    pub(crate) fn bytes(&self) -> usize {
        self.values.get_array_memory_size()
    }
}

/// Codes that are the same in all row groups, from those of one.
fn codes(values: &ArrayRef, dictionary: &Dictionary) -> ArrayRef {
    let values = values.as_dictionary::<Int32Type>();
    let texts = values.values().as_string::<i32>();
    let of_all = dictionary
        .codes((0..texts.len()).map(|index| if texts.is_null(index) { "" } else { texts.value(index) }));
    let keys = values.keys();
    // What stands at a null is any key, and the dictionary may be empty.
    let code = |key: &i32| of_all.get(key.as_usize()).copied().unwrap_or_default();
    let codes = keys.values().iter().map(code).collect::<Vec<_>>();
    Arc::new(UInt32Array::new(codes.into(), keys.nulls().cloned().and_then(some_nulls)))
}

/// An array as it is held: short decimals as the integers that they are made of, floats with one zero only.
fn hold(values: ArrayRef) -> ArrayRef {
    match values.data_type() {
        DataType::Decimal64(..) => {
            Arc::new(values.as_primitive::<Decimal64Type>().reinterpret_cast::<Int64Type>())
        }
        DataType::Float64 => {
            let floats: Float64Array = values.as_primitive::<Float64Type>().unary(|value| value + 0.0);
            Arc::new(floats)
        }
        _ => values,
    }
}

fn some_nulls(nulls: NullBuffer) -> Option<NullBuffer> {
    (nulls.null_count() > 0).then_some(nulls)
}
