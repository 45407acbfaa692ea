//! Inputs: each kind of file, as rows of cells.

pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod parquet;
mod text;
pub(crate) mod union;
pub(crate) mod xlsx;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use crate::cells::Cells;
use crate::failure::{ImportFailure, Outcome};

/// A file of a table.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) path: &'a Path,
    /// What it is called, where there are several.
    pub(crate) name: Option<Arc<str>>,
}

/// A table in one file or several, which can be read from its beginning as often as it takes.
pub(crate) trait Input: Send {
    /// Reads all rows.
    fn read(&mut self, sink: &mut Sink) -> Outcome<()>;
}

/// Where an input puts its rows. They are worked on while it reads the next ones.
pub(crate) struct Sink {
    pub(crate) full: SyncSender<Cells>,
    /// Cells that were worked on, to be filled again.
    pub(crate) empty: Receiver<Cells>,
}

impl Sink {
    /// Hands rows on, and leaves empty cells of the same width in their place.
    pub(crate) fn send(&mut self, cells: &mut Cells) -> Outcome<()> {
        let mut next = self.empty.try_recv().unwrap_or_default();
        next.clear();
        next.width = cells.width;
        next.file.clone_from(&cells.file);
        let full = std::mem::replace(cells, next);
        self.full.send(full).map_err(|_| ImportFailure::internal("the rows are not worked on any more"))
    }
}
