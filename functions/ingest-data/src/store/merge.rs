//! Merges sorted files into one sequence of rows.

use std::fs::File;
use std::io::BufReader;

use arrow::array::{Array, ArrayRef};
use arrow::compute::interleave;
use arrow::ipc::reader::StreamReader;

use super::Schema;
use super::held::each_key;
use super::spill::Run;
use crate::column::widen;
use crate::failure::Outcome;

/// How many rows a piece of the result has at most.
const PIECE_ROWS: usize = 16 << 10;

/// Sorted files, of which the least rows are taken first. Of equal ones those of the earlier file, which came earlier.
pub(crate) struct Merge {
    sources: Vec<Source>,
    schema: Schema,
}

/// A sorted file, of which some rows are in memory.
struct Source {
    reader: StreamReader<BufReader<File>>,
    columns: Vec<ArrayRef>,
    /// What its rows are sorted by.
    keys: Vec<i64>,
    /// The first row that was not taken yet.
    at: usize,
}

impl Merge {
    pub(super) fn open(runs: Vec<Run>, schema: Schema) -> Outcome<Self> {
        let mut sources = Vec::with_capacity(runs.len());
        for run in runs {
            let mut source = Source { reader: run.read()?, columns: Vec::new(), keys: Vec::new(), at: 0 };
            if source.load(&schema)? {
                sources.push(source);
            }
        }
        Ok(Self { sources, schema })
    }

    /// The next rows, column by column. None if there are no more.
    pub(crate) fn next(&mut self) -> Outcome<Option<(usize, Vec<ArrayRef>)>> {
        if self.sources.is_empty() {
            return Ok(None);
        }
        let mut segments: Vec<(usize, usize, usize)> = Vec::new();
        let mut rows = 0;
        let mut ended = None;
        while rows < PIECE_ROWS && ended.is_none() {
            let index = self.least(None).unwrap_or_default();
            let bound = self
                .least(Some(index))
                .map(|other| (self.sources[other].keys[self.sources[other].at], other));
            let source = &mut self.sources[index];
            let rest = &source.keys[source.at..];
            let count = match bound {
                None => rest.len(),
                Some((bound, other)) if index < other => rest.partition_point(|&key| key <= bound),
                Some((bound, _)) => rest.partition_point(|&key| key < bound),
            };
            let count = count.min(PIECE_ROWS - rows);
            segments.push((index, source.at, count));
            source.at += count;
            rows += count;
            if source.at == source.keys.len() {
                ended = Some(index);
            }
        }
        let columns = self.gather(&segments)?;
        if let Some(index) = ended
            && !self.sources[index].load(&self.schema)?
        {
            self.sources.remove(index);
        }
        Ok(Some((rows, columns)))
    }

    /// The source with the least next row, beside this one.
    fn least(&self, except: Option<usize>) -> Option<usize> {
        let others = (0..self.sources.len()).filter(|&index| Some(index) != except);
        others.min_by_key(|&index| (self.sources[index].keys[self.sources[index].at], index))
    }

    fn gather(&self, segments: &[(usize, usize, usize)]) -> Outcome<Vec<ArrayRef>> {
        let count = self.schema.types.len();
        if let [(source, start, rows)] = segments {
            let columns = &self.sources[*source].columns;
            return Ok(columns.iter().map(|array| array.slice(*start, *rows)).collect());
        }
        let places: Vec<(usize, usize)> = segments
            .iter()
            .flat_map(|&(source, start, rows)| (start..start + rows).map(move |row| (source, row)))
            .collect();
        let gather = |column: usize| {
            let arrays: Vec<&dyn Array> =
                self.sources.iter().map(|source| source.columns[column].as_ref()).collect();
            Ok(interleave(&arrays, &places)?)
        };
        (0..count).map(gather).collect()
    }
}

impl Source {
    /// Reads the next rows. False if there are no more.
    fn load(&mut self, schema: &Schema) -> Outcome<bool> {
        let Some(batch) = self.reader.next().transpose()? else { return Ok(false) };
        let rows = batch.num_rows();
        let mut columns = Vec::with_capacity(schema.types.len());
        for (index, data_type) in schema.types.iter().enumerate() {
            columns.push(match batch.columns().get(index) {
                Some(array) => widen(array, data_type)?,
                None => arrow::array::new_null_array(data_type, rows),
            });
        }
        self.keys.clear();
        match schema.time {
            Some(time) => each_key(&columns[time], |_, key| self.keys.push(key))?,
            // Rows keep the order of the file.
            None => self.keys.resize(rows, 0),
        }
        self.columns = columns;
        self.at = 0;
        Ok(true)
    }
}
