//! The documents that reports are made of, as other programs read them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod csv;
mod pdf;
mod sample;
mod xlsx;

use picture::{Content, Part, Report};
use sample::Rows;
use serde_json::json;
use shared::base::Timestamp;
use shared::model::calendar::{self, DAY_MICROSECONDS};
use shared::model::dashboard::Widget;
use shared::model::query::ZoneName;

/// The first and the last instant that a result has, to the day.
const FIRST_INSTANT: i64 = calendar::FIRST_DAY as i64 * DAY_MICROSECONDS;
const LAST_INSTANT: i64 = calendar::LAST_DAY as i64 * DAY_MICROSECONDS;

/// What a report is about, in these tests.
fn report<'a>(title: &'a str, zone: &'a ZoneName, filters: &'a [String]) -> Report<'a> {
    Report {
        title,
        description: "What was sold.",
        dashboard: "Revenue Dashboard",
        time_range: Some("January 2027"),
        filters,
        made_at: Timestamp::from_second(1_800_000_000).unwrap(),
        made_by: "Ada Lovelace",
        zone,
    }
}

/// Results that each have something that is easily got wrong.
fn difficult() -> Vec<(&'static str, Rows)> {
    let long = "word ".repeat(2_000);
    let unbroken = "x".repeat(10_000);
    let texts = [
        Some("=1+1"),
        Some("+49 30 1234"),
        Some("-"),
        Some("@SUM(A1)"),
        Some("\tx"),
        Some("a\rb\nc"),
        Some(""),
        None,
        Some("שלום עולם, 123"),
        Some("مرحبا بالعالم"),
        Some("日本語と中文"),
        Some("👩‍👩‍👧‍👦 🎉 e\u{301}"),
        Some("\u{0}\u{1}\u{b}\u{1f}\u{7f}\u{85}"),
        Some("\u{fffe}\u{ffff}\u{feff}\u{e000}\u{10ffff}"),
        Some("\u{202e}evil\u{202c}"),
        Some("</t>]]>&amp;<script>"),
        Some("_x0041_"),
        Some("\"quoted\", too"),
    ];
    let nulls = |count: usize| (0..count).map(|_| None);
    vec![
        ("no columns", Rows::new()),
        ("no rows", Rows::new().text("name", &[]).number("value", [])),
        ("texts", Rows::new().text("name", &texts).integer("n", (0..18).map(Some))),
        (
            "long texts",
            Rows::new().text("long", &[Some(&long), Some(&unbroken)]).number("value", [Some(1.5), None]),
        ),
        (
            "nulls",
            Rows::new()
                .text("a", &[None, None])
                .integer("b", nulls(2).map(|_: Option<()>| None))
                .number("c", nulls(2).map(|_: Option<()>| None))
                .decimal("d", 2, nulls(2).map(|_: Option<()>| None))
                .boolean("e", nulls(2).map(|_: Option<()>| None))
                .date("f", None, nulls(2).map(|_: Option<()>| None))
                .datetime("g", nulls(2).map(|_: Option<()>| None))
                .totals(&["null", "null", "null", "null", "null", "null", "null"]),
        ),
        (
            "extremes",
            Rows::new()
                .integer("i", [Some(i64::MIN), Some(i64::MAX), Some(999_999_999_999_999)])
                .number("f", [Some(f64::MIN), Some(f64::MIN_POSITIVE), Some(f64::NAN)])
                .decimal("d", 2, [Some(i128::MAX / 10), Some(-1), Some(0)])
                .decimal("e", -2, [Some(5), Some(-5), Some(0)])
                .date("day", None, [Some(calendar::FIRST_DAY), Some(calendar::LAST_DAY), Some(-30_000)])
                .datetime("at", [Some(FIRST_INSTANT), Some(LAST_INSTANT), Some(-3_000_000_000_000_000)]),
        ),
        (
            "forbidden =@\"\n[]:*?/\\",
            Rows::new().text("=cmd|'/C calc'!A0", &[Some("x")]).number("a\"b\n", [Some(1.0)]),
        ),
    ]
}

/// Every type of widget over every difficult result, and what has none.
fn difficult_parts<'a>(rows: &'a [(&'static str, Rows)]) -> Vec<(Widget, Content<'a>)> {
    let types = ["table", "line", "bar", "area", "pie", "scatter", "metric", "funnel", "gauge", "heatmap"];
    let mut parts = Vec::new();
    for (title, rows) in rows {
        for widget_type in types {
            let y = u32::try_from(parts.len()).unwrap();
            let title = title.replace(char::is_control, " ");
            let widget = sample::widget(y + 1, &title, widget_type, (0, y, 6, 4), json!({}));
            parts.push((widget, Content::Data(rows.data())));
        }
    }
    let text = json!({"text": "# Heading\n\nشكرا **bold** \u{0} 🎉\n- one\n- two\n".repeat(60)});
    parts.push((sample::widget(901, "Text", "text", (0, 900, 12, 4), text), Content::Text));
    let failed = sample::widget(902, "Failed", "bar", (0, 904, 6, 4), json!({}));
    parts.push((failed, Content::Failure("The source did not answer: \u{1}timeout. 🎉")));
    parts
}

fn parts<'a>(owned: &'a [(Widget, Content<'a>)]) -> impl Iterator<Item = Part<'a>> {
    owned.iter().map(|(widget, content)| Part { widget, content: *content })
}
