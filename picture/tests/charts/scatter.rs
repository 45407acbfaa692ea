//! What a scatter chart leaves out, and says so.

use picture::Theme;
use roxmltree::Document;
use serde_json::json;

use crate::sample::Sample;

/// Points, each in a group of its own or in one of so many.
fn points(count: u32, groups: u32) -> Sample {
    let names: Vec<String> = (0..count).map(|at| format!("Group {}", at % groups)).collect();
    let values = |step: u32| (0..count).map(move |at| Some(f64::from(at * step % 97)));
    Sample::new(
        "scatter",
        "scatter",
        "Prices",
        json!({
            "dimensions": [{ "field": "product" }, { "field": "country" }],
            "measures": [{ "field": "price", "aggregation": "sum" }, { "field": "units", "aggregation": "sum" }],
        }),
        json!({}),
    )
    .texts("product", names.iter().map(|name| Some(name.as_str())))
    .texts("country", names.iter().map(|name| Some(name.as_str())))
    .floats("price", values(3))
    .floats("units", values(7))
}

#[test]
fn groups_beyond_the_twentieth_are_others_of_no_color() {
    let svg = points(60, 30).draw(Theme::Light);
    let document = Document::parse(&svg).unwrap();
    for circle in document.descendants().filter(|node| node.has_tag_name("circle")) {
        let (own, series) =
            (circle.attribute("data-dimension").unwrap(), circle.attribute("data-series").unwrap());
        let number: u32 = own.trim_start_matches("Group ").parse().unwrap();
        assert_eq!(series, if number < 20 { own } else { "Others" });
    }
    let colors = |series: &str| {
        let of_series = document.descendants().filter(|node| node.attribute("data-series") == Some(series));
        let fills = of_series.map(|node| node.parent().unwrap().attribute("fill").unwrap().to_owned());
        fills.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(colors("Others").len(), 1);
    assert!(colors("Others").is_disjoint(&colors("Group 19")));
}

#[test]
fn points_that_are_left_out_are_counted() {
    assert!(points(5_003, 3).draw(Theme::Light).contains(">3 more are not shown<"));
    assert!(!points(5_000, 3).draw(Theme::Light).contains("not shown"));
}
