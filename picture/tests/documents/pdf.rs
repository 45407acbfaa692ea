//! PDF files, as poppler and qpdf read them. What is not there is said, and its tests are passed over.

use std::io::Write as _;
use std::process::{Command, Stdio};

use picture::pdf::Document;
use picture::{Content, Outcome, Part};
use serde_json::json;
use shared::model::query::ZoneName;
use tempfile::NamedTempFile;

use super::sample::{Rows, widget};
use super::{difficult, difficult_parts, parts, report};

fn write<'a>(parts: impl Iterator<Item = Part<'a>>) -> (Outcome, NamedTempFile) {
    let zone = ZoneName::utc();
    let filters = ["Country is DE or FR".to_owned()];
    let mut document = Document::new(report("Monday report", &zone, &filters));
    for part in parts {
        document.add(part);
    }
    let (outcome, bytes) = document.finish().unwrap();
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    (outcome, file)
}

/// What a program says of a file. None if it is not installed.
fn ask(program: &str, before: &[&str], file: &NamedTempFile, after: &[&str]) -> Option<String> {
    let spawned = Command::new(program)
        .args(before)
        .arg(file.path())
        .args(after)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output();
    let Ok(output) = spawned else {
        println!("{program} is not installed: what it would check is not checked");
        return None;
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    // poppler 22 takes no `false` here, which PDF/UA demands.
    let errors = errors.replace("Syntax Error: Suspects object is wrong type (boolean)", "");
    assert!(output.status.success() && errors.trim().is_empty(), "{program}: {errors}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn text(file: &NamedTempFile) -> Option<String> {
    ask("pdftotext", &["-layout"], file, &["-"])
}

fn table(rows: &Rows) -> (Outcome, NamedTempFile) {
    let widget = widget(1, "Orders", "table", (0, 0, 12, 4), json!({}));
    write(std::iter::once(Part { widget: &widget, content: Content::Data(rows.data()) }))
}

#[test]
fn a_table_flows_over_pages() {
    let names: Vec<String> = (0..200).map(|number| format!("Row {number}")).collect();
    let names: Vec<_> = names.iter().map(|name| Some(name.as_str())).collect();
    let rows = Rows::new()
        .text("customer", &names)
        .integer("orders", (0..200).map(|number| Some(number * 1_000)))
        .totals(&["null", "19900000"]);
    let (outcome, file) = table(&rows);
    assert_eq!((outcome.rows, outcome.truncated, outcome.shortened), (200, false, 0));
    assert!(outcome.pages > 3);
    let Some(text) = text(&file) else { return };
    for number in 0..200 {
        assert!(text.contains(&format!("Row {number}")), "{number}");
    }
    let pages = outcome.pages as usize;
    assert_eq!(text.matches("Customer").count(), pages, "the heading is on each page");
    for page in 1..=pages {
        assert!(text.contains(&format!("Page {page} of {pages}")));
    }
    assert!(text.contains("19,900,000") && text.contains("Total"));
    for said in
        ["Revenue Dashboard", "January 2027", "Country is DE or FR", "2027-01-15 08:00 UTC", "Ada Lovelace"]
    {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn the_file_is_sound_and_tagged() {
    let rows = Rows::new().text("name", &[Some("日本語"), Some("🎉")]).number("value", [Some(1.0), None]);
    let (outcome, file) = table(&rows);
    ask("qpdf", &["--check"], &file, &[]);
    if let Some(info) = ask("pdfinfo", &[], &file, &[]) {
        let says = |key: &str, value: &str| {
            info.lines().any(|line| line.starts_with(key) && line.trim_end().ends_with(value))
        };
        assert!(
            says("Title:", "Monday report") && says("Tagged:", "yes") && says("Page size:", "(A4)"),
            "{info}"
        );
        assert!(says("Pages:", &outcome.pages.to_string()), "{info}");
        assert!(says("CreationDate:", "2027 UTC") || info.contains("2027"), "{info}");
    }
    if let Some(metadata) = ask("pdfinfo", &["-meta"], &file, &[]) {
        assert!(metadata.contains("pdfuaid:part"), "it passed the check of PDF/UA-1: {metadata}");
    }
    if let Some(structure) = ask("pdfinfo", &["-struct-text"], &file, &[]) {
        for element in ["H1", "H2", "Table", "TR", "TH", "TD"] {
            assert!(structure.contains(element), "{element}: {structure}");
        }
    }
    if let Some(fonts) = ask("pdffonts", &[], &file, &[]) {
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!fonts.is_empty());
        // Embedded, as a subset, with a table of characters.
        assert!(fonts.iter().all(|font| font.contains("yes yes yes")), "{fonts:?}");
    }
}

#[test]
fn texts_of_every_script_are_found() {
    let texts = ["Ünïcode", "Ελληνικά", "Русский", "日本語", "中文", "한국어", "עברית", "مرحبا", "ไทย"];
    let cells: Vec<_> = texts.into_iter().map(Some).collect();
    let rows = Rows::new().text("name", &cells);
    let (_, file) = table(&rows);
    let Some(found) = text(&file) else { return };
    // Marks of direction around a text are poppler's.
    let found: String =
        found.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')).collect();
    for text in texts {
        assert!(found.contains(text), "{text}: {found}");
    }
}

#[test]
fn a_long_cell_goes_on_on_the_next_page() {
    let long: String = (0..2_000).map(|word| format!("word{word} ")).collect::<Vec<_>>().concat();
    let rows = Rows::new()
        .text("comment", &[Some("short"), Some(&long), Some("last")])
        .integer("n", [1, 2, 3].map(Some));
    let (outcome, file) = table(&rows);
    assert_eq!((outcome.rows, outcome.shortened), (3, 0));
    assert!(outcome.pages > 1);
    let Some(text) = text(&file) else { return };
    for word in 0..2_000 {
        assert!(text.contains(&format!("word{word} ")) || text.contains(&format!("word{word}\n")), "{word}");
    }
    assert!(text.contains("last"));
    assert_eq!(text.matches("Comment").count(), outcome.pages as usize, "the heading is on each page");
}

#[test]
fn a_cell_of_a_million_characters_says_what_is_left_out() {
    let long = "word ".repeat(200_000);
    let rows = Rows::new().text("comment", &[Some(&long)]).integer("n", [Some(1)]);
    let (outcome, file) = table(&rows);
    assert_eq!(outcome.shortened, 1);
    let Some(text) = text(&file) else { return };
    assert!(text.contains("… 900000 more characters"), "{}", &text[text.len() - 500..]);
}

#[test]
fn fifty_columns_are_in_several_tables() {
    let mut rows = Rows::new().text("customer", &[Some("Alpha"), Some("Beta")]);
    for number in 0..49_i64 {
        rows = rows.integer(&format!("measure {number}"), [Some(number * 1_000_003), None]);
    }
    let (_, file) = table(&rows);
    let Some(found) = text(&file) else { return };
    for number in 1..49_u32 {
        let value = number * 1_000_003;
        let grouped = format!("{},{:03},{:03}", value / 1_000_000, value / 1_000 % 1_000, value % 1_000);
        assert!(found.contains(&grouped), "{grouped}");
    }
    assert!(found.matches("Alpha").count() > 3, "the first column is repeated");
}

#[test]
fn difficult_results_are_drawn() {
    let rows = difficult();
    let owned = difficult_parts(&rows);
    let (outcome, file) = write(parts(&owned));
    assert!(outcome.pages > 10);
    ask("qpdf", &["--check"], &file, &[]);
    let Some(found) = text(&file) else { return };
    assert!(found.contains("This could not be shown."));
    assert!(found.contains("The source did not answer"));
    assert!(found.contains("No data"));
}
