//! Bars: beside each other, or standing on each other.

use super::axis::ticks::Demand;
use super::plot::{self, Layout, Plot};
use super::scene::{SMALL, Scene};
use super::series::{self, Chart, Series, end_mark};
use super::{frame, legend};
use crate::font::{self, Weight};
use crate::format::{MISSING, compact, number};
use crate::svg::Path;
use crate::theme::Color;

/// How much of a band is filled.
const FILLED: f64 = 0.72;

/// How wide one bar is at most, in pixels.
const MAX_BAR: f64 = 72.0;

/// The radius of the corners at a bar's end, in pixels.
const CORNER: f64 = 2.5;

/// Bars at a position: which series stand on each other, beside which others.
fn stacks(chart: &Chart<'_>, is_stacked: bool) -> Vec<Vec<usize>> {
    let all = 0..chart.series.len();
    if !is_stacked {
        return all.map(|index| vec![index]).collect();
    }
    let (before, now): (Vec<usize>, Vec<usize>) = all.partition(|index| chart.series[*index].is_before);
    [before, now].into_iter().filter(|stack| !stack.is_empty()).collect()
}

/// A part of a stack: its series, and from where to where it goes.
struct Part {
    series: usize,
    start: f64,
    end: f64,
}

impl Part {
    /// Whether it is seen beyond another: on the same side of zero.
    fn is_on(&self, other: &Self) -> bool {
        (self.end - self.start).abs() > 0.0 && (self.end < self.start) == (other.end < other.start)
    }
}

/// The parts of a stack at a position. What is below zero goes down from it.
fn parts(chart: &Chart<'_>, stack: &[usize], position: usize) -> Vec<Part> {
    let (mut below, mut above) = (0.0_f64, 0.0_f64);
    let place = |series: &usize| {
        let value = chart.series[*series].number(position)?;
        let sum = if value < 0.0 { &mut below } else { &mut above };
        let start = *sum;
        *sum = (*sum + value).clamp(-series::MAX_DRAWN, series::MAX_DRAWN);
        Some(Part { series: *series, start, end: *sum })
    };
    stack.iter().filter_map(place).collect()
}

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>) {
    let chart = series::chart(scene, data);
    if chart.is_empty() {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    if chart.left_out > 0 {
        frame::note(scene, &format!("{} more are not shown", chart.left_out));
    }
    let entries: Vec<(&str, Color)> =
        chart.series.iter().map(|series| (series.name.as_str(), series.color)).collect();
    legend::draw(scene, &entries);
    let is_stacked = scene.options.stacked && chart.series.len() > 1;
    let stacks = stacks(&chart, is_stacked);
    let goal = scene.options.goal.unwrap_or_default();
    let (mut least, mut most) = (goal.min(0.0), goal.max(0.0));
    for position in 0..chart.positions.len() {
        for part in stacks.iter().flat_map(|stack| parts(&chart, stack, position)) {
            (least, most) = (least.min(part.end), most.max(part.end));
        }
    }
    let demand = Demand {
        least,
        most,
        with_zero: true,
        is_whole: chart.is_whole(),
        minimum: scene.options.minimum,
        maximum: scene.options.maximum,
        count: 5,
    };
    let plot = plot::draw(scene, &chart, demand, Layout::Bands);
    draw_bars(scene, &plot, &chart, &stacks);
    if scene.options.labels {
        draw_labels(scene, &plot, &chart, &stacks, is_stacked);
    }
    let format = chart.series.first().map(|series| series.format).unwrap_or_default();
    plot.draw_goal(scene, format);
}

/// Where the bars of a stack are at a position, and how wide they are.
#[expect(clippy::cast_precision_loss, reason = "it counts stacks")]
fn slot(plot: &Plot, position: usize, stack: usize, count: usize) -> (f64, f64) {
    let count = count.max(1) as f64;
    let width = (plot.band * FILLED / count).min(MAX_BAR);
    let left = plot.xs[position] - width * count / 2.0 + width * stack as f64;
    let gap = if width > 8.0 && count > 1.0 { 2.0 } else { 0.0 };
    (left + gap / 2.0, (width - gap).max(0.4))
}

fn draw_bars(scene: &mut Scene<'_>, plot: &Plot, chart: &Chart<'_>, stacks: &[Vec<usize>]) {
    for (index, stack) in stacks.iter().enumerate() {
        for series_index in stack {
            let series = &chart.series[*series_index];
            let name = if chart.series.len() > 1 { series.name.as_str() } else { "" };
            scene.svg.tag("g").set("fill", series.color).open();
            for (position, place) in chart.positions.iter().enumerate() {
                let parts = parts(chart, stack, position);
                let Some(at) = parts.iter().position(|part| part.series == *series_index) else { continue };
                let part = &parts[at];
                let Some(value) = series.values[position] else { continue };
                let (left, width) = slot(plot, position, index, stacks.len());
                let is_last = !parts[at + 1..].iter().any(|other| other.is_on(part));
                let (start, end) = (plot.y(plot.clamp(part.start)), plot.y(plot.clamp(part.end)));
                let path = bar(left, width, start, end, is_last);
                let tag = scene.svg.tag("path");
                let tag = if place.is_other && series_index == &0 {
                    tag.set("fill", scene.colors.neutral)
                } else {
                    tag
                };
                let label = number(value, series.format).unwrap_or_else(|| MISSING.to_owned());
                end_mark(tag.set("d", path), &place.label, name, value, &label);
            }
            scene.close_group();
        }
    }
}

/// A bar with round corners at its end.
fn bar(left: f64, width: f64, start: f64, end: f64, is_round: bool) -> Path {
    let mut path = Path::default();
    let height = (end - start).abs();
    let corner = CORNER.min(width / 2.0).min(height);
    path.command('M', &[left, start]);
    if !is_round || corner < 1.0 {
        path.command('V', &[end]).command('H', &[left + width]).command('V', &[start]).command('Z', &[]);
        return path;
    }
    let down = if end < start { corner } else { -corner };
    path.command('V', &[end + down])
        .command('Q', &[left, end, left + corner, end])
        .command('H', &[left + width - corner])
        .command('Q', &[left + width, end, left + width, end + down])
        .command('V', &[start])
        .command('Z', &[]);
    path
}

/// Writes values at the ends of bars, or in the middle of parts of stacks, where they fit.
fn draw_labels(
    scene: &mut Scene<'_>,
    plot: &Plot,
    chart: &Chart<'_>,
    stacks: &[Vec<usize>],
    is_stacked: bool,
) {
    scene.svg.tag("g").set("text-anchor", "middle").number("font-size", SMALL).open();
    for (index, stack) in stacks.iter().enumerate() {
        for position in 0..chart.positions.len() {
            let (left, width) = slot(plot, position, index, stacks.len());
            for part in parts(chart, stack, position) {
                let series: &Series<'_> = &chart.series[part.series];
                let label = compact(part.end - part.start, series.format);
                let room = if stacks.len() == 1 { plot.band } else { width + 2.0 };
                if font::width(&label, SMALL, Weight::Regular) > room - 2.0 {
                    continue;
                }
                let (start, end) = (plot.y(plot.clamp(part.start)), plot.y(plot.clamp(part.end)));
                if is_stacked && (end - start).abs() < SMALL + 4.0 {
                    continue;
                }
                let tag = scene.svg.tag("text").number("x", left + width / 2.0);
                if is_stacked {
                    let y = f64::midpoint(start, end) + SMALL * 0.35;
                    tag.number("y", y).set("fill", series.color.text_on()).text(&label);
                } else {
                    let outside = if part.end < 0.0 { end + SMALL + 3.0 } else { end - 5.0 };
                    let y = outside.clamp(plot.area.top + SMALL * 0.3, plot.area.bottom + SMALL);
                    tag.number("y", y).text(&label);
                }
            }
        }
    }
    scene.close_group();
}
