//! CSV files.

#![no_main]

use ingest_data::{ImportFailure, Imported, Limits, import};
use libfuzzer_sys::fuzz_target;
use shared::model::data_source::engine::Engine;
use shared::model::data_source::file_options::{DecimalSeparator, Delimiter, FileOptions};

/// What a file becomes: each column's description and the preview, or how many mistakes it has.
fn read(options: &FileOptions, bytes: &[u8], limits: &Limits) -> Result<String, u64> {
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("file");
    std::fs::write(&file, bytes).expect("a file");
    match import(&file, Engine::Csv, options, scratch.path(), limits) {
        Ok(Imported { tables, warnings }) => {
            let tables = tables.iter().map(|table| (&table.table, &table.preview));
            let tables = serde_json::to_string(&tables.collect::<Vec<_>>()).expect("JSON");
            Ok(format!("{tables} {warnings:?}"))
        }
        Err(ImportFailure::Rejected { errors, count }) => {
            assert!(!errors.is_empty() && errors.len() <= 100 && count >= errors.len() as u64);
            Err(count)
        }
        Err(failure) => panic!("{failure}"),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&settings, bytes)) = input.split_first() else { return };
    let options = FileOptions {
        has_header: settings & 1 == 0,
        delimiter: match settings >> 1 & 3 {
            0 => None,
            1 => Some(Delimiter::Comma),
            2 => Some(Delimiter::Semicolon),
            _ => Some(Delimiter::Tab),
        },
        decimal: match settings >> 3 & 3 {
            0 | 1 => None,
            2 => Some(DecimalSeparator::Point),
            _ => Some(DecimalSeparator::Comma),
        },
        ..FileOptions::default()
    };
    let whole = Limits { value_bytes: 100, record_bytes: 1_000, columns: 20, ..Limits::default() };
    let parts = Limits { block_bytes: 7, sort_bytes: 500, group_rows: 3, group_bytes: 100, ..whole.clone() };
    let (whole, parts) = (read(&options, bytes, &whole), read(&options, bytes, &parts));
    assert_eq!(whole, parts);
});
