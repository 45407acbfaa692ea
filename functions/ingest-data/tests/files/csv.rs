//! CSV files.

use std::fmt::Write as _;

use ingest_data::Limits;
use serde_json::json;
use shared::model::data_source::engine::Engine::Csv;
use shared::model::data_source::file_options::FileOptions;

use super::{import_file, import_with, options, refused, refused_with};

#[test]
fn a_table_is_sorted_by_its_first_time() {
    let done = import_file(Csv, b"id,day,at\n1,2025-03-01,x\n2,,y\n3,2025-01-01,z\n4,2025-03-01,w\n");
    assert_eq!(done.types(), ["id integer", "day date?", "at text"]);
    assert_eq!(
        done.rows(),
        [r#"[3,"2025-01-01","z"]"#, r#"[1,"2025-03-01","x"]"#, r#"[4,"2025-03-01","w"]"#, r#"[2,null,"y"]"#]
    );
    let preview = &done.table().preview;
    assert_eq!(preview.rows[0][0].get(), "1", "the preview has the order of the file");
    assert!(!preview.truncated);
    assert_eq!(done.table().table.name, "data");
    let day = &done.table().table.columns[1];
    assert_eq!(day.distinct_count, Some(2));
    assert_eq!(day.min.as_ref().unwrap().get(), r#""2025-01-01""#);
    assert_eq!(day.max.as_ref().unwrap().get(), r#""2025-03-01""#);
}

#[test]
fn delimiters_and_line_ends_are_seen() {
    for text in [
        "a,b\n1,x\n",
        "a;b\r\n1;x",
        "a\tb\r1\tx\r",
        "a|b\n1|x\n\n\n",
        "\n\na,b\n\n1,x\n",
        "\"a\",\"b\"\n\"1\",\"x\"\n",
    ] {
        let done = import_file(Csv, text.as_bytes());
        assert_eq!(done.types(), ["a integer", "b text"], "{text:?}");
        assert_eq!(done.rows(), [r#"[1,"x"]"#], "{text:?}");
    }
}

#[test]
fn a_given_delimiter_and_no_header() {
    let settings = options(json!({"delimiter": ";", "has_header": false}));
    let done = import_with(Csv, b"1,5;x\n2,5;y\n", &settings, &Limits::default()).unwrap();
    assert_eq!(done.types(), ["column_1 number", "column_2 text"]);
    assert_eq!(done.rows(), [r#"[1.5,"x"]"#, r#"[2.5,"y"]"#]);
}

#[test]
fn rows_of_another_length_are_mistakes() {
    let mut text = "a,b\n".to_owned();
    for row in 2..202 {
        text += if row % 2 == 0 { "1,2,3\n" } else { "1\n" };
    }
    let (errors, count) = refused_with(Csv, text.as_bytes(), &FileOptions::default());
    assert_eq!((errors.len(), count), (100, 200));
    assert_eq!((errors[0].row, errors[99].row), (Some(2), Some(101)));
    assert!(errors[0].reason.contains("3 fields") && errors[0].reason.contains("2 columns"));
}

#[test]
fn a_quote_that_is_not_closed_is_named_by_its_row() {
    let error = refused(Csv, b"a,b\n1,\"x\ny\"\n2,\"z\n3,w\n");
    assert_eq!((error.row, error.column.as_deref()), (Some(3), Some("b")));
    let long = format!("a,b\n1,\"{}", "x\n".repeat(9 << 20));
    let error = refused(Csv, long.as_bytes());
    assert_eq!(error.row, Some(2));
    assert!(error.reason.contains("quote"));
    assert_eq!(error.value.unwrap().chars().count(), 100);
}

#[test]
fn other_mistakes_are_named_by_row_and_column() {
    let error = refused(Csv, b"a,b\n1,x\0y\n");
    assert_eq!((error.row, error.column.as_deref()), (Some(2), Some("b")));
    let error = refused(Csv, b"a,b\n1,\"x\" y\n");
    assert_eq!((error.row, error.column.as_deref()), (Some(2), Some("b")));
    let error = refused(Csv, format!("a,b\n1,x\n2,{}\n3,y\n", "z".repeat(10 << 20)).as_bytes());
    assert_eq!((error.row, error.column.as_deref()), (Some(3), Some("b")));
    assert_eq!(error.table.as_deref(), Some("data"));
}

#[test]
fn types_that_are_given_overrule() {
    let settings = options(json!({"columns": {"zip": "text", "n": "integer", "d": "datetime"}}));
    let done = import_with(Csv, b"zip,n,d\n1,2,2025-01-01\n2,,\n", &settings, &Limits::default()).unwrap();
    assert_eq!(done.types(), ["zip text", "n integer?", "d datetime?"]);
    assert_eq!(done.rows()[0], r#"["1",2,"2025-01-01T00:00:00Z"]"#);
    let (errors, count) = refused_with(Csv, b"zip,n,d\n1,x,2025\n2,1.5,2025-01-01\n", &settings);
    assert_eq!(count, 3);
    assert_eq!(
        (errors[0].row, errors[0].column.as_deref(), errors[0].value.as_deref()),
        (Some(2), Some("n"), Some("x"))
    );
    assert_eq!(errors[2].row, Some(3));
    let (errors, _) = refused_with(Csv, b"zip,n\n1,2\n", &settings);
    assert_eq!(errors[0].column.as_deref(), Some("d"));
}

#[test]
fn infinity_is_text_unless_it_is_said_to_be_a_number() {
    let text = b"x\n1.5\nNaN\nInfinity\n";
    assert_eq!(import_file(Csv, text).types(), ["x text"]);
    let (errors, count) = refused_with(Csv, text, &options(json!({"columns": {"x": "number"}})));
    assert_eq!(count, 2);
    assert!(errors[0].reason.contains("finite"));
}

#[test]
fn empty_files_and_mere_headers() {
    assert!(refused(Csv, b"").reason.contains("empty"));
    assert!(refused(Csv, b"\n\r\n\n").reason.contains("empty"));
    let settings = options(json!({"columns": {"b": "number"}}));
    let done = import_with(Csv, b"a,b\n", &settings, &Limits::default()).unwrap();
    assert_eq!(done.types(), ["a text", "b number"]);
    assert!(done.rows().is_empty());
    let preview = &done.table().preview;
    assert_eq!((preview.columns.len(), preview.row_count, preview.truncated), (2, 0, false));
}

#[test]
fn headers_are_numbered_where_they_must_be() {
    let done = import_file(Csv, "a,,a, 😀 ,مرحبا\n1,2,3,4,5\n".as_bytes());
    let names: Vec<_> = done.table().table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["a", "column_2", "a (2)", " 😀 ", "مرحبا"]);
    assert!(refused(Csv, format!("{}\n1\n", "x".repeat(256)).as_bytes()).reason.contains("255"));
    assert!(refused(Csv, format!("a{}\n", ",a".repeat(19_999)).as_bytes()).reason.contains("2000"));
}

#[test]
fn a_blank_line_is_a_row_only_where_there_is_one_column() {
    let done = import_file(Csv, b"a\n1\n\n3\n\n\n");
    assert_eq!(done.rows(), ["[1]", "[null]", "[3]"]);
    assert_eq!(import_file(Csv, b"a,b\n1,2\n\n3,4\n").rows(), ["[1,2]", "[3,4]"]);
    let error = refused(Csv, b"a,b\n1,2\n\n3\n");
    assert_eq!(error.row, Some(4), "but it is counted");
}

#[test]
fn previews_have_ten_rows_and_a_megabyte() {
    let text: String = (0..25).fold("n\n".to_owned(), |text, number| format!("{text}{number}\n"));
    let done = import_file(Csv, text.as_bytes());
    let preview = &done.table().preview;
    assert_eq!((preview.rows.len(), preview.row_count, preview.truncated), (10, 10, true));
    let long = format!("t\n{0}\n{0}\n{0}\n", "x".repeat(500_000));
    let done = import_file(Csv, long.as_bytes());
    assert_eq!((done.table().preview.rows.len(), done.table().preview.truncated), (2, true));
    assert!(done.table().table.columns[0].min.is_none(), "a text that long is not shown");
}

#[test]
fn what_does_not_fit_into_memory_is_sorted_on_disk() {
    let limits = Limits { sort_bytes: 200_000, block_bytes: 4_096, group_rows: 1_000, ..Limits::default() };
    let mut text = "n,late,day,text\n".to_owned();
    for number in 0..20_000_u32 {
        let day = number.wrapping_mul(7_919) % 28 + 1;
        let late = if number < 15_000 { String::new() } else { (number % 7).to_string() };
        let _ = writeln!(
            text,
            "{number},{late},2025-02-{day:02},{}",
            if number % 3 == 0 { "" } else { "some text" }
        );
    }
    let done = import_with(Csv, text.as_bytes(), &FileOptions::default(), &limits).unwrap();
    assert_eq!(done.types(), ["n integer", "late integer?", "day date", "text text?"]);
    let rows: Vec<(String, u32)> =
        super::cells(done.table()).into_iter().map(|row| (row[2].clone(), row[0].parse().unwrap())).collect();
    assert_eq!(rows.len(), 20_000);
    assert!(rows.is_sorted(), "by day, and of the same day in the order of the file");
    let whole = import_file(Csv, text.as_bytes());
    assert_eq!(whole.rows(), done.rows());
}

#[test]
fn dates_that_appear_late_and_first_are_sorted_by() {
    let limits = Limits { sort_bytes: 50_000, block_bytes: 4_096, ..Limits::default() };
    let mut text = "first,second\n".to_owned();
    for number in 0..5_000_u32 {
        let day = number % 28 + 1;
        let first = if number < 4_000 { String::new() } else { format!("2025-01-{day:02}") };
        let _ = writeln!(text, "{first},2025-02-{:02}", 29 - day);
    }
    let done = import_with(Csv, text.as_bytes(), &FileOptions::default(), &limits).unwrap();
    let cells = super::cells(done.table());
    assert!(cells[..1_000].is_sorted_by_key(|row| row[0].clone()));
    assert_eq!(cells[1_000][0], "null");
}

#[test]
fn other_kinds_of_files_are_named() {
    assert!(refused(Csv, b"PK\x03\x04rest").reason.contains("ZIP"));
    assert!(refused(Csv, b"PAR1rest").reason.contains("Parquet"));
}
