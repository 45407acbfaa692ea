//! Rows of totals are written as the cells above them.

use picture::Theme;
use serde_json::json;
use shared::model::calendar::day;
use shared::model::result::Role;

use crate::sample::Sample;

#[test]
fn totals_of_days_and_texts_are_written_like_the_others() {
    let mut sample = Sample::new(
        "table",
        "table",
        "Latest",
        json!({
            "dimensions": [{ "field": "country" }],
            "measures": [{ "field": "day", "aggregation": "max" }, { "field": "name", "aggregation": "min" }],
        }),
        json!({}),
    )
    .texts("country", [Some("DE")])
    .days("day", None, [day(2025, 6, 15)])
    .texts("name", [Some("plain")]);
    sample.columns[1].role = Role::Measure;
    sample.columns[2].role = Role::Measure;
    let totals = ["null", r#""2026-06-15""#, r#""\"quoted\"""#];
    sample.totals = Some(totals.map(|text| serde_json::from_str(text).unwrap()).into());
    let svg = sample.draw(Theme::Light);
    assert!(svg.contains(">Jun 15, 2025<") && svg.contains(">Jun 15, 2026<"), "{svg}");
    assert!(svg.contains(r#">"quoted"<"#) || svg.contains(">&quot;quoted&quot;<"), "{svg}");
}
