//! The store: rows that were read, in memory or on disk, until all of them are there and can be sorted.
//!
//! While they fit into memory they stay there. When they do not, what is there is sorted and written to a file ([`spill`]), and at the
//! end these files are merged.

mod held;
mod merge;
mod spill;

use std::path::Path;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;

use crate::failure::{ImportFailure, Outcome};
use crate::limits::Limits;
pub(crate) use held::Held;
pub(crate) use merge::Merge;

/// Rows of a table. Columns that appeared only after them are missing at the end.
pub(crate) struct Batch {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<ArrayRef>,
}

/// What a table's columns are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Schema {
    pub(crate) names: Vec<String>,
    pub(crate) types: Vec<DataType>,
    /// The first column of dates or datetimes, by which rows are sorted.
    pub(crate) time: Option<usize>,
}

/// All rows of a table in their final order.
pub(crate) enum Sorted {
    /// In memory.
    Held(Held),
    /// On disk.
    Merged(Merge),
}

/// What a row takes in memory to be sorted, beside its values.
const SORTING_BYTES: usize = 40;

/// Rows that were read.
pub(crate) struct Store<'a> {
    scratch: &'a Path,
    limits: &'a Limits,
    batches: Vec<Batch>,
    held_bytes: usize,
    total_bytes: u64,
    runs: Vec<spill::Run>,
    /// What each run is sorted by.
    sorted_by: Vec<Option<usize>>,
}

impl<'a> Store<'a> {
    pub(crate) fn new(scratch: &'a Path, limits: &'a Limits) -> Self {
        Self {
            scratch,
            limits,
            batches: Vec::new(),
            held_bytes: 0,
            total_bytes: 0,
            runs: Vec::new(),
            sorted_by: Vec::new(),
        }
    }

    /// Adds rows, and puts all that are in memory on disk if these are too many.
    pub(crate) fn push(&mut self, batch: Batch, schema: &dyn Fn() -> Schema) -> Outcome<()> {
        let arrays: usize = batch.columns.iter().map(|array| array.get_array_memory_size()).sum();
        let bytes = arrays + batch.rows * SORTING_BYTES;
        self.held_bytes += bytes;
        self.total_bytes += arrays as u64;
        if self.total_bytes > self.limits.total_bytes {
            return Err(ImportFailure::of_file(format!(
                "The table is too large: its values take more than {} GB.",
                self.limits.total_bytes >> 30
            )));
        }
        self.batches.push(batch);
        if self.held_bytes > self.limits.sort_bytes {
            self.spill(&schema())?;
        }
        Ok(())
    }

    fn spill(&mut self, schema: &Schema) -> Outcome<()> {
        let held = Held::sort(std::mem::take(&mut self.batches), schema)?;
        self.sorted_by.push(schema.time);
        self.runs.push(spill::Run::write(&held, schema, self.scratch)?);
        self.held_bytes = 0;
        Ok(())
    }

    /// Sorts all rows. None if what is on disk turns out to be sorted by another column: the first dates came late.
    pub(crate) fn finish(mut self, schema: &Schema) -> Outcome<Option<Sorted>> {
        if self.runs.is_empty() {
            return Ok(Some(Sorted::Held(Held::sort(self.batches, schema)?)));
        }
        if !self.batches.is_empty() {
            self.spill(schema)?;
        }
        if self.sorted_by.iter().any(|&column| column != schema.time) {
            return Ok(None);
        }
        Ok(Some(Sorted::Merged(Merge::open(self.runs, schema.clone())?)))
    }
}
