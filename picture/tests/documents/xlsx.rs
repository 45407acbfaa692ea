//! Spreadsheets, as another program reads them.

use std::io::{Cursor, Read as _};
use std::time::Instant;

use calamine::{Data as Cell, Reader as _, Xlsx};
use picture::xlsx::Workbook;
use picture::{Content, Outcome, Part};
use serde_json::json;
use shared::model::calendar::day;
use shared::model::query::{TimeUnit, ZoneName};

use super::sample::{Rows, widget};
use super::{difficult, difficult_parts, parts, report};

fn write<'a>(parts: impl Iterator<Item = Part<'a>>) -> (Outcome, Xlsx<Cursor<Vec<u8>>>) {
    let zone = ZoneName::utc();
    let mut workbook = Workbook::new(report("Monday report", &zone, &[]), Cursor::new(Vec::new())).unwrap();
    for part in parts {
        workbook.add(part).unwrap();
    }
    let (outcome, out) = workbook.finish().unwrap();
    (outcome, Xlsx::new(Cursor::new(out.into_inner())).unwrap())
}

fn sheet(rows: &Rows, widget_type: &str, options: serde_json::Value) -> (Outcome, Vec<Vec<Cell>>) {
    let widget = widget(1, "Sales", widget_type, (0, 0, 12, 4), options);
    let part = Part { widget: &widget, content: Content::Data(rows.data()) };
    let (outcome, mut workbook) = write(std::iter::once(part));
    let range = workbook.worksheet_range("Sales").unwrap();
    (outcome, range.rows().map(<[Cell]>::to_vec).collect())
}

fn text(text: &str) -> Cell {
    Cell::String(text.to_owned())
}

#[test]
fn cells_have_types() {
    let rows = Rows::new()
        .text("name", &[Some("=1+1"), Some(""), None])
        .integer("i", [Some(999_999_999_999_999), Some(1_000_000_000_000_000), Some(-3)])
        .decimal("d", 2, [Some(1_230), Some(i128::from(i64::MAX)), None])
        .number("f", [Some(0.1), Some(1e300), None])
        .boolean("b", [Some(true), Some(false), None])
        .date("day", None, [Some(day(2025, 6, 15)), Some(day(1899, 12, 31)), None])
        .datetime("at", [Some(1_750_000_000_500_000), None, None]);
    let (outcome, cells) = sheet(&rows, "table", json!({}));
    assert_eq!(outcome, Outcome { rows: 3, ..Outcome::default() });
    assert_eq!(cells[0], ["name", "i", "d", "f", "b", "day", "at"].map(text));
    assert_eq!(
        cells[1][..5],
        [
            text("=1+1"),
            Cell::Float(999_999_999_999_999.0),
            Cell::Float(12.3),
            Cell::Float(0.1),
            Cell::Bool(true)
        ]
    );
    assert_eq!(
        cells[2][1..5],
        [text("1000000000000000"), text("92233720368547758.07"), Cell::Float(1e300), Cell::Bool(false)]
    );
    assert_eq!(cells[2][5], text("1899-12-31"));
    let Cell::DateTime(of_day) = &cells[1][5] else { panic!("{:?}", cells[1][5]) };
    assert_eq!(of_day.to_ymd_hms_milli(), (2025, 6, 15, 0, 0, 0, 0));
    let Cell::DateTime(at) = &cells[1][6] else { panic!("{:?}", cells[1][6]) };
    // 2025-06-15T15:06:40.5Z, in Berlin's summer.
    assert_eq!(at.to_ymd_hms_milli(), (2025, 6, 15, 17, 6, 40, 500));
}

#[test]
fn totals_and_the_rest_are_named() {
    let rows = Rows::new()
        .text("country", &[Some("DE"), None])
        .integer("orders", [Some(5), Some(7)])
        .decimal("revenue", 2, [Some(150), Some(250)])
        .totals(&["null", "12", "12345678901234567.89"])
        .other(1);
    let (_, cells) = sheet(&rows, "pie", json!({"format": {"style": "currency", "currency": "EUR"}}));
    assert_eq!(cells[2], [text("Other"), Cell::Float(7.0), Cell::Float(2.5)]);
    assert_eq!(cells[3], [text("Total"), Cell::Float(12.0), text("12345678901234567.89")]);
}

#[test]
fn series_of_a_second_dimension_are_beside_the_rows() {
    let months = [day(2025, 1, 1), day(2025, 1, 1), day(2025, 2, 1)].map(Some);
    let rows = Rows::new()
        .date("month", Some(TimeUnit::Month), months)
        .text("channel", &[Some("web"), Some("shop"), Some("web")])
        .integer("orders", [Some(1), Some(2), Some(3)]);
    let (_, cells) = sheet(&rows, "line", json!({}));
    assert_eq!(cells[0][4..], [Cell::Empty, text("web"), text("shop")]);
    assert_eq!(cells[1][5..], [Cell::Float(1.0), Cell::Float(2.0)]);
    assert_eq!(cells[2][5..], [Cell::Float(3.0), Cell::Empty]);
    assert!(matches!(&cells[2][4], Cell::DateTime(of) if of.to_ymd_hms_milli().1 == 2));
}

#[test]
fn texts_that_are_too_long_are_cut_with_a_mark() {
    let long = "é".repeat(40_000);
    let rows = Rows::new().text("text", &[Some(&long), Some("short")]);
    let (outcome, cells) = sheet(&rows, "table", json!({}));
    assert_eq!(outcome.shortened, 1);
    let cut = cells[1][0].to_string();
    assert!(cut.ends_with("… [cut]") && cut.chars().count() == 32_767);
}

#[test]
fn difficult_results_are_read_back() {
    let rows = difficult();
    let owned = difficult_parts(&rows);
    let (outcome, mut workbook) = write(parts(&owned));
    assert!(outcome.rows > 0);
    // A sheet for each but the text and the failure, and the first one.
    assert_eq!(workbook.sheet_names().len(), owned.len() - 2 + 1);
    for name in workbook.sheet_names() {
        workbook.worksheet_range(&name).unwrap();
        assert!(workbook.worksheet_formula(&name).unwrap().used_cells().next().is_none(), "{name}");
    }
    let first = workbook.worksheet_range("Report").unwrap();
    let said: Vec<String> = first.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    for expected in
        ["Monday report", "Revenue Dashboard", "January 2027", "2027-01-15 08:00 UTC", "Ada Lovelace"]
    {
        assert!(said.iter().any(|text| text == expected), "{expected}");
    }
    assert!(said.iter().any(|text| text == "The source did not answer: \u{fffd}timeout. 🎉"));
}

#[test]
fn fifty_widgets_of_one_title_have_a_sheet_each() {
    let rows = Rows::new().text("a", &[Some("x")]);
    let title = "A title that is longer than a sheet's name";
    let widgets: Vec<_> = (1..=50).map(|id| widget(id, title, "table", (0, id, 12, 4), json!({}))).collect();
    let (_, workbook) =
        write(widgets.iter().map(|widget| Part { widget, content: Content::Data(rows.data()) }));
    assert_eq!(workbook.sheet_names().len(), 51);
}

#[test]
fn names_of_charts_are_texts_whatever_they_look_like() {
    for name in ["Wow!Q1", "Model!$C$12:$D$13", "=(x)", "=Tab[x]", "!A1", "'a b'!A1"] {
        let rows = Rows::new()
            .text("country", &[Some("DE"), Some("FR")])
            .text("model", &[Some(name), Some(name)])
            .integer("orders", [Some(5), Some(7)]);
        let widget = widget(1, name, "bar", (0, 0, 12, 4), json!({}));
        let zone = ZoneName::utc();
        let mut workbook = Workbook::new(report("Names", &zone, &[]), Cursor::new(Vec::new())).unwrap();
        workbook.add(Part { widget: &widget, content: Content::Data(rows.data()) }).unwrap();
        let (_, out) = workbook.finish().unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut archive = zip::ZipArchive::new(Cursor::new(out.into_inner())).unwrap();
        let mut chart = String::new();
        archive.by_name("xl/charts/chart1.xml").unwrap().read_to_string(&mut chart).unwrap();
        let document = roxmltree::Document::parse(&chart).unwrap();
        let references = document.descendants().filter(|node| node.tag_name().name() == "f");
        for reference in references.filter_map(|node| node.text()) {
            assert!(
                reference.contains("$A$") || reference.contains("$E$") || reference.contains("$F$"),
                "{name}: {reference}"
            );
        }
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        assert!(
            texts.iter().filter(|text| text.trim_matches('\u{200b}') == name).count() >= 2,
            "{name}: {texts:?}"
        );
    }
}

#[test]
fn a_hundred_thousand_rows_are_written() {
    let began = Instant::now();
    let rows = Rows::new()
        .integer("i", (0..100_000).map(Some))
        .number("f", (0..100_000).map(|n| Some(f64::from(n))));
    let (outcome, cells) = sheet(&rows, "table", json!({}));
    println!("{:?}", began.elapsed());
    assert_eq!((outcome.rows, outcome.truncated), (100_000, false));
    assert_eq!(cells.len(), 100_001);
}
