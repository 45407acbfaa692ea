//! Writes a sample report as PDF, XLSX and CSV: `cargo run -p picture --example report -- DIRECTORY`. With `charts`, `csv`, `xlsx`,
//! `pdf` or `rows` behind it, says how long these take, and how much memory.

#![expect(clippy::unwrap_used, reason = "the samples are sound")]

#[path = "../tests/documents/sample.rs"]
mod sample;

use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor};
use std::path::{Path, PathBuf};
use std::time::Instant;

use picture::csv::{Archive, Options};
use picture::pdf::Document;
use picture::xlsx::Workbook;
use picture::{Content, Part, Report, Size, Theme, csv};
use sample::{Rows, widget};
use serde_json::json;
use shared::base::Timestamp;
use shared::model::calendar::day;
use shared::model::dashboard::Widget;
use shared::model::query::{TimeUnit, ZoneName};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().unwrap_or_else(|| ".".to_owned()));
    match arguments.next().as_deref() {
        Some("charts") => {
            measure_charts();
            Ok(())
        }
        Some("csv") => measure_csv(),
        Some("xlsx") => measure_xlsx(&directory),
        Some("pdf") => measure_pdf(),
        Some("rows") => measure_rows(),
        _ => write_sample(&directory),
    }
}

const MONTHS: i32 = 18;

fn months() -> Vec<i32> {
    (0..MONTHS).map(|month| day(2025 + month / 12, u8::try_from(month % 12 + 1).unwrap_or(1), 1)).collect()
}

/// A number that looks like one of business.
fn amount(seed: i64) -> i64 {
    20_000 + (seed * 7_919) % 13_007 + seed * 450
}

fn by_month() -> Rows {
    Rows::new()
        .date("month", Some(TimeUnit::Month), months().into_iter().map(Some))
        .decimal("revenue", 2, (0..i64::from(MONTHS)).map(|n| Some(i128::from(amount(n)) * 100 + 37)))
        .integer("orders", (0..i64::from(MONTHS)).map(|n| (n != 7).then(|| amount(n) / 83)))
        .totals(&["null", "512345.66", "6170"])
}

fn by_month_and_channel() -> Rows {
    let channels = ["Web", "Shop", "Partner"];
    let rows = months().into_iter().flat_map(|month| channels.map(|channel| (month, channel)));
    let (months, names): (Vec<_>, Vec<_>) = rows.map(|(month, name)| (Some(month), Some(name))).unzip();
    let count = i64::try_from(names.len()).unwrap_or_default();
    Rows::new()
        .date("month", Some(TimeUnit::Month), months)
        .text("channel", &names)
        .integer("revenue", (0..count).map(|n| Some(amount(n % 3 * 11 + n / 3))))
}

fn by_country() -> Rows {
    let names = ["Germany", "France", "United Kingdom", "Italy", "Spain"].map(Some);
    Rows::new()
        .text("country", &[names.as_slice(), &[None]].concat())
        .integer("revenue", [912_000, 640_500, 512_000, 301_250, 250_000, 98_000].map(Some))
        .totals(&["null", "2713750"])
        .other(5)
}

fn heat() -> Rows {
    let (days, hours) = (["Mon", "Tue", "Wed", "Thu", "Fri"], ["08", "10", "12", "14", "16", "18"]);
    let cells = days.iter().flat_map(|day| hours.iter().map(move |hour| (Some(*day), Some(*hour))));
    let (days, hours): (Vec<_>, Vec<_>) = cells.unzip();
    Rows::new().text("day", &days).text("hour", &hours).integer("orders", (0..30).map(|n| Some(n * 37 % 90)))
}

fn orders() -> Rows {
    let names =
        ["Ada Lovelace", "Grace Hopper", "שרה כהן", "محمد العربي", "田中 太郎", "Ünal Çelik 🎉", "=1+1"];
    let notes =
        ["", "Deliver to the back door, please: the bell is broken and the dog is loud.", "Paid", "Gift 🎁"];
    let customers: Vec<_> = (0..200).map(|row| Some(names[row % names.len()])).collect();
    let notes: Vec<_> =
        (0..200).map(|row| Some(notes[row % notes.len()]).filter(|note| !note.is_empty())).collect();
    Rows::new()
        .datetime("ordered_at", (0..200).map(|row| Some(1_750_000_000_000_000 + row * 5_400_000_000)))
        .text("customer", &customers)
        .text("note", &notes)
        .boolean("express", (0..200).map(|row| Some(row % 3 == 0)))
        .integer("items", (0..200).map(|row| Some(row % 9 + 1)))
        .decimal("amount", 2, (0..200).map(|row| Some(i128::from(amount(row)) * 13)))
        .totals(&["null", "null", "null", "null", "985", "842123.55"])
}

fn long_cells() -> Rows {
    let long = "A text of ten thousand characters. ".repeat(286);
    Rows::new().text("comment", &[Some(&long), Some("short")]).integer("stars", [Some(1), Some(5)])
}

fn one(name: &str, value: i64, before: i64) -> Rows {
    Rows::new().integer(name, [Some(value)]).integer(&format!("{name}_before"), [Some(before)])
}

fn points() -> Rows {
    Rows::new()
        .text("product", &(0..40).map(|_| Some("Product")).collect::<Vec<_>>())
        .number("price", (0..40).map(|n| Some(f64::from(n * 37 % 100) + 3.5)))
        .number("rating", (0..40).map(|n| Some(f64::from(n * 53 % 50) / 10.0)))
}

/// The widgets with what they show. None: it failed, or is a text.
fn widgets() -> Vec<(Widget, Option<Rows>)> {
    let euros = json!({"format": {"style": "currency", "currency": "EUR", "decimals": 0}});
    let text = "# How to read this\nAll amounts are **net**, in euros. Orders that were returned are left out.\n\n- Web is the online shop.\n- Shop is what is sold in stores.\n\nשאלות? כתבו לנו. 🎉";
    vec![
        (
            widget(1, "Revenue", "metric", (0, 0, 3, 2), euros.clone()),
            Some(one("revenue", 2_713_750, 2_410_000)),
        ),
        (widget(2, "Orders", "metric", (3, 0, 3, 2), json!({})), Some(one("orders", 6_170, 6_512))),
        (widget(3, "Average order", "metric", (6, 0, 3, 2), euros.clone()), Some(one("average", 83, 79))),
        (
            widget(4, "Target", "gauge", (9, 0, 3, 4), json!({"goal": 3_000_000, "maximum": 4_000_000})),
            Some(Rows::new().integer("revenue", [Some(2_713_750)])),
        ),
        (widget(5, "Revenue by month", "line", (0, 2, 6, 5), euros.clone()), Some(by_month())),
        (widget(6, "Revenue by country", "pie", (6, 2, 6, 5), euros.clone()), Some(by_country())),
        (
            widget(
                7,
                "Revenue by month and channel",
                "bar",
                (0, 7, 12, 6),
                json!({"stacked": true, "format": {"style": "compact"}}),
            ),
            Some(by_month_and_channel()),
        ),
        (
            widget(
                8,
                "Revenue by channel, as an area with a title that is too long for one line of half a page",
                "area",
                (0, 13, 6, 5),
                json!({"stacked": true}),
            ),
            Some(by_month_and_channel()),
        ),
        (widget(9, "Price and rating", "scatter", (6, 13, 6, 5), json!({})), Some(points())),
        (widget(10, "Returns", "bar", (0, 18, 6, 4), json!({})), None),
        (widget(11, "About this report", "text", (6, 18, 6, 4), json!({"text": text})), None),
        (
            widget(12, "From visit to order", "funnel", (0, 22, 6, 4), json!({})),
            Some(
                Rows::new()
                    .text("step", &[Some("Visit"), Some("Basket"), Some("Order")])
                    .integer("people", [9_000, 2_500, 1_100].map(Some)),
            ),
        ),
        (widget(13, "Orders by hour", "heatmap", (6, 22, 6, 4), json!({})), Some(heat())),
        (widget(14, "Countries", "table", (0, 26, 12, 6), euros), Some(by_country())),
        (
            widget(
                15,
                "Orders in detail",
                "table",
                (0, 32, 12, 6),
                json!({"format": {"style": "currency", "currency": "EUR"}}),
            ),
            Some(orders()),
        ),
        (widget(16, "Comments", "table", (0, 38, 12, 6), json!({})), Some(long_cells())),
        (
            widget(17, "Nothing yet", "table", (0, 44, 12, 6), json!({})),
            Some(Rows::new().text("name", &[]).integer("value", [])),
        ),
        (
            widget(18, "No sales", "line", (0, 50, 6, 4), json!({})),
            Some(Rows::new().text("name", &[]).integer("value", [])),
        ),
    ]
}

fn report<'a>(zone: &'a ZoneName, filters: &'a [String]) -> Report<'a> {
    Report {
        title: "Monday report",
        description: "What was sold last week, for the people who sold it.",
        dashboard: "Revenue Dashboard",
        time_range: Some("January 2025 to June 2026"),
        filters,
        made_at: Timestamp::from_second(1_800_000_000).unwrap(),
        made_by: "Ada Lovelace",
        zone,
    }
}

fn write_sample(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let zone = ZoneName::parse("Europe/Berlin").map_err(|_| io::Error::other("no such zone"))?;
    let filters = ["Country is DE, FR or GB".to_owned(), "Amount is at least 10".to_owned()];
    let report = report(&zone, &filters);
    let widgets = widgets();
    let mut document = Document::new(report);
    let mut workbook = Workbook::new(report, File::create(directory.join("report.xlsx"))?)?;
    let mut archive =
        Archive::new(Options::default(), report.made_at, File::create(directory.join("report.zip"))?);
    for (widget, rows) in &widgets {
        let content = match rows {
            Some(rows) => Content::Data(rows.data()),
            None if widget.widget_type.shows_data() => {
                Content::Failure("The data source did not answer within 20 seconds.")
            }
            None => Content::Text,
        };
        let part = Part { widget, content };
        document.add(part);
        workbook.add(part)?;
        archive.add(part)?;
    }
    let (outcome, bytes) = document.finish()?;
    println!("PDF: {outcome:?}, {} bytes", bytes.len());
    fs::write(directory.join("report.pdf"), bytes)?;
    println!("XLSX: {:?}", workbook.finish()?.0);
    println!("ZIP: {:?}", archive.finish()?.0);
    Ok(())
}

/// A million rows of ten columns.
fn million() -> Rows {
    const ROWS: usize = 1_000_000;
    let names: Vec<String> = (0..1_000).map(|number| format!("Customer {number}")).collect();
    let names: Vec<_> = (0..ROWS).map(|row| Some(names[row * 7 % 1_000].as_str())).collect();
    let count = i64::try_from(ROWS).unwrap_or_default();
    let mut rows = Rows::new()
        .text("customer", &names)
        .text("city", &names)
        .datetime("ordered_at", (0..count).map(|row| Some(1_750_000_000_000_000 + row * 60_000_000)))
        .date("day", None, (0..1_000_000).map(|row| Some(20_000 + row % 365)));
    for column in 0..3_i64 {
        rows = rows.integer(&format!("i{column}"), (0..count).map(|row| Some(amount(row % 10_000 + column))));
    }
    rows.decimal("amount", 2, (0..count).map(|row| Some(i128::from(amount(row % 10_000)) * 13)))
        .number("share", (0..1_000_000).map(|row| Some(f64::from(row) / 7.0)))
        .boolean("express", (0..count).map(|row| Some(row % 3 == 0)))
}

/// The most memory that the process has had, and what it has, in MB.
fn memory() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default() / 1_024
    };
    (of("VmHWM"), of("VmRSS"))
}

/// The fastest of so many drawings.
const DRAWINGS: u32 = 50;

fn measure_charts() {
    let hours = |count: i64| {
        Rows::new()
            .datetime("hour", (0..count).map(|hour| Some(1_750_000_000_000_000 + hour * 3_600_000_000)))
            .integer("orders", (0..count).map(|hour| Some(amount(hour))))
    };
    let mut samples: Vec<_> =
        widgets().into_iter().filter_map(|(widget, rows)| Some((widget, rows?))).collect();
    for count in [100, 1_000] {
        let title = format!("{count} hours");
        samples.push((widget(90, &title, "line", (0, 0, 6, 4), json!({})), hours(count)));
    }
    for (widget, rows) in &samples {
        let mut fastest = None;
        let mut bytes = 0;
        for _ in 0..DRAWINGS {
            let began = Instant::now();
            bytes =
                picture::chart(widget, Content::Data(rows.data()), Size::default(), Theme::Light, true).len();
            let took = began.elapsed();
            fastest = Some(fastest.map_or(took, |fastest| took.min(fastest)));
        }
        let rows = rows.data().row_count;
        println!("{:8} {rows:5} rows {fastest:?} {bytes} bytes", widget.widget_type.as_str());
    }
}

fn measure_csv() -> io::Result<()> {
    let rows = million();
    println!("before: {:?} MB", memory());
    let began = Instant::now();
    let out = BufWriter::with_capacity(1 << 16, io::sink());
    let count = csv::write(&rows.data(), Options { escape_formulas: true, byte_order_mark: true }, out)?;
    println!("CSV of {count} rows: {:?}, {:?} MB", began.elapsed(), memory());
    let began = Instant::now();
    let widget = widget(1, "Orders", "table", (0, 0, 12, 4), json!({}));
    let mut archive = Archive::new(Options::default(), report(&ZoneName::utc(), &[]).made_at, io::sink());
    archive.add(Part { widget: &widget, content: Content::Data(rows.data()) })?;
    archive.finish()?;
    println!("the same in a ZIP: {:?}, {:?} MB", began.elapsed(), memory());
    Ok(())
}

fn measure_xlsx(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let rows = million();
    println!("before: {:?} MB", memory());
    let began = Instant::now();
    let zone = ZoneName::utc();
    let path = directory.join("million.xlsx");
    let mut workbook = Workbook::new(report(&zone, &[]), File::create(&path)?)?;
    let widget = widget(1, "Orders", "table", (0, 0, 12, 4), json!({}));
    workbook.add(Part { widget: &widget, content: Content::Data(rows.data()) })?;
    println!("added: {:?}, {:?} MB", began.elapsed(), memory());
    let (outcome, _) = workbook.finish()?;
    println!(
        "XLSX of {} rows: {:?}, {:?} MB, {} bytes",
        outcome.rows,
        began.elapsed(),
        memory(),
        fs::metadata(path)?.len()
    );
    Ok(())
}

fn measure_pdf() -> io::Result<()> {
    let rows = by_month();
    let zone = ZoneName::utc();
    for _ in 0..3 {
        let began = Instant::now();
        let mut document = Document::new(report(&zone, &[]));
        for id in 0..20 {
            // As high as a page, so that there is one a page.
            let widget = widget(id + 1, "Revenue by month", "line", (0, id * 20, 12, 20), json!({}));
            document.add(Part { widget: &widget, content: Content::Data(rows.data()) });
        }
        let laid_out = began.elapsed();
        let (outcome, bytes) = document.finish()?;
        println!(
            "PDF of {} pages: {:?}, of which layout and drawing {laid_out:?}, {} bytes",
            outcome.pages,
            began.elapsed(),
            bytes.len()
        );
    }
    Ok(())
}

fn measure_rows() -> io::Result<()> {
    let mut rows = million();
    rows.values = rows.values.iter().map(|values| values.slice(0, 50_000)).collect();
    println!("before: {:?} MB", memory());
    let zone = ZoneName::utc();
    let began = Instant::now();
    let mut document = Document::new(report(&zone, &[]));
    let widget = widget(1, "Orders", "table", (0, 0, 12, 4), json!({}));
    document.add(Part { widget: &widget, content: Content::Data(rows.data()) });
    println!("laid out: {:?}, {:?} MB", began.elapsed(), memory());
    let (outcome, bytes) = document.finish()?;
    let mut out = Cursor::new(bytes);
    out.set_position(0);
    println!(
        "PDF of {} pages: {:?}, {:?} MB, {} bytes",
        outcome.pages,
        began.elapsed(),
        memory(),
        out.get_ref().len()
    );
    Ok(())
}
