//! Sheets of a spreadsheet. The archive around them is made here: a fuzzer would not find its checksums.

#![no_main]

use std::io::{Cursor, Write as _};

use ingest_data::{ImportFailure, Limits, import};
use libfuzzer_sys::fuzz_target;
use shared::model::data_source::engine::Engine;
use shared::model::data_source::file_options::FileOptions;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const RELATIONSHIPS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const STYLES: &str =
    r#"<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;

fn spreadsheet(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
    let root = format!(r#"{RELATIONSHIPS}officeDocument" Target="xl/workbook.xml"/></Relationships>"#);
    let book = format!(r#"{RELATIONSHIPS}worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#);
    let parts: [(&str, &[u8]); 6] = [
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", book.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name, stored).expect("a part");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

/// Leaves the panics of calamine to `import`, which answers that the file is damaged; all others end the run.
fn forgive_calamine() {
    let end_the_run = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("/calamine-")) {
            end_the_run(panic);
        }
    }));
}

fuzz_target!(init: forgive_calamine(), |input: &[u8]| {
    let mut parts = input.splitn(2, |&byte| byte == 0);
    let sheet = parts.next().unwrap_or_default();
    let texts = parts.next().unwrap_or(b"<sst></sst>");
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("file");
    std::fs::write(&file, spreadsheet(sheet, texts)).expect("a file");
    let limits =
        Limits { value_bytes: 100, columns: 20, sort_bytes: 500, shared_texts: 100, ..Limits::default() };
    match import(&file, Engine::Xlsx, &FileOptions::default(), scratch.path(), &limits) {
        Ok(imported) => {
            let table = &imported.tables[0];
            assert_eq!(table.table.columns.len(), table.preview.columns.len());
            assert_eq!(table.preview.truncated, table.table.row_count > Some(table.preview.row_count));
        }
        Err(ImportFailure::Rejected { errors, count }) => assert!(count >= errors.len() as u64),
        Err(failure) => panic!("{failure}"),
    }
});
