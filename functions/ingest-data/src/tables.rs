//! One file becomes tables, or several become one.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shared::model::data_source::engine::Engine;
use shared::model::data_source::file_options::FileOptions;
use shared::model::import::ImportError;
use shared::model::result::Rows;
use shared::model::table::{ONLY_TABLE, Table, TableKind};

use crate::column::Rules;
use crate::failure::{ImportFailure, Outcome};
use crate::input::csv::Csv;
use crate::input::json::Json;
use crate::input::xlsx::Workbook;
use crate::input::{Input, Part, parquet};
use crate::limits::Limits;
use crate::pass::{Parsed, Reading};
use crate::write::{preview, write};

/// What became of a file.
#[derive(Debug)]
pub struct Imported {
    /// Its tables, in their order.
    pub tables: Vec<WrittenTable>,
    /// What is worth knowing although it is no mistake.
    pub warnings: Vec<String>,
}

/// A table that was written.
#[derive(Debug)]
pub struct WrittenTable {
    /// What is in it.
    pub table: Table,
    /// Its Parquet file, in the scratch folder.
    pub parquet: PathBuf,
    /// The first rows in the order of the file.
    pub preview: Rows,
}

/// Reads a file of this engine, and writes a Parquet file for each of its tables into the scratch folder. Files that were there before
/// are not overwritten. It works on two threads and returns when all is done; nothing stays in the scratch folder but those files.
pub fn import(
    file: &Path,
    engine: Engine,
    options: &FileOptions,
    scratch: &Path,
    limits: &Limits,
) -> Result<Imported, ImportFailure> {
    import_parts(&[Part { path: file, name: None }], engine, options, scratch, limits)
}

/// Reads several files of this engine, which is not that of spreadsheets, as one table: as [`import`] does. Columns are the same where
/// their names are. Each file comes with what it is called.
pub fn import_all(
    files: &[(PathBuf, String)],
    engine: Engine,
    options: &FileOptions,
    scratch: &Path,
    limits: &Limits,
) -> Result<Imported, ImportFailure> {
    let parts = files.iter().map(|(path, name)| Part { path, name: Some(Arc::from(name.as_str())) });
    import_parts(&parts.collect::<Vec<_>>(), engine, options, scratch, limits)
}

fn import_parts(
    files: &[Part<'_>],
    engine: Engine,
    options: &FileOptions,
    scratch: &Path,
    limits: &Limits,
) -> Result<Imported, ImportFailure> {
    let import = Import { options, scratch, limits, tables: Vec::new(), warnings: Vec::new() };
    // The readers of the two binary formats belong to others, and files may be made to trip them.
    let is_binary = matches!(engine, Engine::Parquet | Engine::Xlsx);
    match catch_unwind(AssertUnwindSafe(|| import.run(files, engine))) {
        Ok(outcome) => outcome,
        Err(_) if is_binary => Err(ImportFailure::of_file("The file is damaged: it could not be read.")),
        Err(_) => Err(ImportFailure::internal("reading the file panicked")),
    }
}

struct Import<'a> {
    options: &'a FileOptions,
    scratch: &'a Path,
    limits: &'a Limits,
    tables: Vec<WrittenTable>,
    warnings: Vec<String>,
}

impl Import<'_> {
    fn run(mut self, files: &[Part<'_>], engine: Engine) -> Outcome<Imported> {
        match engine {
            Engine::Csv => {
                let mut csv = Csv::open(files, self.options, self.limits)?;
                let comma_first = csv.prefers_comma();
                self.add_only(&mut csv, comma_first)?;
            }
            Engine::Json => self.add_only(&mut Json::open(files, self.limits)?, false)?,
            Engine::Xlsx => {
                for file in files {
                    self.add_sheets(file.path)?;
                }
            }
            Engine::Parquet => {
                let parsed = parquet::read(files, &self.reading(false), ONLY_TABLE)?.check("The file")?;
                self.add(ONLY_TABLE, TableKind::File, parsed)?;
            }
            Engine::PostgreSql | Engine::MySql | Engine::Athena | Engine::Rest | Engine::S3 => {
                return Err(ImportFailure::internal(format!("{} has no files", engine.as_str())));
            }
        }
        self.check_columns()?;
        Ok(Imported { tables: self.tables, warnings: self.warnings })
    }

    fn reading(&self, comma_first: bool) -> Reading<'_> {
        let rules = Rules::of(self.options, comma_first);
        Reading { rules, given: &self.options.columns, limits: self.limits, scratch: self.scratch }
    }

    /// Adds the one table of a file.
    fn add_only(&mut self, input: &mut dyn Input, comma_first: bool) -> Outcome<()> {
        let parsed = self.reading(comma_first).read(input, ONLY_TABLE)?.check("The file")?;
        self.add(ONLY_TABLE, TableKind::File, parsed)
    }

    fn add_sheets(&mut self, file: &Path) -> Outcome<()> {
        let mut workbook = Workbook::open(file, self.options, self.limits)?;
        self.warnings.extend(workbook.warning.take());
        for name in workbook.sheets.clone() {
            let Some(mut sheet) = workbook.sheet(&name)? else {
                self.warnings.push(format!("Sheet \"{name}\" is empty. It is left out."));
                continue;
            };
            let parsed = self.reading(false).read(&mut sheet, &name)?;
            self.add(&name, TableKind::Sheet, parsed)?;
        }
        if self.tables.is_empty() {
            return Err(ImportFailure::of_file("The file is empty: none of its sheets has anything in it."));
        }
        Ok(())
    }

    fn add(&mut self, name: &str, kind: TableKind, parsed: Parsed) -> Outcome<()> {
        let of_sheet = |warning| match kind {
            TableKind::Sheet => format!("Sheet \"{name}\": {warning}"),
            _ => warning,
        };
        self.warnings.extend(parsed.warnings.into_iter().map(of_sheet));
        let parquet = self.scratch.join(format!("{}.parquet", self.tables.len()));
        let written = write(&parsed.schema, parsed.sorted, &parquet, self.limits)?;
        let preview = preview(&parsed.schema, &parsed.preview, written.rows)?;
        let table =
            Table { name: name.to_owned(), kind, row_count: Some(written.rows), columns: written.columns };
        self.tables.push(WrittenTable { table, parquet, preview });
        Ok(())
    }

    /// Refuses types that were given to columns that are nowhere: what was meant is somewhere else, then.
    fn check_columns(&self) -> Outcome<()> {
        let columns = self.tables.iter().flat_map(|table| &table.table.columns);
        let names: HashSet<&str> = columns.map(|column| column.name.as_str()).collect();
        let unknown: Vec<_> =
            self.options.columns.keys().filter(|name| !names.contains(name.as_str())).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let error = |name: &&String| ImportError {
            column: Some((*name).clone()),
            ..ImportError::of_all("connection.columns names this column, but the file does not have it.")
        };
        let errors = unknown.iter().take(shared::model::import::MAX_ERRORS).map(error).collect();
        Err(ImportFailure::Rejected { errors, count: unknown.len() as u64 })
    }
}
