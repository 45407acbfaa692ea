//! A table's rows as they are grouped: those that pass, with what they are grouped by and what is computed of.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::buffer::BooleanBuffer;
use arrow::compute::FilterBuilder;
use arrow::compute::kernels::cast;
use arrow::datatypes::{
    DataType, Date32Type, Field, Int64Type, Schema, SchemaRef, TimestampMicrosecondType, UInt32Type,
};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use hashbrown::HashSet;
use shared::model::query::{Offset, ZoneName};

use super::mask::{Mask, within};
use super::{Aggregate, Grouping};
use crate::file::column::ColumnPart;
use crate::file::table::{Holding, TableFile};
use crate::types::DATETIME;
use shared::model::resolved::{Column, Dimension, TimeBounds};

/// How many rows are worked on at a time: few enough to stay in a processor's cache.
const SLICE_ROWS: usize = 16 << 10;

/// What is made of rows.
#[derive(Debug)]
pub(crate) struct Projection {
    /// The columns of the file that are needed.
    pub(crate) columns: Vec<usize>,
    pub(crate) schema: SchemaRef,
    mask: Mask,
    time: Option<TimeBounds>,
    moved: Option<Offset>,
    zone: ZoneName,
    keys: Vec<Dimension>,
    values: Option<ValueSet>,
    inputs: Vec<Input>,
}

/// What is computed of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) column: usize,
    pub(crate) form: Form,
}

/// In which form values are computed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As they are held.
    Held,
    /// Codes as their texts.
    Text,
    /// Whole numbers with 38 digits, so that their sum has room.
    Wide,
    /// Twice each whole number, so that the mean of two is one, too.
    Doubled,
    /// The same with 38 digits.
    WideDoubled,
}

/// Which values of a dimension pass.
#[derive(Debug)]
struct ValueSet {
    dimension: Dimension,
    set: Set,
    kept: bool,
}

#[derive(Debug)]
enum Set {
    Codes(HashSet<Option<u32>>),
    Rows(RowConverter, HashSet<Box<[u8]>>),
}

impl Projection {
    /// What a grouping needs of a file.
    pub(crate) fn new(
        grouping: &Grouping<'_>,
        file: &TableFile,
        inputs: Vec<Input>,
    ) -> Result<Self, ArrowError> {
        let mut columns = Vec::new();
        grouping.condition.add_columns(&mut columns);
        columns.extend(grouping.time.iter().map(|time| time.column.index));
        columns.extend(grouping.dimensions.iter().map(|dimension| dimension.column.index));
        columns.extend(grouping.values.iter().map(|values| values.dimension.column.index));
        columns.extend(inputs.iter().map(|input| input.column));
        columns.sort_unstable();
        columns.dedup();

        let holding = |column: usize| file.holding(column);
        let keys = grouping.dimensions.iter().enumerate();
        let keys =
            keys.map(|(index, dimension)| Field::new(format!("k{index}"), key_type(dimension, file), true));
        let input_fields = inputs.iter().enumerate();
        let input_fields =
            input_fields.map(|(index, input)| Field::new(format!("i{index}"), input.data_type(file), true));
        let values = grouping.values.as_ref().map(|values| ValueSet::new(values, file)).transpose()?;
        Ok(Self {
            columns,
            schema: Arc::new(Schema::new(keys.chain(input_fields).collect::<Vec<_>>())),
            mask: Mask::new(grouping.condition, &holding),
            time: grouping.time,
            moved: grouping.moved,
            zone: grouping.zone.clone(),
            keys: grouping.dimensions.iter().map(|dimension| (*dimension).clone()).collect(),
            values,
            inputs,
        })
    }

    /// What is made of the rows of a row group, in slices. `parts` are those of `columns`.
    pub(crate) fn slices(
        self: Arc<Self>,
        parts: Vec<ColumnPart>,
        rows: usize,
    ) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> {
        (0..rows).step_by(SLICE_ROWS).filter_map(move |start| {
            let length = SLICE_ROWS.min(rows - start);
            let slice = |part: &ColumnPart| ColumnPart {
                values: part.values.slice(start, length),
                dictionary: part.dictionary.clone(),
            };
            self.slice(&parts.iter().map(slice).collect::<Vec<_>>(), length).transpose()
        })
    }

    /// What is made of some rows. None if none of them pass.
    fn slice(&self, parts: &[ColumnPart], rows: usize) -> Result<Option<RecordBatch>, ArrowError> {
        let part = |column: usize| &parts[self.columns.partition_point(|other| *other < column)];
        let zone = self.zone.zone();
        // Times as they are taken to be: those that a comparison has moved.
        let moved = self
            .moved
            .zip(self.time)
            .map(|(offset, time)| super::time::moved(&part(time.column.index).values, offset, zone));
        let time_of = |column: Column| match (&moved, self.time) {
            (Some(moved), Some(time)) if time.column == column => moved,
            _ => &part(column.index).values,
        };
        let key = |dimension: &Dimension| match dimension.grain {
            Some(unit) => super::time::buckets(time_of(dimension.column), unit, zone),
            None => Arc::clone(time_of(dimension.column)),
        };

        let mut passing = self.mask.rows(rows, &part);
        let mut and = |buffer: BooleanBuffer| {
            passing = Some(match passing.take() {
                Some(passing) => &passing & &buffer,
                None => buffer,
            });
        };
        if let Some(time) = self.time {
            and(in_bounds(time_of(time.column), time));
        }
        if let Some(values) = &self.values {
            and(values.rows(&key(&values.dimension))?);
        }
        let passing = passing.map(|rows| BooleanArray::new(rows, None));
        let count = passing.as_ref().map_or(rows, BooleanArray::true_count);
        if count == 0 {
            return Ok(None);
        }
        let filter =
            passing.filter(|_| count < rows).map(|passing| FilterBuilder::new(&passing).optimize().build());
        let keep = |array: &ArrayRef| match &filter {
            Some(filter) => filter.filter(array),
            None => Ok(Arc::clone(array)),
        };

        let mut arrays = Vec::with_capacity(self.keys.len() + self.inputs.len());
        for dimension in &self.keys {
            let times = keep(time_of(dimension.column))?;
            arrays.push(match dimension.grain {
                Some(unit) => super::time::buckets(&times, unit, zone),
                None => times,
            });
        }
        for input in &self.inputs {
            let part = part(input.column);
            let values = keep(&part.values)?;
            arrays.push(input.form.of(&ColumnPart { values, dictionary: part.dictionary.clone() })?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options).map(Some)
    }
}

impl Input {
    fn data_type(&self, file: &TableFile) -> DataType {
        let held = held_type(file, self.column);
        match self.form {
            Form::Held => held,
            Form::Text => DataType::Utf8View,
            Form::Doubled => DataType::Int64,
            Form::Wide | Form::WideDoubled => DataType::Decimal128(38, 0),
        }
    }
}

impl Form {
    fn of(&self, part: &ColumnPart) -> Result<ArrayRef, ArrowError> {
        let values = &part.values;
        let wide = |values: &ArrayRef| match values.data_type() {
            DataType::Decimal128(..) => {
                // The same units, whatever their scale.
                let units = values.as_primitive::<arrow::datatypes::Decimal128Type>().clone();
                Ok(Arc::new(units.with_data_type(DataType::Decimal128(38, 0))) as ArrayRef)
            }
            _ => cast::cast(values, &DataType::Decimal128(38, 0)),
        };
        Ok(match self {
            Self::Held => Arc::clone(values),
            Self::Text => match &part.dictionary {
                Some(dictionary) => Arc::new(dictionary.decode(values.as_primitive::<UInt32Type>())),
                None => Arc::clone(values),
            },
            Self::Wide => wide(values)?,
            Self::Doubled => Arc::new(
                values.as_primitive::<Int64Type>().unary::<_, Int64Type>(|value| value.wrapping_mul(2)),
            ),
            Self::WideDoubled => {
                let wide = wide(values)?;
                let units = wide.as_primitive::<arrow::datatypes::Decimal128Type>();
                let doubled =
                    units.unary::<_, arrow::datatypes::Decimal128Type>(|value| value.wrapping_mul(2));
                Arc::new(doubled.with_data_type(DataType::Decimal128(38, 0)))
            }
        })
    }
}

impl ValueSet {
    fn new(values: &super::Values<'_>, file: &TableFile) -> Result<Self, ArrowError> {
        let dimension = values.dimension.clone();
        let dictionary = file.dictionaries.get(dimension.column.index).cloned().flatten();
        let set = if let Some(dictionary) = dictionary.filter(|_| dimension.grain.is_none()) {
            let texts = values.values.as_string_view();
            let codes = texts.iter().map(|text| text.map(|text| dictionary.codes(std::iter::once(text))[0]));
            Set::Codes(codes.collect())
        } else {
            let key_type = key_type(&dimension, file);
            let converter = RowConverter::new(vec![SortField::new(key_type.clone())])?;
            let values = held_again(&values.values, &key_type);
            let rows = converter.convert_columns(&[values])?;
            Set::Rows(converter, rows.iter().map(|row| row.as_ref().into()).collect())
        };
        Ok(Self { dimension, set, kept: values.kept })
    }

    fn rows(&self, keys: &ArrayRef) -> Result<BooleanBuffer, ArrowError> {
        Ok(match &self.set {
            Set::Codes(set) => {
                let codes = keys.as_primitive::<UInt32Type>();
                let code = |row: usize| codes.is_valid(row).then(|| codes.value(row));
                BooleanBuffer::collect_bool(codes.len(), |row| set.contains(&code(row)) == self.kept)
            }
            Set::Rows(converter, set) => {
                let rows = converter.convert_columns(std::slice::from_ref(keys))?;
                BooleanBuffer::collect_bool(keys.len(), |row| {
                    set.contains(rows.row(row).as_ref()) == self.kept
                })
            }
        })
    }
}

/// Values of groups as they are held in columns.
fn held_again(values: &ArrayRef, held: &DataType) -> ArrayRef {
    match (values.data_type(), held) {
        (DataType::Decimal128(..), DataType::Int64) => {
            let units = values.as_primitive::<arrow::datatypes::Decimal128Type>();
            Arc::new(units.unary::<_, Int64Type>(|units| i64::try_from(units).unwrap_or_default()))
        }
        _ => Arc::clone(values),
    }
}

fn in_bounds(times: &ArrayRef, time: TimeBounds) -> BooleanBuffer {
    let (from, to) = (time.bounds.from.unwrap_or(i64::MIN), time.bounds.to.unwrap_or(i64::MAX));
    if times.data_type() == &DataType::Date32 {
        let day = |bound: i64| i32::try_from(bound).unwrap_or(if bound < 0 { i32::MIN } else { i32::MAX });
        return within::<Date32Type>(times, day(from), day(to));
    }
    within::<TimestampMicrosecondType>(times, from, to)
}

fn key_type(dimension: &Dimension, file: &TableFile) -> DataType {
    match dimension.grain {
        Some(shared::model::query::TimeUnit::Hour) => DATETIME,
        Some(_) => DataType::Date32,
        None => held_type(file, dimension.column.index),
    }
}

/// The Arrow type that a column is held in.
pub(crate) fn held_type(file: &TableFile, column: usize) -> DataType {
    match file.holding(column) {
        Some(Holding::Codes) => DataType::UInt32,
        Some(Holding::Texts) => DataType::Utf8View,
        Some(Holding::Units(_)) => DataType::Int64,
        _ => file
            .footer
            .schema()
            .fields()
            .get(column)
            .map_or(DataType::Null, |field| field.data_type().clone()),
    }
}

/// The input of an aggregate, if it needs one.
pub(crate) fn input(aggregate: Aggregate, file: &TableFile, wide: bool) -> Option<Input> {
    let (column, form) = match aggregate {
        Aggregate::CountRows => return None,
        Aggregate::Count(column) | Aggregate::DistinctCount(column) => (column, Form::Held),
        Aggregate::Min(column) | Aggregate::Max(column) => match file.holding(column.index) {
            Some(Holding::Codes) => (column, Form::Text),
            _ => (column, Form::Held),
        },
        Aggregate::Sum(column) => match file.holding(column.index) {
            Some(Holding::Units(_)) if !wide => (column, Form::Held),
            Some(Holding::Units(_) | Holding::Decimals(_)) => (column, Form::Wide),
            _ => (column, Form::Held),
        },
        Aggregate::Median(column) => match file.holding(column.index) {
            Some(Holding::Units(_)) if !wide => (column, Form::Doubled),
            Some(Holding::Units(_) | Holding::Decimals(_)) => (column, Form::WideDoubled),
            _ => (column, Form::Held),
        },
    };
    Some(Input { column: column.index, form })
}
