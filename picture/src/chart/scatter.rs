//! Points whose place is two measures, and whose size may be a third.

use shared::model::result::Role;

use super::axis::ticks::{Demand, ValueAxis};
use super::plot::{self, Plot};
use super::scene::{Anchor, Area, SMALL, Scene};
use super::series::{self, drawn};
use super::{frame, legend};
use crate::data::Data;
use crate::font::{self, Weight};
use crate::format::{MISSING, NumberFormat, humanize, measure_format, number};
use crate::theme::Color;

/// A picture with more points than this is a blot.
const MAX_POINTS: usize = 5_000;

/// More groups have colors that cannot be told apart: those beyond are one, of no color.
const MAX_GROUPS: usize = 20;

/// What the groups beyond are called.
const OTHERS: &str = "Others";

/// The radius of points without a size, and of the largest with one, in pixels.
const RADIUS: f64 = 4.5;
const MAX_RADIUS: f64 = 22.0;

struct Point {
    row: usize,
    x: f64,
    y: f64,
    size: Option<f64>,
    group: usize,
}

/// A measure that is an axis.
struct Measure<'a> {
    column: usize,
    name: std::borrow::Cow<'a, str>,
    format: NumberFormat,
}

pub(super) fn draw(scene: &mut Scene<'_>, data: &Data<'_>) {
    let columns = series::columns(data, Role::Measure, scene);
    let dimensions = series::columns(data, Role::Dimension, scene);
    let measures: Vec<Measure<'_>> = columns
        .iter()
        .map(|column| {
            let name = &data.columns[*column].name;
            let format = measure_format(scene.widget, name, scene.options.format);
            Measure { column: *column, name: humanize(name), format }
        })
        .collect();
    let [across, up, ..] = measures.as_slice() else {
        frame::message(scene, frame::NO_DATA);
        return;
    };
    let Points { points, groups, left_out } =
        points(data, across, up, measures.get(2), dimensions.get(1).copied());
    if points.is_empty() {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    if left_out > 0 {
        frame::note(scene, &format!("{left_out} more are not shown"));
    }
    let entries: Vec<(&str, Color)> =
        groups.iter().enumerate().map(|(index, name)| (name.as_str(), color(scene, index))).collect();
    legend::draw(scene, &entries);
    let (plot, horizontal) = draw_axes(scene, &points, across, up);
    draw_points(scene, data, &points, &groups, (&plot, &horizontal), &measures, dimensions.first().copied());
}

/// The color of a group.
fn color(scene: &Scene<'_>, group: usize) -> Color {
    if group < MAX_GROUPS { scene.series_color(group) } else { scene.colors.neutral }
}

/// What is drawn.
struct Points {
    points: Vec<Point>,
    /// The names of the groups that they are in.
    groups: Vec<String>,
    /// How many more points there are.
    left_out: usize,
}

fn points(
    data: &Data<'_>,
    across: &Measure<'_>,
    up: &Measure<'_>,
    size: Option<&Measure<'_>>,
    group: Option<usize>,
) -> Points {
    let mut groups: Vec<String> = Vec::new();
    let mut points = Vec::new();
    let mut left_out = 0;
    for row in 0..data.row_count {
        let (Some(x), Some(y)) = (drawn(data.value(across.column, row)), drawn(data.value(up.column, row)))
        else {
            continue;
        };
        if points.len() == MAX_POINTS {
            left_out += 1;
            continue;
        }
        let group = group.map_or(0, |column| {
            let name = series::name(data, column, row);
            let known = groups.iter().take(MAX_GROUPS).position(|other| *other == name);
            known.or((groups.len() > MAX_GROUPS).then_some(MAX_GROUPS)).unwrap_or_else(|| {
                groups.push(if groups.len() < MAX_GROUPS { name } else { OTHERS.to_owned() });
                groups.len() - 1
            })
        });
        let size = size.map(|size| drawn(data.value(size.column, row)).unwrap_or_default().max(0.0));
        points.push(Point { row, x, y, size, group });
    }
    Points { points, groups, left_out }
}

fn draw_axes(
    scene: &mut Scene<'_>,
    points: &[Point],
    across: &Measure<'_>,
    up: &Measure<'_>,
) -> (Plot, ValueAxis) {
    let ends = |of: fn(&Point) -> f64| {
        points
            .iter()
            .map(of)
            .fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)))
    };
    let demand = |(least, most): (f64, f64), minimum, maximum| Demand {
        least,
        most,
        // Zero where it is near.
        with_zero: least.min(most.abs()) <= (most - least) * 0.5 && least >= 0.0,
        is_whole: false,
        minimum,
        maximum,
        count: 5,
    };
    plot::value_title(scene, &up.name);
    let vertical = demand(ends(|point| point.y), scene.options.minimum, scene.options.maximum);
    let (axis, left) = plot::value_axis(scene, vertical, up.format);
    let mut area = Area { left: left + 6.0, right: scene.area.right - 12.0, ..scene.area };
    let has_labels = area.height() >= 90.0;
    if has_labels {
        area.bottom -= 40.0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small and positive")]
    let count = ((area.width() / 90.0) as u32).clamp(1, 7);
    let horizontal = ValueAxis::new(Demand { count, ..demand(ends(|point| point.x), None, None) });
    let plot = Plot { area, axis, xs: Vec::new(), band: 0.0 };
    plot.draw_grid(scene, up.format, scene.area.right);
    if !has_labels {
        return (plot, horizontal);
    }
    let ticks = horizontal.ticks(across.format);
    scene.svg.tag("g").set("stroke", scene.colors.grid).open();
    for (value, _) in &ticks {
        let x = plot::crisp(area.left + horizontal.share(*value) * area.width());
        scene.line((x, area.top), (x, area.bottom));
    }
    scene.close_group();
    scene.open_labels(Anchor::Middle);
    let mut free_from = f64::MIN;
    for (value, text) in &ticks {
        let half = font::width(text, SMALL, Weight::Regular) / 2.0;
        let x = (area.left + horizontal.share(*value) * area.width()).min(scene.area.right + 6.0 - half);
        if x - half >= free_from {
            scene.svg.tag("text").number("x", x).number("y", area.bottom + 17.0).text(text);
            free_from = x + half + 8.0;
        }
    }
    scene.close_group();
    scene.open_labels(Anchor::End);
    scene.label(&across.name, (scene.area.right, area.bottom + 37.0), area.width(), SMALL, Weight::Regular);
    scene.close_group();
    (plot, horizontal)
}

fn draw_points(
    scene: &mut Scene<'_>,
    data: &Data<'_>,
    points: &[Point],
    groups: &[String],
    (plot, horizontal): (&Plot, &ValueAxis),
    measures: &[Measure<'_>],
    dimension: Option<usize>,
) {
    let largest = points.iter().filter_map(|point| point.size).fold(0.0, f64::max);
    let radius = |point: &Point| match point.size {
        // The area is the size.
        Some(size) if largest > 0.0 => 2.5 + (MAX_RADIUS - 2.5) * (size / largest).sqrt(),
        Some(_) => 2.5,
        None => RADIUS,
    };
    for group in 0..groups.len().max(1) {
        let color = color(scene, group);
        scene
            .svg
            .tag("g")
            .set("fill", color)
            .number("fill-opacity", if largest > 0.0 { 0.45 } else { 0.7 })
            .set("stroke", color)
            .open();
        let mut of_group: Vec<&Point> = points.iter().filter(|point| point.group == group).collect();
        // Small points over large ones.
        of_group.sort_by(|a, b| b.size.unwrap_or_default().total_cmp(&a.size.unwrap_or_default()));
        for point in of_group {
            if !plot.axis.contains(point.y) {
                continue;
            }
            let x = plot.area.left + horizontal.share(point.x) * plot.area.width();
            let written = |measure: &Measure<'_>| {
                number(data.value(measure.column, point.row), measure.format)
                    .unwrap_or_else(|| MISSING.to_owned())
            };
            let label = measures
                .iter()
                .map(|measure| format!("{} {}", measure.name, written(measure)))
                .collect::<Vec<_>>();
            let values =
                measures.iter().map(|measure| match series::json(data.value(measure.column, point.row)) {
                    empty if empty.is_empty() => "null".to_owned(),
                    number => number,
                });
            let values = values.collect::<Vec<_>>().join(",");
            let name = dimension.map(|column| series::name(data, column, point.row)).unwrap_or_default();
            let tag = scene
                .svg
                .tag("circle")
                .number("cx", x)
                .number("cy", plot.y(point.y))
                .number("r", radius(point));
            let tag = if name.is_empty() { tag } else { tag.attribute("data-dimension", &name) };
            let group_name = groups.get(group).map(String::as_str).unwrap_or_default();
            let tag = if group_name.is_empty() { tag } else { tag.attribute("data-series", group_name) };
            let label = label.join(", ");
            let title = if name.is_empty() { label.clone() } else { format!("{name}: {label}") };
            tag.set("data-value", format_args!("[{values}]")).attribute("data-label", &label).titled(&title);
        }
        scene.close_group();
    }
}
