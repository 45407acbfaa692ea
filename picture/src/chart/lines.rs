//! Lines and areas.

use super::axis::ticks::Demand;
use super::plot::{self, Layout, Plot};
use super::scene::{SMALL, Scene};
use super::series::{self, Chart, Series, end_mark};
use super::{frame, legend};
use crate::font::{self, Weight};
use crate::format::{MISSING, compact, number};
use crate::svg::Path;
use crate::theme::Color;

/// A chart with more marks than this has none: they could not be told apart, and would be most of the file.
const MAX_MARKS: usize = 3_000;

/// With more labels than this, no further series has some.
const MAX_LABELS: usize = 200;

/// Points that are at least this far from each other are seen, in pixels.
const DOT_DISTANCE: f64 = 16.0;

/// What is drawn of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Area,
}

/// A point of a series: its position, and where it begins and ends above it.
#[derive(Clone, Copy, Debug)]
struct Point {
    position: usize,
    x: f64,
    low: f64,
    high: f64,
}

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>, kind: Kind) {
    let mut chart = series::chart(scene, data);
    if chart.is_empty() {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    let is_stacked = scene.options.stacked && kind == Kind::Area;
    if is_stacked {
        // What was before cannot stand on what is.
        chart.series.retain(|series| !series.is_before);
    }
    if chart.left_out > 0 {
        frame::note(scene, &format!("{} more are not shown", chart.left_out));
    }
    let entries: Vec<(&str, Color)> =
        chart.series.iter().map(|series| (series.name.as_str(), series.color)).collect();
    legend::draw(scene, &entries);
    let stacks = stack(&chart, kind, is_stacked);
    let ends = stacks.iter().flatten().flatten().flat_map(|(low, high)| [*low, *high]);
    let (least, most) = ends.fold((f64::MAX, f64::MIN), |(least, most), end| (least.min(end), most.max(end)));
    let goal = scene.options.goal.unwrap_or(most);
    let (least, most) =
        if kind == Kind::Line { (least.min(goal), most.max(goal)) } else { (least, most.max(goal)) };
    let demand = Demand {
        least,
        most,
        // A line that hovers far from zero is looked at for its changes.
        with_zero: kind == Kind::Area || !(least > most * 0.6 || most < least * 0.6),
        is_whole: chart.is_whole(),
        minimum: scene.options.minimum,
        maximum: scene.options.maximum,
        count: 5,
    };
    let layout = if chart.clock.is_some() { Layout::Points } else { Layout::Bands };
    let plot = plot::draw(scene, &chart, demand, layout);
    let is_clipped = !(plot.axis.contains(least) && plot.axis.contains(most));
    let clip = scene.id("clip");
    if is_clipped {
        open_clip(scene, &plot, &clip);
    }
    let runs: Vec<Vec<Vec<Point>>> = stacks.iter().map(|stack| runs(&plot, stack)).collect();
    for (series, runs) in chart.series.iter().zip(&runs) {
        draw_series(scene, series, runs, kind, is_stacked);
    }
    let mark_count: usize = runs.iter().flatten().map(Vec::len).sum();
    if mark_count <= MAX_MARKS {
        for (series, runs) in chart.series.iter().zip(&runs) {
            draw_marks(scene, &plot, &chart, series, runs, !is_stacked);
        }
    }
    if is_clipped {
        scene.close_group();
    }
    if scene.options.labels {
        let mut taken = Vec::new();
        for (series, runs) in chart.series.iter().zip(&runs) {
            draw_labels(scene, &plot, series, runs, &mut taken);
        }
    }
    let format = chart.series.first().map(|series| series.format).unwrap_or_default();
    plot.draw_goal(scene, format);
}

fn open_clip(scene: &mut Scene<'_>, plot: &Plot, clip: &str) {
    let area = plot.area;
    scene.svg.tag("clipPath").set("id", clip).open();
    scene
        .svg
        .tag("rect")
        .number("x", area.left - 6.0)
        .number("y", area.top - 2.0)
        .number("width", area.width() + 12.0)
        .number("height", area.height() + 4.0)
        .empty();
    scene.svg.close("clipPath");
    scene.svg.tag("g").set("clip-path", format_args!("url(#{clip})")).open();
}

/// For each series and position, from where to where it goes. Stacked, what is below zero goes down from it.
fn stack(chart: &Chart<'_>, kind: Kind, is_stacked: bool) -> Vec<Vec<Option<(f64, f64)>>> {
    let mut sums = vec![(0.0_f64, 0.0_f64); chart.positions.len()];
    let limit = series::MAX_DRAWN;
    let of_series = |series: &Series<'_>| {
        let place = |position: usize| {
            if !is_stacked {
                return series
                    .number(position)
                    .map(|value| (if kind == Kind::Area { 0.0 } else { value }, value));
            }
            let value = series.number(position).unwrap_or_default();
            let (below, above) = &mut sums[position];
            let sum = if value < 0.0 { below } else { above };
            let start = *sum;
            *sum = (*sum + value).clamp(-limit, limit);
            Some((start, *sum))
        };
        (0..chart.positions.len()).map(place).collect()
    };
    chart.series.iter().map(of_series).collect()
}

/// The points of a series, in runs that are not interrupted by rows without a value.
fn runs(plot: &Plot, stack: &[Option<(f64, f64)>]) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let mut is_open = false;
    for (position, place) in stack.iter().enumerate() {
        match *place {
            Some((low, high)) => {
                let point = Point {
                    position,
                    x: plot.xs[position],
                    low: plot.y(plot.clamp(low)),
                    high: plot.y(high),
                };
                match runs.last_mut() {
                    Some(run) if is_open => run.push(point),
                    _ => runs.push(vec![point]),
                }
                is_open = true;
            }
            None => is_open = false,
        }
    }
    runs
}

fn draw_series(
    scene: &mut Scene<'_>,
    series: &Series<'_>,
    runs: &[Vec<Point>],
    kind: Kind,
    is_stacked: bool,
) {
    let is_smooth = scene.options.smooth;
    if kind == Kind::Area && !series.is_before {
        let mut fill = Path::default();
        for run in runs.iter().filter(|run| run.len() > 1) {
            let top: Vec<(f64, f64)> = run.iter().map(|point| (point.x, point.high)).collect();
            let bottom: Vec<(f64, f64)> = run.iter().rev().map(|point| (point.x, point.low)).collect();
            trace(&mut fill, &top, is_smooth, 'M');
            trace(&mut fill, &bottom, is_smooth && is_stacked, 'L');
            fill.command('Z', &[]);
        }
        if !fill.is_empty() {
            let opacity = if is_stacked { 0.75 } else { 0.14 };
            scene
                .svg
                .tag("path")
                .set("fill", series.color)
                .number("fill-opacity", opacity)
                .set("d", fill)
                .empty();
        }
    }
    let mut line = Path::default();
    for run in runs.iter().filter(|run| run.len() > 1) {
        let points: Vec<(f64, f64)> = run.iter().map(|point| (point.x, point.high)).collect();
        trace(&mut line, &points, is_smooth, 'M');
    }
    if line.is_empty() {
        return;
    }
    let width = if is_stacked { 1.5 } else { 2.0 };
    let tag = scene
        .svg
        .tag("path")
        .set("fill", "none")
        .set("stroke", series.color)
        .number("stroke-width", width)
        .set("stroke-linejoin", "round")
        .set("stroke-linecap", "round");
    let tag = if series.is_before { tag.set("stroke-dasharray", "2 5") } else { tag };
    tag.set("d", line).empty();
}

/// Adds a line through points to a path.
fn trace(path: &mut Path, points: &[(f64, f64)], is_smooth: bool, begin: char) {
    let Some(first) = points.first() else { return };
    path.command(begin, &[first.0, first.1]);
    if !is_smooth || points.len() < 3 {
        for (x, y) in &points[1..] {
            path.command('L', &[*x, *y]);
        }
        return;
    }
    let slopes = slopes(points);
    for (pair, slope) in points.windows(2).zip(slopes.windows(2)) {
        let third = (pair[1].0 - pair[0].0) / 3.0;
        path.command(
            'C',
            &[
                pair[0].0 + third,
                pair[0].1 + slope[0] * third,
                pair[1].0 - third,
                pair[1].1 - slope[1] * third,
                pair[1].0,
                pair[1].1,
            ],
        );
    }
}

/// The slopes of a curve through points that nowhere goes beyond them: Fritsch and Carlson 1980, "Monotone Piecewise Cubic
/// Interpolation", with the harmonic mean of the neighbors.
fn slopes(points: &[(f64, f64)]) -> Vec<f64> {
    let secant = |pair: &[(f64, f64)]| {
        let run = pair[1].0 - pair[0].0;
        if run == 0.0 { 0.0 } else { (pair[1].1 - pair[0].1) / run }
    };
    let secants: Vec<f64> = points.windows(2).map(secant).collect();
    let (first, last) =
        (secants.first().copied().unwrap_or_default(), secants.last().copied().unwrap_or_default());
    let inner = secants.windows(2).map(|pair| {
        let product = pair[0] * pair[1];
        if product > 0.0 { 2.0 * product / (pair[0] + pair[1]) } else { 0.0 }
    });
    std::iter::once(first).chain(inner).chain(std::iter::once(last)).collect()
}

fn draw_marks(
    scene: &mut Scene<'_>,
    plot: &Plot,
    chart: &Chart<'_>,
    series: &Series<'_>,
    runs: &[Vec<Point>],
    may_be_seen: bool,
) {
    let count = runs.iter().map(Vec::len).sum::<usize>().max(1);
    #[expect(clippy::cast_precision_loss, reason = "it counts points")]
    let distance = plot.area.width() / count as f64;
    let is_seen = may_be_seen && distance >= DOT_DISTANCE && !series.is_before;
    let group = scene.svg.tag("g").set("fill", series.color);
    if is_seen {
        group.set("stroke", scene.colors.ground).number("stroke-width", 1.5).open();
    } else {
        group.number("fill-opacity", 0.0).open();
    }
    let name = if chart.series.len() > 1 { series.name.as_str() } else { "" };
    for run in runs {
        for point in run {
            let Some(value) = series.values[point.position] else { continue };
            let label = number(value, series.format).unwrap_or_else(|| MISSING.to_owned());
            let is_alone = run.len() == 1 && !is_seen;
            let tag = scene
                .svg
                .tag("circle")
                .number("cx", point.x)
                .number("cy", point.high)
                .number("r", if is_seen { 3.5 } else { (distance / 2.0).clamp(2.0, 5.0) });
            let tag = if is_alone { tag.number("fill-opacity", 1.0) } else { tag };
            end_mark(tag, &chart.positions[point.position].label, name, value, &label);
        }
    }
    scene.close_group();
}

/// Writes values above or below points, as many as do not touch: `taken` has where there are some, as middle, half width and height.
fn draw_labels(
    scene: &mut Scene<'_>,
    plot: &Plot,
    series: &Series<'_>,
    runs: &[Vec<Point>],
    taken: &mut Vec<(f64, f64, f64)>,
) {
    if series.is_before || taken.len() > MAX_LABELS {
        return;
    }
    scene
        .svg
        .tag("g")
        .set("text-anchor", "middle")
        .number("font-size", SMALL)
        .set("paint-order", "stroke")
        .set("stroke", scene.colors.ground)
        .number("stroke-width", 3.0)
        .open();
    let points: Vec<&Point> = runs.iter().flatten().collect();
    for (index, point) in points.iter().enumerate() {
        let Some(value) = series.number(point.position).filter(|value| plot.axis.contains(*value)) else {
            continue;
        };
        let label = compact(value, series.format);
        let half = font::width(&label, SMALL, Weight::Regular) / 2.0;
        let x = point.x.max(plot.area.left - 6.0 + half).min(scene.area.right - half);
        // On the side where the line does not go.
        let around = [index.checked_sub(1), Some(index + 1)]
            .into_iter()
            .flatten()
            .filter_map(|index| points.get(index));
        let bend: f64 = around.map(|other| other.high - point.high).sum();
        let (above, below) = (point.high - 9.0, point.high + 18.0);
        let is_below = (bend < 0.0 && below < plot.area.bottom) || above - SMALL < plot.area.top;
        let y = if is_below { below } else { above };
        let touches = |other: &(f64, f64, f64)| {
            let (other_x, other_half, other_y) = *other;
            (x - other_x).abs() < half + other_half + 6.0 && (y - other_y).abs() < SMALL + 3.0
        };
        if taken.iter().any(touches) {
            continue;
        }
        taken.push((x, half, y));
        scene.svg.tag("text").number("x", x).number("y", y).text(&label);
    }
    scene.close_group();
}
