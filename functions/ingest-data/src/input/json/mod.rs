//! JSON files: an array of objects, or an object per line. Which of them it is, the first character tells.
//!
//! Columns come in the order in which they first appear. A row is known by the number of its object.

mod element;
mod scan;

use std::sync::Arc;

use super::text::{Blocks, Text};
use super::{Input, Part, Sink};
use crate::cells::Cells;
use crate::failure::{ImportFailure, Outcome, shown};
use crate::limits::Limits;
use element::Elements;
use scan::Scan;

/// What a file should be.
const EXPECTED: &str = "Expected an array of objects, or an object per line.";

/// The JSON files of a table.
pub(crate) struct Json<'a> {
    parts: Vec<(Text<'a>, Option<Arc<str>>)>,
    limits: &'a Limits,
}

impl<'a> Json<'a> {
    pub(crate) fn open(files: &[Part<'a>], limits: &'a Limits) -> Outcome<Self> {
        let open = |file: &Part<'a>| {
            let text = Text::open(file.path).map_err(|failure| failure.in_file(file.name.as_deref()))?;
            Ok((text, file.name.clone()))
        };
        Ok(Self { parts: files.iter().map(open).collect::<Outcome<_>>()?, limits })
    }
}

impl Input for Json<'_> {
    fn read(&mut self, sink: &mut Sink) -> Outcome<()> {
        let mut elements = Elements::new(self.limits);
        for (text, name) in &self.parts {
            elements.begin_file();
            let reading = Reading {
                blocks: text.blocks()?,
                limits: self.limits,
                row: 0,
                in_array: None,
                is_single: false,
                cells: Cells { file: name.clone(), width: elements.width(), ..Cells::default() },
                elements: &mut elements,
            };
            reading.read(sink).map_err(|failure| failure.in_file(name.as_deref()))?;
        }
        Ok(())
    }
}

/// A JSON file while it is read.
struct Reading<'r, 'a> {
    blocks: Blocks,
    limits: &'a Limits,
    elements: &'r mut Elements<'a>,
    /// The number of the last element that was read.
    row: u64,
    /// Whether there is an array around the elements, once the first character has told.
    in_array: Option<bool>,
    /// Whether the first object is one that is usually a whole document.
    is_single: bool,
    cells: Cells,
}

/// How far reading went.
enum Step {
    /// More bytes are needed, from this place on.
    More(usize),
    /// The file is over, or the rest of it cannot be read.
    End,
}

impl Reading<'_, '_> {
    fn read(mut self, sink: &mut Sink) -> Outcome<()> {
        let mut bytes = Vec::new();
        loop {
            let count = self.limits.block_bytes.max(bytes.len());
            self.blocks.read(&mut bytes, count)?;
            match self.take_block(&bytes, sink)? {
                Step::End => break,
                Step::More(at) => bytes.drain(..at),
            };
            if !self.cells.rows.is_empty() {
                sink.send(&mut self.cells)?;
            }
        }
        if self.row == 1 && self.is_single && self.in_array == Some(false) && self.cells.mistakes.is_empty() {
            return Err(ImportFailure::of_file(format!("The file is a single object. {EXPECTED}")));
        }
        sink.send(&mut self.cells)
    }

    /// Takes the elements of a block.
    fn take_block(&mut self, bytes: &[u8], sink: &mut Sink) -> Outcome<Step> {
        let is_last = self.blocks.is_over();
        let mut at = 0;
        loop {
            at += scan::spaces(&bytes[at..]);
            let Some(&byte) = bytes.get(at) else {
                return self.end_of_bytes(at, is_last);
            };
            let in_array = match self.in_array {
                Some(in_array) => in_array,
                None => match byte {
                    b'[' => {
                        self.in_array = Some(true);
                        at += 1;
                        continue;
                    }
                    b'{' => *self.in_array.insert(false),
                    _ => return Err(ImportFailure::of_file(format!("The file is no such JSON. {EXPECTED}"))),
                },
            };
            match scan::element(bytes, at, in_array, self.row > 0, is_last, self.limits.depth) {
                Scan::More if bytes.len() - at > self.limits.record_bytes => {
                    return Ok(self.stop(
                        at,
                        bytes,
                        &format!("is longer than {} bytes", self.limits.record_bytes),
                    ));
                }
                Scan::More if is_last => {
                    return Ok(self.stop(at, bytes, "does not end before the file does"));
                }
                Scan::More => return Ok(Step::More(at)),
                Scan::End { next } => {
                    let rest = next + scan::spaces(&bytes[next..]);
                    if rest < bytes.len() {
                        return Ok(self.stop(rest, bytes, "is after the end of the array"));
                    }
                    if !is_last {
                        self.in_array = Some(true);
                        return self.after_array(sink);
                    }
                    return Ok(Step::End);
                }
                Scan::Element { start, end, next } => {
                    self.row += 1;
                    if self.row == 1 {
                        self.is_single = bytes[start..end].contains(&b'\n')
                            || scan::has_nested_objects(&bytes[start..end]);
                    }
                    self.elements.take(&bytes[start..end], self.row, &mut self.cells, sink)?;
                    at = next;
                }
                Scan::Wrong { at, reason } => return Ok(self.stop(at, bytes, &reason)),
            }
        }
    }

    /// Only spaces may follow the array.
    fn after_array(&mut self, sink: &mut Sink) -> Outcome<Step> {
        let mut bytes = Vec::new();
        while !self.blocks.is_over() {
            bytes.clear();
            self.blocks.read(&mut bytes, self.limits.block_bytes)?;
            let rest = scan::spaces(&bytes);
            if rest < bytes.len() {
                return Ok(self.stop(rest, &bytes, "is after the end of the array"));
            }
        }
        sink.send(&mut self.cells)?;
        Ok(Step::End)
    }

    fn end_of_bytes(&mut self, at: usize, is_last: bool) -> Outcome<Step> {
        match self.in_array {
            _ if !is_last => Ok(Step::More(at)),
            None => Err(ImportFailure::of_file(format!("The file is empty. {EXPECTED}"))),
            Some(false) => Ok(Step::End),
            Some(true) => {
                let reason = "The array is not closed: the file ends before its bracket.";
                self.cells.mistakes.add(self.row + 1, None, None, reason);
                Ok(Step::End)
            }
        }
    }

    /// Notes that the rest of the file cannot be read.
    fn stop(&mut self, at: usize, bytes: &[u8], what: &str) -> Step {
        let value = shown(&bytes[at..]);
        let reason = format!("What begins here {what}. {EXPECTED} Nothing after it was read.");
        self.cells.mistakes.add(self.row + 1, None, Some(value.as_bytes()), reason);
        Step::End
    }
}
