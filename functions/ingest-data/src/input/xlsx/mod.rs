//! Spreadsheets: each sheet is a table, visible or hidden; sheets that are charts are left out, and empty ones are told of.
//!
//! A table begins at the first row and column that have something in them. Formulas are read as the results that are stored with
//! them; a merged cell has its value in its first cell and null in the others. Rows that are empty are left out.

mod cell;
mod package;
mod sheet;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Reader as _, SheetType, Xlsx, XlsxError};
use shared::model::data_source::file_options::FileOptions;

use crate::failure::{ImportFailure, Outcome};
use crate::limits::Limits;
pub(crate) use sheet::Sheet;

/// A spreadsheet whose sheets can be read one after the other.
pub(crate) struct Workbook<'a> {
    xlsx: Xlsx<BufReader<File>>,
    /// The names of the sheets that are to be read.
    pub(crate) sheets: Vec<String>,
    pub(crate) warning: Option<String>,
    has_header: bool,
    limits: &'a Limits,
}

impl<'a> Workbook<'a> {
    pub(crate) fn open(path: &Path, options: &FileOptions, limits: &'a Limits) -> Outcome<Self> {
        let without_result = package::check(path, limits)?;
        let xlsx: Xlsx<_> = calamine::open_workbook(path).map_err(|error| damaged(&error))?;
        let all: Vec<String> = xlsx
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| sheet.name.clone())
            .collect();
        let sheets = match &options.sheet {
            None => all,
            Some(name) if all.contains(name) => vec![name.clone()],
            Some(name) => {
                let names: Vec<_> = all.iter().take(20).map(|name| format!("\"{name}\"")).collect();
                return Err(ImportFailure::of_file(format!(
                    "There is no sheet \"{name}\" in the file. It has {}.",
                    names.join(", ")
                )));
            }
        };
        if sheets.len() > limits.tables {
            return Err(ImportFailure::of_file(format!(
                "The file has {} sheets. At most {} can be read; name one in connection.sheet.",
                sheets.len(),
                limits.tables
            )));
        }
        let warning = (without_result > 0).then(|| {
            format!(
                "The file has {without_result} formulas without a stored result. They are read as null. Open the file in a \
                 spreadsheet program and save it to have their results."
            )
        });
        Ok(Self { xlsx, sheets, warning, has_header: options.has_header, limits })
    }

    /// A sheet as a table. None if there is nothing in it.
    pub(crate) fn sheet<'b>(&'b mut self, name: &'b str) -> Outcome<Option<Sheet<'b>>> {
        Sheet::open(&mut self.xlsx, name, self.has_header, self.limits)
    }
}

/// What to say of a spreadsheet that cannot be read.
pub(crate) fn damaged(error: &XlsxError) -> ImportFailure {
    match error {
        XlsxError::Password => {
            ImportFailure::of_file("The spreadsheet is protected by a password. Save it without one.")
        }
        error => ImportFailure::of_file(format!("The spreadsheet could not be read: {error}.")),
    }
}
