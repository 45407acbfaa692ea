//! Titles, labels and numbers that are made to break drawings.

use picture::Theme;
use proptest::prelude::*;
use roxmltree::Document;
use serde_json::json;
use shared::model::calendar::day;
use shared::model::query::TimeUnit;

use crate::sample::Sample;
use crate::samples::{samples, wave};

/// How far outside of the frame a coordinate may be: what is clipped there, and text that begins before it.
const MARGIN: f64 = 60.0;

const ELEMENTS: [&str; 11] =
    ["svg", "title", "desc", "g", "rect", "line", "path", "circle", "text", "clipPath", "tspan"];

/// Fails unless the SVG is well-formed, of our elements only, and within its frame.
fn check(svg: &str, name: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let number = |value: &str| value.parse::<f64>().unwrap();
    let root = document.root_element();
    let (width, height) =
        (number(root.attribute("width").unwrap()), number(root.attribute("height").unwrap()));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let tag = node.tag_name().name();
        assert!(ELEMENTS.contains(&tag), "{name}: <{tag}>");
        let is_clipped = node.ancestors().any(|node| node.attribute("clip-path").is_some());
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "style" && key != "href", "{name}: {key}");
            if matches!(key, "fill" | "stroke" | "transform" | "d" | "font-family" | "font-size") {
                assert!(!value.contains("url("), "{name}: {key}={value}");
                assert!(!value.contains("NaN") && !value.contains("inf"), "{name}: {key}={value}");
            }
            assert!(key != "clip-path" || value == "url(#w7-clip)", "{name}: {value}");
            let limit = match key {
                "x" | "cx" | "x1" | "x2" => width,
                "y" | "cy" | "y1" | "y2" => height,
                "width" | "height" | "r" => width.max(height),
                _ => continue,
            };
            let value = number(value);
            assert!(value.is_finite(), "{name}: {key}={value}");
            let is_inside = (-MARGIN..=limit + MARGIN).contains(&value);
            assert!(is_clipped || is_inside, "{name}: {tag} {key}={value} of {limit}");
        }
    }
}

/// A sample of every type that has the names of its dimensions and its numbers from outside.
fn of_every_type(
    title: &str,
    names: &[&str],
    numbers: &[Option<f64>],
    options: &serde_json::Value,
) -> Vec<Sample> {
    let count = names.len().min(numbers.len());
    let (names, numbers) = (&names[..count], &numbers[..count]);
    let one = |widget_type: &'static str, split: bool| {
        let sample = Sample::new(
            widget_type,
            widget_type,
            title,
            json!({"dimensions": [], "measures": []}),
            options.clone(),
        )
        .texts("name", names.iter().map(|name| Some(*name)));
        let sample =
            if split { sample.texts("group", names.iter().rev().map(|name| Some(*name))) } else { sample };
        sample.floats("value", numbers.iter().copied())
    };
    let mut all: Vec<Sample> = ["line", "bar", "area", "pie", "table", "funnel", "metric", "gauge"]
        .into_iter()
        .map(|widget_type| one(widget_type, false))
        .collect();
    all.extend(
        ["line", "bar", "area", "heatmap", "table"].into_iter().map(|widget_type| one(widget_type, true)),
    );
    all.push(
        one("scatter", true)
            .floats("other", numbers.iter().rev().copied())
            .floats("size", numbers.iter().copied()),
    );
    let mut failure = one("bar", false);
    failure.failure = Some(names.first().copied().unwrap_or_default().to_owned());
    all.push(failure);
    all
}

fn all_options() -> [serde_json::Value; 3] {
    [
        json!({}),
        json!({"stacked": true, "smooth": true, "legend": true, "labels": true, "goal": 5, "colors": ["#123", "url(#x)"]}),
        json!({"legend": false, "labels": true, "minimum": 3, "maximum": 4, "goal": -1, "format": {"style": "percent"}}),
    ]
}

fn check_all(title: &str, names: &[&str], numbers: &[Option<f64>]) {
    for options in all_options() {
        for (width, height) in [(640, 400), (100, 100)] {
            for sample in of_every_type(title, names, numbers, &options) {
                check(&sample.sized(width, height).draw(Theme::Light), title);
            }
        }
    }
}

#[test]
fn samples_are_well_formed() {
    for sample in samples() {
        check(&sample.draw(Theme::Light), sample.name);
    }
}

#[test]
fn what_a_client_wrote_is_text() {
    for hostile in [
        "<script>alert(1)</script>",
        "\" onload=\"alert(1)",
        "' onload='alert(1)",
        "]]></title><script>",
        "<!--",
        "&amp;&#0;&lol;",
        "\u{202e}gnihtyna",
        "a\u{fffe}b\u{ffff}c",
        "url(javascript:alert(1))",
        "👩‍👩‍👧‍👦 عربى עברית",
    ] {
        check_all(hostile, &[hostile, "", " ", "x"], &[Some(1.0), Some(2.0), None, Some(3.0)]);
        let samples = of_every_type(hostile, &[hostile], &[Some(1.0)], &json!({}));
        for sample in &samples {
            let svg = sample.draw(Theme::Light);
            assert!(
                !svg.contains("<script") && !svg.contains("onload=\"") && !svg.contains("onload='"),
                "{svg}"
            );
        }
    }
    let controls = "a\u{0}\u{1}\u{8}\n\t\u{1b}\u{7f}b";
    check_all("Controls", &[controls], &[Some(1.0)]);
    let long = "x".repeat(10_000);
    check_all("Long", &[&long, &"é ".repeat(5_000)], &[Some(1.0), Some(2.0)]);
    let text = json!({"text": format!("# {long}\n<b>**{long}** </b>\n- {long}\n**\n- \n#\n")});
    check(&Sample::new("text", "text", "<b>", serde_json::Value::Null, text).draw(Theme::Dark), "text");
}

#[test]
fn extreme_numbers_are_drawn() {
    let cases: &[&[f64]] = &[
        &[1e300, -1e300, 1.0],
        &[f64::MAX, f64::MIN, f64::MIN_POSITIVE],
        &[f64::MAX; 4],
        &[1e-300, 2e-300, 3e-300],
        &[0.0; 5],
        &[5.0; 5],
        &[-1.0, -2.0, -3.0],
        &[1.0, -1.0, 2.0, -2.0, 3.0],
        &[1e15, 1e15 + 1.0],
        &[f64::NAN, f64::INFINITY, 1.0],
        &[-0.0],
    ];
    let names: Vec<String> = (0..5).map(|index| format!("n{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for numbers in cases {
        let numbers: Vec<Option<f64>> = numbers.iter().copied().map(Some).collect();
        check_all("Numbers", &names, &numbers);
    }
    check_all("None", &names, &[None; 5]);
    check_all("Empty", &[], &[]);
    let integers = Sample::new(
        "bar",
        "bar",
        "Integers",
        json!({"dimensions": [], "measures": []}),
        json!({"stacked": true}),
    )
    .texts("name", names.iter().map(|name| Some(*name)))
    .integers("value", [i64::MIN, i64::MAX, 0, 1, -1])
    .decimals("exact", 30, [10_i128.pow(37), -10_i128.pow(37), 0, 1, -1]);
    let svg = integers.draw(Theme::Light);
    check(&svg, "integers");
    assert!(svg.contains("data-value=\"-9223372036854775808\""), "{svg}");
    assert!(svg.contains("data-value=\"0.000000000000000000000000000001\""), "{svg}");
}

#[test]
fn extreme_times_are_drawn() {
    let grains =
        [TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Quarter, TimeUnit::Year];
    for grain in grains.map(Some).into_iter().chain([None]) {
        for widget_type in ["line", "bar", "area", "table"] {
            let sample = || {
                Sample::new(
                    "times",
                    widget_type,
                    "Times",
                    json!({"dimensions": [], "measures": []}),
                    json!({}),
                )
            };
            let numbers = [1.0, 2.0, 3.0, 4.0].map(Some);
            let days = sample().days("day", grain, [i32::MAX, 0, i32::MIN, 20_000]).floats("value", numbers);
            check(&days.draw(Theme::Light), "days");
            let instants = vec![i64::MAX, 0, i64::MIN, 1_750_000_000_000_000];
            let instants = sample().instants("instant", grain, instants).floats("value", numbers);
            check(&instants.draw(Theme::Light), "instants");
        }
    }
}

#[test]
fn pictures_of_any_size_are_drawn() {
    let names = ["Germany", "A name that is longer than others", "", "Spain"];
    let numbers = [Some(1.0), Some(-2.0), None, Some(300.0)];
    for options in all_options() {
        for (width, height) in
            [(100, 4_000), (4_000, 100), (130, 90), (200, 200), (320, 180), (1, 1), (u32::MAX, u32::MAX)]
        {
            for sample in of_every_type("Sizes", &names, &numbers, &options) {
                check(&sample.sized(width, height).draw(Theme::Dark), "sizes");
            }
        }
    }
}

#[test]
fn one_and_a_thousand_points_are_drawn() {
    for count in [1, 2, 31, 1_000] {
        let numbers: Vec<Option<f64>> = wave(count, 4, 500.0, 400.0).into_iter().map(Some).collect();
        let names: Vec<String> = (0..count).map(|index| format!("Category {index}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for sample in of_every_type("Many", &names, &numbers, &json!({"labels": true})) {
            check(&sample.draw(Theme::Dark), "many");
        }
        for grain in
            [None, Some(TimeUnit::Day), Some(TimeUnit::Week), Some(TimeUnit::Month), Some(TimeUnit::Year)]
        {
            for widget_type in ["line", "bar", "area"] {
                let step = if grain == Some(TimeUnit::Year) { 366 } else { 31 };
                let days = (0..i32::try_from(count).unwrap()).map(|index| day(1990, 1, 1) + index * step);
                let sample = Sample::new(
                    "days",
                    widget_type,
                    "Days",
                    json!({"dimensions": [], "measures": []}),
                    json!({}),
                );
                check(
                    &sample.days("day", grain, days).floats("value", numbers.clone()).draw(Theme::Light),
                    "days",
                );
            }
        }
    }
}

#[test]
fn labels_of_an_axis_do_not_touch() {
    for count in [1, 3, 12, 40, 200, 1_000] {
        let names: Vec<String> = (0..count).map(|index| format!("{index}")).collect();
        let sample =
            Sample::new("bar", "bar", "Labels", json!({"dimensions": [], "measures": []}), json!({}))
                .texts("name", names.iter().map(|name| Some(name.as_str())))
                .integers("value", 0..count);
        let svg = sample.draw(Theme::Light);
        let document = Document::parse(&svg).unwrap();
        let labels = document.descendants().filter(|node| {
            node.has_tag_name("text")
                && node.attribute("transform").is_none()
                && node.parent().and_then(|parent| parent.attribute("text-anchor")) == Some("middle")
        });
        let mut end = f64::MIN;
        for label in labels {
            let x: f64 = label.attribute("x").unwrap().parse().unwrap();
            let text: String =
                label.children().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect();
            let half = picture::font::width(&text, 11.0, picture::font::Weight::Regular) / 2.0;
            assert!(x - half > end, "{count}: {text}");
            end = x + half;
        }
        assert!(end > 0.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_names_and_numbers_are_drawn(
        rows in prop::collection::vec((".{0,24}", prop::option::of(any::<f64>())), 1..24),
        which in 0..3_usize,
    ) {
        let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
        let numbers: Vec<Option<f64>> = rows.iter().map(|(_, number)| *number).collect();
        for sample in of_every_type("Any", &names, &numbers, &all_options()[which]) {
            check(&sample.draw(Theme::Light), "any");
        }
    }
}
