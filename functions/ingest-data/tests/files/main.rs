//! Files of every kind, made here, imported, and read back from the Parquet files that they became.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

mod csv;
mod json;
mod parquet;
mod roundtrip;
mod types;
mod xlsx;

use std::fs::File;

use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ingest_data::{ImportFailure, Imported, Limits, WrittenTable, import};
use shared::model::data_source::engine::Engine;
use shared::model::data_source::file_options::FileOptions;
use shared::model::import::ImportError;

/// A file that was imported, and the folder that its tables are in.
struct Done {
    imported: Imported,
    _scratch: tempfile::TempDir,
}

/// Imports a file with these bytes.
fn import_with(
    engine: Engine,
    bytes: &[u8],
    options: &FileOptions,
    limits: &Limits,
) -> Result<Done, ImportFailure> {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("file");
    std::fs::write(&file, bytes).unwrap();
    let imported = import(&file, engine, options, scratch.path(), limits)?;
    std::fs::remove_file(&file).unwrap();
    let left = std::fs::read_dir(scratch.path()).unwrap().count();
    assert_eq!(left, imported.tables.len(), "only the tables stay");
    Ok(Done { imported, _scratch: scratch })
}

/// Imports a file that has no mistakes.
fn import_file(engine: Engine, bytes: &[u8]) -> Done {
    import_with(engine, bytes, &FileOptions::default(), &Limits::default()).unwrap()
}

/// Imports a file that is refused: its mistakes, and how many there are.
fn refused_with(engine: Engine, bytes: &[u8], options: &FileOptions) -> (Vec<ImportError>, u64) {
    match import_with(engine, bytes, options, &Limits::default()) {
        Err(ImportFailure::Rejected { errors, count }) => {
            assert!(!errors.is_empty() && errors.len() <= 100 && count >= errors.len() as u64);
            (errors, count)
        }
        Err(failure) => panic!("{failure}"),
        Ok(_) => panic!("the file was imported"),
    }
}

/// Imports a file that is refused for one reason.
fn refused(engine: Engine, bytes: &[u8]) -> ImportError {
    let (errors, count) = refused_with(engine, bytes, &FileOptions::default());
    assert_eq!(count, 1, "{errors:?}");
    errors.into_iter().next().unwrap()
}

/// The options that a connection has.
fn options(settings: serde_json::Value) -> FileOptions {
    serde_json::from_value(settings).unwrap()
}

impl Done {
    /// The only table.
    fn table(&self) -> &WrittenTable {
        let [table] = self.imported.tables.as_slice() else { panic!("not one table") };
        table
    }

    /// The types of the only table's columns: `name type`, and a `?` where values are missing.
    fn types(&self) -> Vec<String> {
        let columns = self.table().table.columns.iter();
        columns
            .map(|column| {
                let missing = if column.nullable == Some(true) { "?" } else { "" };
                format!("{} {}{missing}", column.name, column.column_type.as_str())
            })
            .collect()
    }

    /// The rows of the only table in their stored order, as JSON.
    fn rows(&self) -> Vec<String> {
        rows(self.table())
    }
}

/// The rows of a table in their stored order, as JSON.
fn rows(table: &WrittenTable) -> Vec<String> {
    cells(table).iter().map(|row| format!("[{}]", row.join(","))).collect()
}

/// The cells of a table in their stored order, as JSON.
fn cells(table: &WrittenTable) -> Vec<Vec<String>> {
    let file = File::open(&table.parquet).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| engine::cell::cell(column, row).get().to_owned());
            rows.push(cells.collect());
        }
    }
    assert_eq!(table.table.row_count, Some(rows.len() as u64));
    rows
}
