//! Passes: a file is read until every column is known, mostly once.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use memchr::memchr;
use shared::model::table::ColumnType;

use crate::cells::Cells;
use crate::column::{Column, Rules};
use crate::failure::{ImportFailure, Mistakes, Outcome};
use crate::input::{Input, Sink};
use crate::limits::Limits;
use crate::store::{Batch, Schema, Sorted, Store};

/// How many blocks of rows wait between the thread that reads the file and the one that makes arrays.
const WAITING_BLOCKS: usize = 2;

/// How many rows a preview has.
pub(crate) const PREVIEW_ROWS: usize = 10;

/// A table that was read.
pub(crate) struct Parsed {
    pub(crate) schema: Schema,
    pub(crate) sorted: Sorted,
    /// The first rows in the order of the file, in pieces.
    pub(crate) preview: Vec<Vec<ArrayRef>>,
    pub(crate) warnings: Vec<String>,
}

/// How tables are read.
pub(crate) struct Reading<'a> {
    pub(crate) rules: Rules,
    pub(crate) given: &'a BTreeMap<String, ColumnType>,
    pub(crate) limits: &'a Limits,
    pub(crate) scratch: &'a std::path::Path,
}

impl Reading<'_> {
    /// Reads a table, as often as it takes.
    pub(crate) fn read(&self, input: &mut dyn Input, table: &str) -> Outcome<Parsed> {
        let mut columns = Vec::new();
        loop {
            let mut pass = Pass {
                reading: self,
                columns: &mut columns,
                known: 0,
                store: Some(Store::new(self.scratch, self.limits)),
                preview: Vec::new(),
                preview_rows: 0,
                mistakes: Mistakes::default(),
            };
            pass.run(input)?;
            let Pass { store, preview, mistakes, .. } = pass;
            mistakes.into_outcome(table)?;
            let schema = self.schema(&columns, Column::final_type);
            if let Some(sorted) = store.map(|store| store.finish(&schema)).transpose()?.flatten() {
                let warnings = columns.iter().filter_map(Column::warning).collect();
                return Ok(Parsed { schema, sorted, preview, warnings });
            }
            columns.iter_mut().for_each(Column::rewind);
        }
    }

    /// What the columns are: finally, or as far as is known.
    fn schema(&self, columns: &[Column], data_type: impl Fn(&Column, &Rules) -> DataType) -> Schema {
        Schema {
            names: columns.iter().map(|column| column.name.clone()).collect(),
            types: columns.iter().map(|column| data_type(column, &self.rules)).collect(),
            time: columns.iter().position(Column::is_time),
        }
    }
}

/// One reading of all rows.
struct Pass<'a, 'r> {
    reading: &'a Reading<'r>,
    columns: &'a mut Vec<Column>,
    /// How many of the columns have appeared so far.
    known: usize,
    /// Where the rows go. None once they have to be read again.
    store: Option<Store<'r>>,
    preview: Vec<Vec<ArrayRef>>,
    preview_rows: usize,
    mistakes: Mistakes,
}

impl Pass<'_, '_> {
    /// Reads the file on another thread, and works on its rows on this one.
    fn run(&mut self, input: &mut dyn Input) -> Outcome<()> {
        let (full_sender, full) = sync_channel(WAITING_BLOCKS);
        let (empty, empty_receiver) = channel();
        thread::scope(|scope| {
            let reader =
                scope.spawn(move || input.read(&mut Sink { full: full_sender, empty: empty_receiver }));
            let worked = self.work(full, &empty);
            let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            // If the work failed, the reader failed to hand its rows on.
            worked.and(read)
        })
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "the reader is told by its end that the work has ended"
    )]
    fn work(&mut self, full: Receiver<Cells>, empty: &Sender<Cells>) -> Outcome<()> {
        for mut cells in &full {
            self.take(&mut cells)?;
            // The reader does not need it any more if it is done.
            let _ = empty.send(cells);
        }
        Ok(())
    }

    fn take(&mut self, cells: &mut Cells) -> Outcome<()> {
        for name in cells.names.drain(..) {
            if self.known == self.columns.len() {
                let given = self.reading.given.get(&name).copied();
                self.columns.push(Column::new(name, given, &self.reading.rules));
            }
            self.known += 1;
        }
        let mut found = vec![std::mem::take(&mut cells.mistakes)];
        if memchr(0, &cells.bytes).is_some() {
            found.push(self.find_nuls(cells));
        }
        let mut arrays = Vec::with_capacity(cells.width);
        let mut again = false;
        if !cells.rows.is_empty() {
            for (index, column) in self.columns.iter_mut().enumerate().take(cells.width) {
                let read = column.read(cells.column(index), &self.reading.rules)?;
                again |= read.again;
                arrays.push(read.array);
                found.push(read.mistakes);
            }
        }
        if let Some(file) = &cells.file {
            for mistakes in &mut found {
                mistakes.name_file(file);
            }
        }
        self.mistakes.append(found);
        if again || !self.mistakes.is_empty() {
            self.store = None;
        }
        if let Some(store) = &mut self.store
            && !cells.rows.is_empty()
        {
            let room = PREVIEW_ROWS - self.preview_rows;
            if room > 0 {
                let count = room.min(cells.rows.len());
                self.preview.push(arrays.iter().map(|array| array.slice(0, count)).collect());
                self.preview_rows += count;
            }
            let (reading, columns) = (self.reading, &*self.columns);
            store.push(Batch { rows: cells.rows.len(), columns: arrays }, &|| {
                reading.schema(columns, Column::type_so_far)
            })?;
        }
        Ok(())
    }

    /// Finds the values that have NUL characters, which no text has.
    fn find_nuls(&self, cells: &Cells) -> Mistakes {
        let mut mistakes = Mistakes::default();
        for (index, column) in self.columns.iter().enumerate().take(cells.width) {
            let values = cells.column(index);
            for row in 0..values.len() {
                if let Some((text, _)) = values.get(row)
                    && memchr(0, text).is_some()
                {
                    let reason = "The text has a NUL character. Remove it, or save the file as UTF-8.";
                    mistakes.add(values.row_number(row), Some(&column.name), Some(text), reason);
                }
            }
        }
        mistakes
    }
}

impl Parsed {
    /// Refuses a table that lacks rows and columns altogether.
    pub(crate) fn check(self, what: &str) -> Outcome<Self> {
        if self.schema.names.is_empty() {
            return Err(ImportFailure::of_file(format!("{what} is empty: it has no columns.")));
        }
        Ok(self)
    }
}
