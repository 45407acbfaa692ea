//! CSV files, as a reader of RFC 4180 has them, and archives of them.

use std::io::{Cursor, Read as _};

use picture::csv::{self, Archive, Options};
use picture::{Content, Part};
use serde_json::json;
use shared::base::Timestamp;
use zip::ZipArchive;

use super::sample::{Rows, widget};
use super::{difficult, difficult_parts, parts};

fn written(rows: &Rows, options: Options) -> String {
    let mut out = Vec::new();
    let count = csv::write(&rows.data(), options, &mut out).unwrap();
    assert_eq!(count, rows.data().row_count as u64);
    String::from_utf8(out).unwrap()
}

/// The fields of each line, as another program reads them.
fn read(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv_core::Reader::new();
    let (mut input, mut lines) = (text.as_bytes(), Vec::new());
    let (mut output, mut ends) = (vec![0; text.len() + 16], vec![0; 64]);
    loop {
        let (result, used, _, fields) = reader.read_record(input, &mut output, &mut ends);
        input = &input[used..];
        match result {
            csv_core::ReadRecordResult::Record => {
                let mut start = 0;
                let line = ends[..fields].iter().map(|end| {
                    let field = String::from_utf8(output[start..*end].to_vec()).unwrap();
                    start = *end;
                    field
                });
                lines.push(line.collect());
            }
            csv_core::ReadRecordResult::End => return lines,
            csv_core::ReadRecordResult::InputEmpty => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn values_are_written_as_in_json() {
    let rows = Rows::new()
        .text("name", &[Some("plain"), Some(""), None, Some(" a, \"b\"\r\n")])
        .integer("i", [Some(i64::MIN), None, Some(0), Some(7)])
        .decimal("d", 2, [Some(1_230), Some(-5), None, Some(i128::from(i64::MAX))])
        .number("f", [Some(0.1), Some(1e300), Some(-0.0), None])
        .boolean("b", [Some(true), Some(false), None, None])
        .date("day", None, [Some(0), None, Some(-1), Some(20_000)])
        .datetime("at", [Some(0), Some(1_500_000), None, None]);
    assert_eq!(
        written(&rows, Options::default()),
        "name,i,d,f,b,day,at\r\n\
         plain,-9223372036854775808,12.3,0.1,true,1970-01-01,1970-01-01T00:00:00Z\r\n\
         \"\",,-0.05,1e+300,false,,1970-01-01T00:00:01.5Z\r\n\
         ,0,,-0.0,,1969-12-31,\r\n\
         \" a, \"\"b\"\"\r\n\",7,92233720368547758.07,,,2024-10-04,\r\n"
    );
}

#[test]
fn formulas_are_escaped_and_numbers_are_not() {
    let texts = ["=1+1", "+1", "-1.5", "-x", "@a", "\ta", "\ra", "a=b", "", "日本"];
    let texts: Vec<_> = texts.into_iter().map(Some).collect();
    let rows = Rows::new().text("=name", &texts).integer("n", (-5..5).map(Some));
    let options = Options { escape_formulas: true, byte_order_mark: true };
    assert_eq!(
        written(&rows, options),
        "\u{feff}\"'=name\",n\r\n\"'=1+1\",-5\r\n+1,-4\r\n-1.5,-3\r\n\"'-x\",-2\r\n\"'@a\",-1\r\n\"'\ta\",0\r\n\"'\ra\",1\r\n\
         a=b,2\r\n\"\",3\r\n日本,4\r\n"
    );
}

#[test]
fn every_text_is_read_as_it_was() {
    for (title, rows) in difficult().iter().filter(|(_, rows)| !rows.columns.is_empty()) {
        let lines = read(&written(rows, Options::default()));
        assert_eq!(lines.len(), rows.data().row_count + 1, "{title}");
        for (row, line) in lines[1..].iter().enumerate() {
            for (column, field) in line.iter().enumerate() {
                if let picture::Value::Text(text) = rows.data().value(column, row) {
                    assert_eq!(field, text, "{title}");
                }
            }
        }
    }
}

#[test]
fn an_archive_has_a_file_for_each_widget() {
    let at = Timestamp::from_second(1_800_000_000).unwrap();
    let rows = Rows::new().text("name", &[Some("=x")]).number("value", [Some(1.5)]);
    let titles = ["Sales", "Sales", "a/b\\c:*?\"<>|", "../..", "売上 🎉"];
    let make = || {
        let mut archive = Archive::new(Options::default(), at, Vec::new());
        for title in titles {
            let widget = widget(1, title, "table", (0, 0, 6, 4), json!({}));
            archive.add(Part { widget: &widget, content: Content::Data(rows.data()) }).unwrap();
        }
        let failed = widget(2, "Broken", "bar", (0, 4, 6, 4), json!({}));
        archive.add(Part { widget: &failed, content: Content::Failure("No such table.") }).unwrap();
        archive.finish().unwrap()
    };
    let (outcome, bytes) = make();
    assert_eq!((outcome.rows, outcome.truncated), (5, false));
    assert_eq!(bytes, make().1, "the same rows make the same archive");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(
        names,
        [
            "01 Sales.csv",
            "02 Sales.csv",
            "03 a_b_c_______.csv",
            "04 _.csv",
            "05 売上 🎉.csv",
            "06 Broken.txt"
        ]
    );
    for (index, name) in names.iter().enumerate() {
        let mut text = String::new();
        let mut file = archive.by_index(index).unwrap();
        assert_eq!(file.last_modified().unwrap().to_string(), "2027-01-15 08:00:00");
        file.read_to_string(&mut text).unwrap();
        assert_eq!(
            text,
            if name.ends_with("csv") { "name,value\r\n=x,1.5\r\n" } else { "No such table.\r\n" }
        );
    }
}

#[test]
fn difficult_results_are_archived() {
    let rows = difficult();
    let owned = difficult_parts(&rows);
    let mut archive = Archive::new(Options::default(), Timestamp::from_second(0).unwrap(), Vec::new());
    for part in parts(&owned) {
        archive.add(part).unwrap();
    }
    let (_, bytes) = archive.finish().unwrap();
    assert_eq!(ZipArchive::new(Cursor::new(bytes)).unwrap().len(), owned.len() - 1);
}
