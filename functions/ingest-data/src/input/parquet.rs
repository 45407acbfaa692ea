//! Parquet files: their columns have types already, which become those of tables.
//!
//! What tables do not hold is refused by its column: nested values, times of day, intervals, binary values. Values that JSON cannot
//! say, like infinity, are refused by their row.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Date32Type, Field, Float64Type, Schema as ArrowSchema, TimestampMicrosecondType,
};
use engine::types::{DATETIME, column_type};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use shared::model::calendar::{FIRST_DAY, LAST_DAY, has_datetime};
use shared::model::import::ImportError;

use crate::cells::{Cells, Kind};
use crate::column::{Column, Rules};
use crate::failure::{ImportFailure, Mistakes, Outcome};
use crate::input::Part;
use crate::input::union::Union;
use crate::names;
use crate::pass::{PREVIEW_ROWS, Parsed, Reading};
use crate::store::{Batch, Schema, Store};

/// How many rows are read at a time, at most.
const BATCH_ROWS: usize = 8 << 10;

/// How many bytes of values are read at a time, as far as the file tells.
const BATCH_BYTES: i64 = 4 << 20;

/// How many bytes of texts are taken on at a time: a text that is stored once may be in a million rows.
const PIECE_BYTES: usize = 4 << 20;

/// A column of the file.
struct Source {
    name: String,
    /// What it becomes by itself.
    natural: DataType,
    /// How it is read where the client gave another type.
    given: Option<Column>,
}

/// Reads the one table of files.
pub(crate) fn read(files: &[Part<'_>], reading: &Reading<'_>, table: &str) -> Outcome<Parsed> {
    let (mut sources, places) = sources(files, reading)?;
    loop {
        let mut pass = Pass {
            reading,
            sources: &mut sources,
            store: Some(Store::new(reading.scratch, reading.limits)),
            preview: Vec::new(),
            preview_rows: 0,
            row: 0,
            mistakes: Mistakes::default(),
        };
        for (file, places) in files.iter().zip(&places) {
            pass.run(file, places).map_err(|failure| failure.in_file(file.name.as_deref()))?;
        }
        let Pass { store, preview, mistakes, .. } = pass;
        mistakes.into_outcome(table)?;
        let schema = schema(&sources, &reading.rules, Column::final_type);
        if let Some(sorted) = store.map(|store| store.finish(&schema)).transpose()?.flatten() {
            let warnings = sources.iter().filter_map(|source| source.given.as_ref()?.warning()).collect();
            return Ok(Parsed { schema, sorted, preview, warnings });
        }
        sources.iter_mut().filter_map(|source| source.given.as_mut()).for_each(Column::rewind);
    }
}

fn schema(sources: &[Source], rules: &Rules, data_type: impl Fn(&Column, &Rules) -> DataType) -> Schema {
    let of_source = |source: &Source| {
        source.given.as_ref().map_or_else(|| source.natural.clone(), |column| data_type(column, rules))
    };
    let types: Vec<_> = sources.iter().map(of_source).collect();
    let time = types.iter().position(|data_type| *data_type == DataType::Date32 || *data_type == DATETIME);
    Schema { names: sources.iter().map(|source| source.name.clone()).collect(), types, time }
}

fn damaged(error: impl std::fmt::Display) -> ImportFailure {
    ImportFailure::of_file(format!("The Parquet file could not be read: {error}."))
}

/// Finds out what the columns of all files become, and where those of each file are among them.
fn sources(files: &[Part<'_>], reading: &Reading<'_>) -> Outcome<(Vec<Source>, Vec<Vec<usize>>)> {
    let (mut union, mut names, mut all) = (Union::default(), Vec::new(), Vec::<(DataType, usize)>::new());
    let mut places = Vec::with_capacity(files.len());
    for (index, file) in files.iter().enumerate() {
        let columns = columns(file.path, reading).map_err(|failure| failure.in_file(file.name.as_deref()))?;
        let (own_names, types): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let own_places = union.add(&own_names, &mut names);
        names::check_count(union.len(), 0, reading.limits)?;
        for ((place, own), name) in own_places.iter().zip(types).zip(&own_names) {
            let Some((natural, first)) = all.get_mut(*place) else {
                all.push((own, index));
                continue;
            };
            match unified(natural, &own) {
                Some(unified) => *natural = unified,
                None => {
                    return Err(of_two_types(
                        name,
                        natural,
                        files[*first].name.as_deref(),
                        &own,
                        file.name.as_deref(),
                    ));
                }
            }
        }
        places.push(own_places);
    }
    let source = |(name, (natural, _)): (String, (DataType, usize))| {
        let given = reading.given.get(&name).filter(|&&given| column_type(&natural) != Some(given));
        let given = given.map(|&given| Column::new(name.clone(), Some(given), &reading.rules));
        Source { name, natural, given }
    };
    Ok((names.into_iter().zip(all).map(source).collect(), places))
}

/// The type that has the values of both, if there is one.
fn unified(one: &DataType, other: &DataType) -> Option<DataType> {
    use DataType::{Date32, Decimal128, Float64, Int64};
    Some(match (one, other) {
        (one, other) if one == other => one.clone(),
        (Int64 | Decimal128(..), Float64) | (Float64, Int64 | Decimal128(..)) => Float64,
        (Int64, Decimal128(precision, scale)) | (Decimal128(precision, scale), Int64) => {
            decimal(&[(19, 0), (*precision, *scale)])
        }
        (Decimal128(p1, s1), Decimal128(p2, s2)) => decimal(&[(*p1, *s1), (*p2, *s2)]),
        (Date32, datetime) | (datetime, Date32) if *datetime == DATETIME => DATETIME,
        _ => return None,
    })
}

/// The decimal that has the digits of all, before the point and after it.
fn decimal(of: &[(u8, i8)]) -> DataType {
    let scale = of.iter().map(|(_, scale)| *scale).max().unwrap_or(0);
    let whole =
        of.iter().map(|(precision, scale)| i16::from(*precision) - i16::from(*scale)).max().unwrap_or(0);
    let precision = u8::try_from(whole + i16::from(scale)).unwrap_or(38).min(38);
    DataType::Decimal128(precision, scale)
}

fn of_two_types(
    column: &str,
    one: &DataType,
    one_file: Option<&str>,
    other: &DataType,
    other_file: Option<&str>,
) -> ImportFailure {
    let shown = |data_type: &DataType| {
        column_type(data_type).map_or("unknown", shared::model::table::ColumnType::as_str)
    };
    ImportFailure::of(ImportError {
        column: Some(column.to_owned()),
        ..ImportError::of_all(format!(
            "The column is {} in {} and {} in {}: it needs one type in all files.",
            shown(one),
            one_file.unwrap_or("the first file"),
            shown(other),
            other_file.unwrap_or("the next one"),
        ))
    })
}

/// What the columns of one file become.
fn columns(path: &Path, reading: &Reading<'_>) -> Outcome<Vec<(String, DataType)>> {
    let file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Err(ImportFailure::of_file("The file is empty."));
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
    let fields = builder.schema().fields();
    let header = fields.iter().map(|field| field.name().clone()).collect();
    let names = names::of_header(header, 0, reading.limits)?;
    let mut columns = Vec::with_capacity(names.len());
    let mut errors = Vec::new();
    for (name, field) in names.into_iter().zip(fields) {
        let Some(natural) = natural(field.data_type()) else {
            errors.push(ImportError {
                column: Some(name),
                ..ImportError::of_all(format!(
                    "Columns of the type {} are not read: nested and binary values, times of day and intervals. Leave it out.",
                    field.data_type()
                ))
            });
            continue;
        };
        columns.push((name, natural));
    }
    if !errors.is_empty() {
        let count = errors.len() as u64;
        errors.truncate(shared::model::import::MAX_ERRORS);
        return Err(ImportFailure::Rejected { errors, count });
    }
    Ok(columns)
}

/// What values of an Arrow type become.
fn natural(data_type: &DataType) -> Option<DataType> {
    Some(match data_type {
        DataType::Dictionary(_, values) => return natural(values),
        DataType::UInt64 => DataType::Decimal128(20, 0),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale) => {
            // Digits that are not written are zeros.
            let more = u8::try_from(-scale).unwrap_or(0);
            DataType::Decimal128((precision + more).min(38), (*scale).max(0))
        }
        other => engine::types::of_empty(column_type(other)?),
    })
}

/// One reading of all rows.
struct Pass<'a, 'r> {
    reading: &'a Reading<'r>,
    sources: &'a mut Vec<Source>,
    store: Option<Store<'r>>,
    preview: Vec<Vec<ArrayRef>>,
    preview_rows: usize,
    /// How many rows of the file were read before.
    row: u64,
    mistakes: Mistakes,
}

impl Pass<'_, '_> {
    fn run(&mut self, part: &Part<'_>, places: &[usize]) -> Outcome<()> {
        self.row = 0;
        let file = File::open(part.path)?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file.try_clone()?).map_err(damaged)?;
        let metadata = builder.metadata().clone();
        let fields = builder.schema().fields().iter().map(|field| as_view(field));
        let views = Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()));
        let options = ArrowReaderOptions::new().with_schema(views);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(damaged)?;
        let row_bytes = metadata
            .row_groups()
            .iter()
            .map(|group| group.total_byte_size().max(1) / group.num_rows().max(1));
        let rows = BATCH_BYTES / row_bytes.max().unwrap_or(1).max(1);
        let rows = usize::try_from(rows).unwrap_or(1).clamp(16, BATCH_ROWS);
        let reader = builder.with_batch_size(rows).build().map_err(damaged)?;
        for batch in reader {
            let batch = batch.map_err(damaged)?;
            let mut start = 0;
            while start < batch.num_rows() {
                let rows = piece_rows(&batch, start);
                self.take(&batch.slice(start, rows), places, part.name.as_deref())?;
                start += rows;
            }
        }
        Ok(())
    }

    fn take(&mut self, batch: &RecordBatch, places: &[usize], file: Option<&str>) -> Outcome<()> {
        let mut columns = Vec::with_capacity(self.sources.len());
        let mut own = vec![None; self.sources.len()];
        for (array, place) in batch.columns().iter().zip(places) {
            own[*place] = Some(array);
        }
        let mut found = Vec::new();
        let mut again = false;
        for (source, array) in self.sources.iter_mut().zip(own) {
            let mut mistakes = Mistakes::default();
            let limit = self.reading.limits.value_bytes;
            let array = match array {
                Some(array) => convert(array, &source.natural)?,
                None => new_null_array(&source.natural, batch.num_rows()),
            };
            check(&array, &source.name, self.row, limit, &mut mistakes);
            found.push(mistakes);
            let Some(column) = &mut source.given else {
                columns.push(array);
                continue;
            };
            let cells = texts(&array, self.row)?;
            let read = column.read(cells.column(0), &self.reading.rules)?;
            again |= read.again;
            columns.push(read.array);
            found.push(read.mistakes);
        }
        if let Some(file) = file {
            for mistakes in &mut found {
                mistakes.name_file(file);
            }
        }
        self.mistakes.append(found);
        self.row += batch.num_rows() as u64;
        if again || !self.mistakes.is_empty() {
            self.store = None;
        }
        if let Some(store) = &mut self.store {
            let room = (PREVIEW_ROWS - self.preview_rows).min(batch.num_rows());
            if room > 0 {
                self.preview.push(columns.iter().map(|array| array.slice(0, room)).collect());
                self.preview_rows += room;
            }
            let (sources, rules) = (&*self.sources, &self.reading.rules);
            store.push(Batch { rows: batch.num_rows(), columns }, &|| {
                schema(sources, rules, Column::type_so_far)
            })?;
        }
        Ok(())
    }
}

/// Reads texts as views, which do not repeat what is stored once.
fn as_view(field: &Field) -> Field {
    let is_text = column_type(field.data_type()) == Some(shared::model::table::ColumnType::Text);
    if is_text && *field.data_type() != DataType::Null {
        field.clone().with_data_type(DataType::Utf8View)
    } else {
        field.clone()
    }
}

/// How many rows from this one on have about as many bytes of texts as are taken on at a time.
fn piece_rows(batch: &RecordBatch, start: usize) -> usize {
    let views: Vec<_> = batch.columns().iter().filter_map(|column| column.as_string_view_opt()).collect();
    let mut bytes = 0;
    for row in start..batch.num_rows() {
        // The low half of a view is the length.
        bytes += views.iter().map(|column| (column.views()[row] & 0xFFFF_FFFF) as usize).sum::<usize>();
        if bytes > PIECE_BYTES {
            return row + 1 - start;
        }
    }
    batch.num_rows() - start
}

/// Makes an array what the column becomes.
fn convert(array: &ArrayRef, to: &DataType) -> Outcome<ArrayRef> {
    let array = match array.data_type() {
        // The instants are the same in every zone.
        DataType::Timestamp(unit, Some(_)) => {
            let utc = array.to_data().into_builder().data_type(DataType::Timestamp(*unit, None)).build()?;
            arrow::array::make_array(utc)
        }
        _ => array.clone(),
    };
    let options = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(&array, to, &options).map_err(damaged)
}

/// Refuses values that tables cannot hold.
fn check(array: &ArrayRef, name: &str, before: u64, limit: usize, mistakes: &mut Mistakes) {
    let row = |index: usize| before + index as u64 + 1;
    let outside = "is outside of the years 0001 to 9999";
    match array.data_type() {
        DataType::Float64 => {
            for (index, value) in array.as_primitive::<Float64Type>().iter().enumerate() {
                if let Some(value) = value.filter(|value| !value.is_finite()) {
                    let value = value.to_string();
                    let reason = "Infinity and NaN cannot be stored. Write null where there is no number.";
                    mistakes.add(row(index), Some(name), Some(value.as_bytes()), reason);
                }
            }
        }
        DataType::Date32 => {
            for (index, day) in array.as_primitive::<Date32Type>().iter().enumerate() {
                if day.is_some_and(|day| !(FIRST_DAY..=LAST_DAY).contains(&day)) {
                    mistakes.add(row(index), Some(name), None, format!("The date {outside}."));
                }
            }
        }
        DataType::Timestamp(..) => {
            for (index, instant) in array.as_primitive::<TimestampMicrosecondType>().iter().enumerate() {
                if instant.is_some_and(|instant| !has_datetime(instant)) {
                    mistakes.add(row(index), Some(name), None, format!("The datetime {outside}."));
                }
            }
        }
        DataType::Utf8 => {
            for (index, text) in array.as_string::<i32>().iter().enumerate() {
                let text = text.unwrap_or_default().as_bytes();
                if text.len() > limit {
                    let reason = format!("The value is longer than {limit} bytes.");
                    mistakes.add(row(index), Some(name), Some(text), reason);
                } else if memchr::memchr(0, text).is_some() {
                    mistakes.add(
                        row(index),
                        Some(name),
                        Some(text),
                        "The text has a NUL character. Remove it.",
                    );
                }
            }
        }
        _ => {}
    }
}

/// The values of an array as texts, to be read as another type.
fn texts(array: &ArrayRef, before: u64) -> Outcome<Cells> {
    let mut cells = Cells { width: 1, ..Cells::default() };
    let mut text = String::new();
    for row in 0..array.len() {
        text.clear();
        let start = u32::try_from(cells.bytes.len()).map_err(ImportFailure::internal)?;
        if let Some(texts) = array.as_string_opt::<i32>() {
            cells.bytes.extend_from_slice(texts.value(row).as_bytes());
        } else {
            engine::cell::write(&mut text, array.as_ref(), row);
            // Dates are in quotes.
            cells.bytes.extend_from_slice(text.trim_matches('"').as_bytes());
        }
        let end = u32::try_from(cells.bytes.len()).map_err(ImportFailure::internal)?;
        cells.spans.push((start, end));
        cells.kinds.push(if array.is_null(row) { Kind::Null } else { Kind::Text });
        cells.rows.push(before + row as u64 + 1);
    }
    Ok(cells)
}
