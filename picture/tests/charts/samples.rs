//! Widgets with data, one or more of each type.

use serde_json::{Value, json};
use shared::model::calendar::{day, moved};
use shared::model::query::TimeUnit;

use crate::sample::Sample;

fn query(dimensions: &[&str], measures: &[(&str, &str)]) -> Value {
    let measure = |(aggregation, name): &(&str, &str)| {
        if *aggregation == "count" {
            json!({"aggregation": "count", "as": name})
        } else {
            json!({"field": name, "aggregation": aggregation, "as": name})
        }
    };
    json!({
        "dimensions": dimensions.iter().map(|field| json!({"field": field})).collect::<Vec<_>>(),
        "measures": measures.iter().map(measure).collect::<Vec<_>>(),
    })
}

fn compared(mut query: Value) -> Value {
    query["time_range"] = json!({"field": "day", "range": "last_12_months"});
    query["compare"] = json!({"offset": "1 year"});
    query
}

pub(crate) fn months(count: i32) -> impl Iterator<Item = i32> {
    (0..count).map(|month| moved(day(2024, 7, 1), i64::from(month), TimeUnit::Month))
}

/// Numbers that go up and down, the same ones each time.
pub(crate) fn wave(count: usize, seed: u64, base: f64, height: f64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut value = base;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24) - 0.5;
            value = (value + noise * height).clamp(base * 0.4, base * 1.9);
            (value * 100.0).round() / 100.0
        })
        .collect()
}

fn some(values: Vec<f64>) -> impl Iterator<Item = Option<f64>> {
    values.into_iter().map(Some)
}

fn euros() -> Value {
    json!({"style": "currency", "currency": "EUR"})
}

const REGIONS: [&str; 5] = ["Germany", "France", "United Kingdom", "Spain", "Italy"];

/// Rows of every combination, in the order of an engine: the first dimension's, then the second's.
fn combined(columns: usize, names: &'static [&'static str]) -> impl Iterator<Item = Option<&'static str>> {
    (0..columns).flat_map(move |_| names.iter().map(|name| Some(*name)))
}

/// The samples that the expected drawings are of.
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn samples() -> Vec<Sample> {
    let month = Some(TimeUnit::Month);
    let mut samples = vec![
        Sample::new(
            "line",
            "line",
            "Monthly revenue",
            query(&["month"], &[("sum", "revenue")]),
            json!({"format": euros()}),
        )
        .days("month", month, months(12))
        .floats("revenue", some(wave(12, 3, 42_000.0, 16_000.0))),
        Sample::new(
            "line_series",
            "line",
            "Orders by channel",
            query(&["day", "channel"], &[("count", "orders")]),
            json!({"smooth": true, "goal": 90}),
        )
        .days("day", Some(TimeUnit::Day), (0..60).flat_map(|at| [day(2025, 5, 2) + at; 3]))
        .texts("channel", combined(60, &["Web", "Store", "Partner"]))
        .integers("orders", interleaved(60, &[(11, 80.0), (5, 55.0), (9, 30.0)])),
        Sample::new(
            "line_compare",
            "line",
            "Revenue, this year and last",
            compared(query(&["month"], &[("sum", "revenue")])),
            json!({"format": euros(), "labels": true}),
        )
        .days("month", month, months(12))
        .floats(
            "revenue",
            wave(12, 8, 52_000.0, 14_000.0)
                .into_iter()
                .enumerate()
                .map(|(at, value)| (at != 5).then_some(value)),
        )
        .floats("revenue_before", some(wave(12, 21, 40_000.0, 12_000.0))),
        Sample::new(
            "bar",
            "bar",
            "Revenue by country",
            query(&["country"], &[("sum", "revenue")]),
            json!({"format": euros(), "labels": true}),
        )
        .texts("country", REGIONS.into_iter().map(Some).chain([None]))
        .cents("revenue", [41_234_550, 35_020_010, 28_911_199, 12_000_000, 9_120_055, 21_330_000]),
        Sample::new(
            "bar_stacked",
            "bar",
            "Orders by month and channel",
            query(&["month", "channel"], &[("count", "orders")]),
            json!({"stacked": true}),
        )
        .days("month", month, months(12).flat_map(|at| [at; 3]))
        .texts("channel", combined(12, &["Web", "Store", "Partner"]))
        .integers("orders", interleaved(12, &[(2, 800.0), (4, 500.0), (6, 200.0)])),
        Sample::new(
            "bar_signed",
            "bar",
            "Profit and cash flow by quarter",
            query(&["quarter"], &[("sum", "profit"), ("sum", "cash_flow")]),
            json!({"format": {"style": "compact"}, "goal": 40_000}),
        )
        .days(
            "quarter",
            Some(TimeUnit::Quarter),
            (0..6).map(|at| moved(day(2024, 1, 1), at, TimeUnit::Quarter)),
        )
        .floats("profit", [-12_000.0, 22_500.0, 31_000.0, -4_000.0, 18_000.0, 52_000.0].map(Some))
        .floats("cash_flow", [-30_500.0, 9_000.0, 12_000.0, 8_000.0, -16_000.0, 27_000.0].map(Some)),
        Sample::new(
            "bar_long",
            "bar",
            "Complaints by reason",
            query(&["reason"], &[("count", "complaints")]),
            json!({}),
        )
        .texts("reason", (0..14).map(|at| Some(LONG[at])))
        .integers("complaints", (0..14).map(|at| 220 - at * at)),
        Sample::new(
            "area",
            "area",
            "Active users",
            query(&["day"], &[("distinct_count", "users")]),
            json!({"smooth": true}),
        )
        .days("day", Some(TimeUnit::Day), (0..90).map(|at| day(2025, 1, 10) + at))
        .integers("users", interleaved(90, &[(77, 1_400.0)])),
        Sample::new(
            "area_stacked",
            "area",
            "Sessions by device",
            query(&["week", "device"], &[("count", "sessions")]),
            json!({"stacked": true}),
        )
        .days("week", Some(TimeUnit::Week), (0..26).flat_map(|at| [day(2025, 1, 6) + at * 7; 3]))
        .texts("device", combined(26, &["Phone", "Desktop", "Tablet"]))
        .integers("sessions", interleaved(26, &[(1, 5_400.0), (2, 3_100.0), (3, 900.0)])),
    ];
    samples.extend(more_samples());
    samples
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn more_samples() -> Vec<Sample> {
    let mut pie = Sample::new(
        "pie",
        "pie",
        "Revenue by country",
        query(&["country"], &[("sum", "revenue")]),
        json!({"format": euros(), "labels": true}),
    )
    .texts("country", REGIONS.into_iter().map(Some).chain([None]))
    .cents("revenue", [41_234_550, 35_020_010, 28_911_199, 12_000_000, 9_120_055, 21_330_000]);
    pie.other_row = Some(5);
    let mut table = Sample::new(
        "table",
        "table",
        "Best customers",
        query(&["customer", "since"], &[("sum", "revenue"), ("count", "orders")]),
        json!({"format": euros()}),
    )
    .texts("customer", (0..40).map(|at| Some(LONG[at % 14])))
    .days("since", None, (0..40).map(|at| day(2019, 3, 14) + at * 37))
    .cents("revenue", (0..40).map(|at| 98_765_432 - at * 1_234_567))
    .integers("orders", (0..40).map(|at| 900 - at * 17));
    table.totals = Some(
        ["null", "null", "2986543210.12", "22740"].map(|text| serde_json::from_str(text).unwrap()).into(),
    );
    let mut failure =
        Sample::new("failure", "bar", "Broken", query(&["country"], &[("sum", "revenue")]), json!({}));
    failure.failure = Some(
        "The column \"revenue\" is not in the table any more. Choose another one, or import the file again."
            .into(),
    );
    vec![
        pie,
        Sample::new(
            "scatter",
            "scatter",
            "Price and quantity",
            query(&["product", "category"], &[("average", "price"), ("sum", "quantity"), ("sum", "revenue")]),
            json!({}),
        )
        .texts("product", (0..60).map(|at| Some(LONG[at % 14])))
        .texts("category", (0..60).map(|at| Some(["Books", "Games", "Garden"][at % 3])))
        .floats("price", some(wave(60, 5, 40.0, 50.0)))
        .floats("quantity", some(wave(60, 6, 800.0, 900.0)))
        .floats("revenue", some(wave(60, 7, 9_000.0, 9_000.0))),
        Sample::new(
            "metric",
            "metric",
            "Revenue this month",
            compared(query(&[], &[("sum", "revenue")])),
            json!({"format": euros(), "goal": 500_000}),
        )
        .cents("revenue", [41_234_567])
        .cents("revenue_before", [36_540_000])
        .sized(320, 200),
        table,
        Sample::new(
            "funnel",
            "funnel",
            "From visit to order",
            query(&["step"], &[("count", "people")]),
            json!({}),
        )
        .texts(
            "step",
            ["Visited the shop", "Looked at a product", "Put it in the basket", "Began to pay", "Ordered"]
                .map(Some),
        )
        .integers("people", [48_210, 21_904, 8_450, 4_012, 3_377]),
        Sample::new(
            "gauge",
            "gauge",
            "Delivered on time",
            query(&[], &[("average", "on_time")]),
            json!({"format": {"style": "percent"}, "goal": 0.95}),
        )
        .floats("on_time", [Some(0.873)])
        .sized(400, 280),
        Sample::new(
            "heatmap",
            "heatmap",
            "Orders by hour and weekday",
            query(&["hour", "weekday"], &[("count", "orders")]),
            json!({"labels": true}),
        )
        .texts("hour", (8..20).flat_map(|hour| [HOURS[hour - 8]; 7]).map(Some))
        .texts("weekday", combined(12, &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
        .integers("orders", interleaved(84, &[(17, 90.0)])),
        Sample::new(
            "text",
            "text",
            "About",
            Value::Null,
            json!({"text": "# Sales, week by week\nThese figures are **provisional** until the 5th of the next month, when the books are closed and returns have been taken off.\n\n- Revenue is net of VAT\n- Orders that were **cancelled within a day** are left out\n\n## Questions\nAsk the data team: data@example.com, or write a * comment ** here."}),
        ),
        Sample::new("no_data", "line", "Nothing yet", query(&["month"], &[("sum", "revenue")]), json!({}))
            .days("month", Some(TimeUnit::Month), [])
            .floats("revenue", []),
        failure,
        Sample::new(
            "scripts",
            "bar",
            "Umsatz · المبيعات · 売上 · 매출 😀",
            query(&["city"], &[("sum", "sales")]),
            json!({}),
        )
        .texts(
            "city",
            ["Zürich", "القاهرة", "תל אביב", "東京", "서울", "मुंबई", "กรุงเทพ", "Αθήνα", "Київ", "Երևան 👩‍💻"]
                .map(Some),
        )
        .integers("sales", [5, 9, 3, 12, 8, 11, 6, 4, 5, 7]),
        Sample::new(
            "line_hours",
            "line",
            "Requests by hour",
            query(&["hour"], &[("count", "requests")]),
            json!({}),
        )
        .instants(
            "hour",
            Some(TimeUnit::Hour),
            (0..72).map(|hour| (i64::from(day(2025, 6, 15)) * 24 + hour) * 3_600_000_000).collect(),
        )
        .integers("requests", interleaved(72, &[(31, 12_000.0)])),
    ]
}

const HOURS: [&str; 12] = [
    "08:00", "09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00", "17:00", "18:00",
    "19:00",
];

const LONG: [&str; 14] = [
    "Delivered too late",
    "Wrong article",
    "Damaged in transport",
    "Not as described",
    "Too expensive",
    "Changed my mind",
    "Found a better offer elsewhere",
    "Ordered twice by mistake",
    "Missing parts",
    "Poor quality",
    "Wrong size",
    "Wrong color",
    "Customer service did not answer",
    "Other",
];

/// Whole numbers of several waves, one of each in turn.
fn interleaved(count: usize, waves: &[(u64, f64)]) -> Vec<i64> {
    let waves: Vec<Vec<f64>> =
        waves.iter().map(|(seed, base)| wave(count, *seed, *base, *base * 0.4)).collect();
    #[expect(clippy::cast_possible_truncation, reason = "they are small")]
    let whole = |value: f64| value.round() as i64;
    (0..count).flat_map(|at| waves.iter().map(move |wave| whole(wave[at])).collect::<Vec<_>>()).collect()
}
