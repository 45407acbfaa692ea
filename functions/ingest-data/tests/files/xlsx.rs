//! Spreadsheets.

use std::io::{Cursor, Write as _};

use ingest_data::Limits;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::json;
use shared::model::data_source::engine::Engine::Xlsx;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{import_file, import_with, options, refused, refused_with, rows};

/// A spreadsheet with one sheet of this XML, between `<sheetData>` and its end.
fn hand_made(sheet: &str, workbook: &str, strings: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let formats = r#"<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>"#;
    let parts = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}">{workbook}<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        ("xl/styles.xml", format!(r#"<styleSheet xmlns="{main}">{formats}</styleSheet>"#)),
        ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{main}" {strings}</sst>"#)),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#),
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn sheets_are_tables() {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet().set_name("Orders 😀").unwrap();
    // The table begins in C3.
    for (column, name) in (2..).zip(["id", "day", "price", "zip", "paid"]) {
        sheet.write(2, column, name).unwrap();
    }
    for (row, (id, date, price)) in (4..).zip([(1.0, "2025-06-16", 12.3), (2.0, "2025-06-15", 0.1)]) {
        sheet.write(row, 2, id).unwrap();
        sheet.write_with_format(row, 3, ExcelDateTime::parse_from_str(date).unwrap(), &day).unwrap();
        sheet.write(row, 4, price).unwrap();
        sheet.write(row, 5, "01234").unwrap();
        sheet.write(row, 6, row == 4).unwrap();
    }
    book.add_worksheet().set_name("Empty").unwrap();
    let hidden = book.add_worksheet().set_name("Hidden").unwrap();
    hidden.set_hidden(true);
    hidden.write(0, 0, "n").unwrap();
    hidden.write(1, 0, "1.5").unwrap();
    hidden.write(2, 0, 2).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let done = import_file(Xlsx, &bytes);
    let names: Vec<_> = done.imported.tables.iter().map(|table| table.table.name.as_str()).collect();
    assert_eq!(names, ["Orders 😀", "Hidden"]);
    assert!(done.imported.warnings[0].contains("\"Empty\""));
    assert_eq!(
        rows(&done.imported.tables[0]),
        [r#"[2,"2025-06-15",0.1,"01234",false]"#, r#"[1,"2025-06-16",12.3,"01234",true]"#]
    );
    assert_eq!(rows(&done.imported.tables[1]), ["[1.5]", "[2]"], "numbers as texts are numbers");

    let only = options(json!({"sheet": "Hidden"}));
    let done = import_with(Xlsx, &bytes, &only, &Limits::default()).unwrap();
    assert_eq!(done.table().table.name, "Hidden");
    let (errors, _) = refused_with(Xlsx, &bytes, &options(json!({"sheet": "None"})));
    assert!(errors[0].reason.contains("\"Orders 😀\""));
}

#[test]
fn formulas_are_their_results_and_merged_cells_their_first() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "a").unwrap();
    sheet.write(0, 1, "b").unwrap();
    sheet.write_formula(1, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.merge_range(1, 1, 2, 1, "both", &Format::new()).unwrap();
    sheet.write(2, 0, 3).unwrap();
    let done = import_file(Xlsx, &book.save_to_buffer().unwrap());
    assert_eq!(done.rows(), [r#"[2,"both"]"#, "[3,null]"]);
}

#[test]
fn errors_of_formulas_are_mistakes() {
    let bytes = hand_made(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="5"><c r="A5" t="e"><v>#DIV/0!</v></c></row>"#,
        "",
        ">",
    );
    let error = refused(Xlsx, &bytes);
    assert_eq!((error.table.as_deref(), error.row, error.column.as_deref()), (Some("S"), Some(5), Some("a")));
    assert_eq!(error.value.as_deref(), Some("#DIV/0!"));
}

#[test]
fn formulas_without_a_result_are_told_of() {
    let cells =
        r#"<c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c>"#;
    let formulas = r#"<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><v>1</v></c></row><row r="3"><c r="B3"><f>2+1</f><v/></c></row>"#;
    let done = import_file(Xlsx, &hand_made(&format!(r#"<row r="1">{cells}</row>{formulas}"#), "", ">"));
    assert_eq!(done.rows(), ["[null,1]"]);
    assert!(done.imported.warnings[0].contains("2 formulas"));
}

#[test]
fn both_systems_of_dates_are_read() {
    let sheet = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>d</t></is></c></row><row r="2"><c r="A2" s="1"><v>44361</v></c></row>"#;
    let early = import_file(Xlsx, &hand_made(sheet, "", ">"));
    assert_eq!(early.rows(), [r#"["2021-06-14"]"#]);
    let late = import_file(Xlsx, &hand_made(sheet, r#"<workbookPr date1904="1"/>"#, ">"));
    assert_eq!(late.rows(), [r#"["2025-06-15"]"#]);
}

#[test]
fn places_that_no_number_holds_are_damage() {
    for place in ["A4294967298", "ZZZZZZZZ2"] {
        let rows =
            format!(r#"<row r="1"><c r="A1"><v>1</v></c></row><row><c r="{place}"><v>2</v></c></row>"#);
        assert!(refused(Xlsx, &hand_made(&rows, "", ">")).reason.contains("damaged"), "{place}");
    }
}

#[test]
fn many_sheets_are_read_and_too_many_are_not() {
    let book = |sheets: usize| {
        let mut book = Workbook::new();
        for _ in 0..sheets {
            book.add_worksheet().write(0, 0, "a").unwrap();
        }
        book.save_to_buffer().unwrap()
    };
    assert_eq!(import_file(Xlsx, &book(100)).imported.tables.len(), 100);
    assert!(refused(Xlsx, &book(101)).reason.contains("100"));
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let limits = Limits {
        unpacked_bytes: 1 << 20,
        shared_text_bytes: 1 << 16,
        shared_texts: 100,
        ..Limits::default()
    };
    let reason = |bytes: &[u8]| {
        let failure = import_with(Xlsx, bytes, &options(json!({})), &limits).err().unwrap();
        assert!(matches!(failure, ingest_data::ImportFailure::Rejected { .. }), "{failure}");
        failure.to_string()
    };
    let cell = "<row><c><v>1</v></c></row>";
    assert!(reason(&hand_made(&cell.repeat(100_000), "", ">")).contains("unpacks"));
    assert!(
        reason(&hand_made("", "", &format!(">{}", "<si><t>xxxxxxxx</t></si>".repeat(5_000))))
            .contains("unpacks")
    );
    assert!(reason(&hand_made("", "", &format!(">{}", "<si/>".repeat(200)))).contains("texts"));
    assert!(reason(&hand_made("", "", r#"uniqueCount="99999999999">"#)).contains("texts"));
    let defaults = Limits::default();
    let long = hand_made(&format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(5 << 20)), "", ">");
    assert!(import_with(Xlsx, &long, &options(json!({})), &defaults).is_err());
}

#[test]
fn what_is_no_spreadsheet_is_refused() {
    assert!(refused(Xlsx, b"").reason.contains("empty"));
    assert!(refused(Xlsx, b"a,b\n1,2\n").reason.contains("XLSX"));
    assert!(refused(Xlsx, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest").reason.contains("XLS"));
    refused(Xlsx, b"PK\x03\x04rest");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("hello.txt", SimpleFileOptions::default()).unwrap();
    refused(Xlsx, &writer.finish().unwrap().into_inner());
    assert!(refused(Xlsx, &Workbook::new().save_to_buffer().unwrap_or_default()).reason.contains("empty"));
}
