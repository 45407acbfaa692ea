//! Looks through the ZIP archive that a spreadsheet is, before it is opened: what a few bytes unpack to could be more than memory holds.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use memchr::memmem;

use crate::failure::{ImportFailure, Outcome};
use crate::limits::Limits;

/// How many files the archive may have.
const MAX_ENTRIES: usize = 10_000;

/// How long a tag or a text may be. A cell holds 32,767 characters.
const MAX_TOKEN_BYTES: usize = 4 << 20;

/// How much may be between the ends of two cells.
const MAX_CELL_BYTES: u64 = 64 << 20;

/// How large the parts may be that say what the others are: styles, themes, the list of sheets.
const MAX_PART_BYTES: u64 = 64 << 20;

/// How formulas end that have no result stored with them: they were written by a program that cannot compute.
const NO_RESULT: [&[u8]; 3] = [b"</f></c>", b"</f><v/></c>", b"</f><v /></c>"];

/// Refuses what is no spreadsheet of the XLSX format, and what unpacks to too much. Returns how many formulas have no result.
pub(super) fn check(path: &Path, limits: &Limits) -> Outcome<usize> {
    let mut file = File::open(path)?;
    let mut start = Vec::new();
    file.by_ref().take(8).read_to_end(&mut start)?;
    match start.as_slice() {
        [] => return Err(ImportFailure::of_file("The file is empty.")),
        [b'P', b'K', ..] => {}
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(ImportFailure::of_file(
                "The file is an old Excel workbook (XLS) or protected by a password. Save it as XLSX without one.",
            ));
        }
        _ => return Err(ImportFailure::of_file("The file is no XLSX spreadsheet. Save it as one.")),
    }
    let archive = zip::ZipArchive::new(BufReader::new(file));
    let mut archive = archive.map_err(|error| broken(&error))?;
    if archive.len() > MAX_ENTRIES {
        return Err(ImportFailure::of_file(format!("The spreadsheet has more than {MAX_ENTRIES} parts.")));
    }
    let mut total = 0;
    let mut without_result = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let name = entry.name().map_err(|error| broken(&error))?.to_ascii_lowercase();
        let mut part = Part::new(&name, limits);
        let is_read = [".xml", ".rels"].iter().any(|ending| name.ends_with(ending));
        // Pictures and the like are not read later on, nor here.
        if is_read {
            total += part.look_through(entry, limits.unpacked_bytes - total)?;
            without_result += part.without_result;
        }
    }
    Ok(without_result)
}

/// A part of a spreadsheet.
struct Part<'a> {
    is_shared_texts: bool,
    is_sheet: bool,
    limits: &'a Limits,
    texts: u64,
    without_result: usize,
    /// How much came since the last end of a tag or text, and ...
    token: usize,
    /// ... since the last end of a cell.
    cell: u64,
}

impl<'a> Part<'a> {
    fn new(name: &str, limits: &'a Limits) -> Self {
        let is_shared_texts = name.ends_with("sharedstrings.xml");
        let is_sheet = name.contains("/worksheets/");
        Self { is_shared_texts, is_sheet, limits, texts: 0, without_result: 0, token: 0, cell: 0 }
    }

    /// Unpacks it, block by block. Returns how large it is.
    fn look_through(&mut self, mut entry: impl std::io::Read, room: u64) -> Outcome<u64> {
        const BLOCK: usize = 256 << 10;
        // The end of a block is looked at again with the next one, for what lies across.
        const OVERLAP: usize = 40;
        let limit = if self.is_shared_texts {
            room.min(self.limits.shared_text_bytes)
        } else if self.is_sheet {
            room
        } else {
            room.min(MAX_PART_BYTES)
        };
        let mut block = Vec::with_capacity(BLOCK + OVERLAP);
        let mut size = 0;
        loop {
            let kept = block.len();
            let read = entry.by_ref().take(BLOCK as u64).read_to_end(&mut block);
            let read = read.map_err(|error| broken(&error))?;
            if read == 0 {
                return Ok(size);
            }
            size += read as u64;
            if size > limit {
                return Err(ImportFailure::of_file(format!(
                    "The spreadsheet unpacks to too much: one of its parts has more than {limit} bytes."
                )));
            }
            self.look_at(&block, kept)?;
            let start = block.len().saturating_sub(OVERLAP);
            block.drain(..start);
        }
    }

    /// Counts what is in a block, of which the first bytes were there before.
    fn look_at(&mut self, block: &[u8], kept: usize) -> Outcome<()> {
        let new = &block[kept..];
        match memchr::memrchr2(b'<', b'>', new) {
            Some(at) => self.token = new.len() - at,
            None => self.token += new.len(),
        }
        self.cell += new.len() as u64;
        if self.is_sheet && memmem::rfind(block, b"</c>").is_some() {
            self.cell = 0;
        }
        if self.token > MAX_TOKEN_BYTES || (self.is_sheet && self.cell > MAX_CELL_BYTES) {
            return Err(ImportFailure::of_file("The spreadsheet has a text that is too long for a cell."));
        }
        if self.is_sheet {
            for end in NO_RESULT {
                let ends = memmem::find_iter(block, end).filter(|at| at + end.len() > kept);
                self.without_result += ends.count();
            }
        }
        if self.is_shared_texts {
            let ends_here = |at: &usize, length: usize| at + length > kept;
            self.texts += memmem::find_iter(block, b"<si").filter(|at| ends_here(at, 3)).count() as u64;
            // Room for as many texts as are announced is made at once.
            let announced =
                memmem::find_iter(block, b"uniqueCount").filter_map(|at| announced(&block[at + 11..]));
            if announced.max().unwrap_or(0).max(self.texts) > self.limits.shared_texts {
                return Err(ImportFailure::of_file(format!(
                    "The spreadsheet has more than {} different texts. Save it as CSV.",
                    self.limits.shared_texts
                )));
            }
        }
        Ok(())
    }
}

/// The number in the value of an attribute.
fn announced(attribute: &[u8]) -> Option<u64> {
    let digits = attribute.iter().position(u8::is_ascii_digit).filter(|&at| at < 8)?;
    let digits = attribute[digits..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

fn broken(error: &dyn std::fmt::Display) -> ImportFailure {
    ImportFailure::of_file(format!("The spreadsheet is damaged: {error}."))
}
