//! Describes the columns of a table by the statistics that its Parquet file has anyway.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _, BooleanArray, PrimitiveArray, StringArray,
};
use arrow::compute;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Float64Type, Int64Type, Schema, TimestampMicrosecondType,
};
use engine::cell::cell;
use engine::types::column_type;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::file::metadata::ParquetMetaData;
use shared::model::table::{Cell, Column};

use super::Written;
use crate::failure::{ImportFailure, Outcome};

/// How long a text may be that is shown as the least or greatest of its column, in bytes.
const MAX_TEXT_BYTES: usize = 100;

/// Describes what was written.
pub(super) fn describe(
    arrow: &Schema,
    metadata: &ParquetMetaData,
    distinct: Vec<Option<u64>>,
) -> Outcome<Written> {
    let rows = metadata.row_groups().iter().map(|group| group.num_rows().cast_unsigned()).sum();
    let mut columns = Vec::with_capacity(distinct.len());
    for (field, distinct_count) in arrow.fields().iter().zip(distinct) {
        columns.push(column(field, arrow, metadata, distinct_count)?);
    }
    Ok(Written { rows, columns })
}

fn column(
    field: &Field,
    arrow: &Schema,
    metadata: &ParquetMetaData,
    distinct_count: Option<u64>,
) -> Outcome<Column> {
    let parquet = metadata.file_metadata().schema_descr();
    let statistics = StatisticsConverter::try_new(field.name(), arrow, parquet)?;
    let groups = metadata.row_groups();
    let nulls = statistics.row_group_null_counts(groups)?;
    let least = extreme(&statistics.row_group_mins(groups)?, End::Least)?;
    let greatest = extreme(&statistics.row_group_maxes(groups)?, End::Greatest)?;
    let column_type = column_type(field.data_type())
        .ok_or_else(|| ImportFailure::internal(format!("{} is no type of a column", field.data_type())))?;
    Ok(Column {
        name: field.name().clone(),
        column_type,
        native_type: None,
        nullable: Some(nulls.iter().flatten().any(|count| count > 0)),
        distinct_count,
        min: least,
        max: greatest,
    })
}

#[derive(Clone, Copy)]
enum End {
    Least,
    Greatest,
}

/// The least or greatest of the values that the row groups have as such.
fn extreme(values: &ArrayRef, end: End) -> Outcome<Option<Cell>> {
    let one: ArrayRef = match values.data_type() {
        DataType::Int64 => primitive::<Int64Type>(values, end),
        DataType::Date32 => primitive::<Date32Type>(values, end),
        DataType::Timestamp(..) => primitive::<TimestampMicrosecondType>(values, end),
        DataType::Float64 => primitive::<Float64Type>(values, end),
        DataType::Decimal128(..) => primitive::<Decimal128Type>(values, end),
        DataType::Boolean => {
            let values = values.as_boolean();
            Arc::new(BooleanArray::from(vec![match end {
                End::Least => compute::min_boolean(values),
                End::Greatest => compute::max_boolean(values),
            }]))
        }
        DataType::Utf8 => {
            let values = values.as_string::<i32>();
            let text = match end {
                End::Least => compute::min_string(values),
                End::Greatest => compute::max_string(values),
            };
            Arc::new(StringArray::from(vec![text.filter(|text| text.len() <= MAX_TEXT_BYTES)]))
        }
        other => return Err(ImportFailure::internal(format!("{other} is no type of a column"))),
    };
    Ok((!one.is_null(0)).then(|| cell(&one, 0)))
}

fn primitive<T: ArrowPrimitiveType>(values: &ArrayRef, end: End) -> ArrayRef
where
    T::Native: arrow::datatypes::ArrowNativeType,
{
    let values = values.as_primitive::<T>();
    let value = match end {
        End::Least => compute::min(values),
        End::Greatest => compute::max(values),
    };
    Arc::new(PrimitiveArray::<T>::from_iter([value]).with_data_type(values.data_type().clone()))
}
