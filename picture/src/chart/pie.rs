//! Shares of a whole: a ring, and beside it what its slices are.

use std::f64::consts::TAU;

use shared::model::query::Aggregation;

use super::scene::{Anchor, Area, SMALL, Scene, TEXT};
use super::series::{self, Chart, end_mark};
use super::{frame, legend};
use crate::font::{self, Weight};
use crate::format::{MISSING, NumberFormat, NumberStyle, compact, float, number};
use crate::svg::Path;
use crate::theme::Color;
use crate::value::Value;

/// With more slices than this, the smallest are drawn as one.
const MAX_SLICES: usize = 12;

/// The radius of the hole, as a share of the ring's.
const HOLE: f64 = 0.62;

/// How high a row of the legend is, in pixels.
const ROW: f64 = 22.0;

struct Slice<'a> {
    name: String,
    value: Option<Value<'a>>,
    size: f64,
    share: f64,
    color: Color,
    label: String,
    /// Whether it stands for others.
    is_rest: bool,
}

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>) {
    let chart = series::chart(scene, data);
    let Some(format) = chart.series.iter().find(|series| !series.is_before).map(|series| series.format)
    else {
        frame::message(scene, frame::NO_DATA);
        return;
    };
    let (slices, negative) = slices(scene, &chart);
    if slices.is_empty() {
        let all_none = chart.is_empty();
        frame::message(scene, if all_none { frame::NO_DATA } else { "No values above zero" });
        return;
    }
    if negative > 0 {
        let noun = if negative == 1 { "value" } else { "values" };
        frame::note(scene, &format!("{negative} negative {noun} not shown"));
    }
    let area = scene.area;
    let has_list = scene.options.legend != Some(false) && area.width() >= 260.0 && area.height() >= 90.0;
    let ring = if has_list {
        let side = area.height().min(area.width() * 0.46);
        Area { right: area.left + side, ..area }
    } else {
        area
    };
    let radius = (ring.width().min(ring.height()) / 2.0).max(4.0);
    let center = ring.center();
    draw_ring(scene, &slices, center, radius);
    draw_total(scene, &slices, center, radius, format);
    if has_list {
        let list = Area { left: ring.right + 28.0, ..area };
        draw_list(scene, &slices, list);
    }
}

/// The slices, and how many values are negative. A share of a whole cannot be.
fn slices<'a>(scene: &Scene<'_>, chart: &Chart<'a>) -> (Vec<Slice<'a>>, usize) {
    let Some(series) = chart.series.iter().find(|series| !series.is_before) else { return (Vec::new(), 0) };
    let mut slices = Vec::new();
    let mut negative = 0;
    for (index, position) in chart.positions.iter().enumerate() {
        let Some(size) = series.number(index) else { continue };
        if size < 0.0 {
            negative += 1;
            continue;
        }
        let color = scene.colors.neutral;
        let value = series.values[index];
        let label =
            value.and_then(|value| number(value, series.format)).unwrap_or_else(|| MISSING.to_owned());
        slices.push(Slice {
            name: position.label.clone(),
            value,
            size,
            share: 0.0,
            color,
            label,
            is_rest: position.is_other,
        });
    }
    if slices.len() > MAX_SLICES {
        let rest = smallest(&mut slices);
        let size = rest.iter().map(|slice| slice.size / 1e3).sum::<f64>().min(series::MAX_DRAWN / 1e3) * 1e3;
        let label = float(size, series.format);
        let name = format!("{} others", rest.len());
        slices.push(Slice {
            name,
            value: Some(Value::Float(size)),
            size,
            share: 0.0,
            color: scene.colors.neutral,
            label,
            is_rest: true,
        });
    }
    // In thousandths, so that the sum of the greatest numbers is still one.
    let total: f64 = slices.iter().map(|slice| slice.size / 1e3).sum();
    if total <= 0.0 {
        return (Vec::new(), negative);
    }
    let mut color_index = 0;
    for slice in &mut slices {
        slice.share = slice.size / 1e3 / total;
        if !slice.is_rest {
            slice.color = scene.series_color(color_index);
            color_index += 1;
        }
    }
    (slices, negative)
}

/// Takes out the smallest slices, so that one for them all fits.
fn smallest<'a>(slices: &mut Vec<Slice<'a>>) -> Vec<Slice<'a>> {
    let mut sizes: Vec<f64> = slices.iter().map(|slice| slice.size).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let least = sizes[MAX_SLICES - 2];
    let mut kept = 0;
    let (keep, rest) = std::mem::take(slices).into_iter().partition(|slice| {
        let is_kept = slice.size >= least && kept < MAX_SLICES - 1;
        kept += usize::from(is_kept);
        is_kept
    });
    *slices = keep;
    rest
}

fn draw_ring(scene: &mut Scene<'_>, slices: &[Slice<'_>], (x, y): (f64, f64), radius: f64) {
    scene
        .svg
        .tag("g")
        .set("stroke", scene.colors.ground)
        .number("stroke-width", 2.0)
        .set("stroke-linejoin", "round")
        .open();
    let mut from = 0.0;
    for slice in slices {
        let to = from + slice.share;
        let path = sector((x, y), radius, from, to);
        let label = format!("{} ({})", slice.label, percent(slice.share));
        let tag = scene.svg.tag("path").set("fill", slice.color).set("d", path);
        end_mark(tag, &slice.name, "", slice.value.unwrap_or(Value::Null), &label);
        from = to;
    }
    scene.close_group();
    if !scene.options.labels && scene.options.legend != Some(false) {
        return;
    }
    scene
        .svg
        .tag("g")
        .set("text-anchor", "middle")
        .number("font-size", SMALL)
        .set("font-weight", "bold")
        .open();
    from = 0.0;
    for slice in slices {
        let middle = (from + slice.share / 2.0) * TAU;
        from += slice.share;
        let text = percent(slice.share);
        let length = slice.share * TAU * radius * f64::midpoint(1.0, HOLE);
        let thickness = radius * (1.0 - HOLE);
        let width = font::width(&text, SMALL, Weight::Bold);
        if length < width + 4.0 || thickness < width + 6.0 {
            continue;
        }
        let distance = radius * f64::midpoint(1.0, HOLE);
        let at = (x + middle.sin() * distance, y - middle.cos() * distance + SMALL * 0.35);
        scene
            .svg
            .tag("text")
            .number("x", at.0)
            .number("y", at.1)
            .set("fill", slice.color.text_on())
            .text(&text);
    }
    scene.close_group();
}

/// A part of the ring, from one share of the circle to another, clockwise from the top.
fn sector((x, y): (f64, f64), radius: f64, from: f64, to: f64) -> Path {
    let inner = radius * HOLE;
    let mut path = Path::default();
    if to - from > 0.999_9 {
        // A whole ring is no arc: it is two circles.
        for (radius, sweep) in [(radius, 1.0), (inner, 0.0)] {
            path.command('M', &[x, y - radius])
                .command('A', &[radius, radius, 0.0, 1.0, sweep, x, y + radius])
                .command('A', &[radius, radius, 0.0, 1.0, sweep, x, y - radius])
                .command('Z', &[]);
        }
        return path;
    }
    let at = |share: f64, radius: f64| {
        let (sine, cosine) = (share * TAU).sin_cos();
        (x + sine * radius, y - cosine * radius)
    };
    let is_large = if to - from > 0.5 { 1.0 } else { 0.0 };
    let (start, end) = (at(from, radius), at(to, radius));
    let (inner_end, inner_start) = (at(to, inner), at(from, inner));
    path.command('M', &[start.0, start.1])
        .command('A', &[radius, radius, 0.0, is_large, 1.0, end.0, end.1])
        .command('L', &[inner_end.0, inner_end.1])
        .command('A', &[inner, inner, 0.0, is_large, 0.0, inner_start.0, inner_start.1])
        .command('Z', &[]);
    path
}

/// Writes the sum in the hole, if a sum of the values means something.
fn draw_total(
    scene: &mut Scene<'_>,
    slices: &[Slice<'_>],
    (x, y): (f64, f64),
    radius: f64,
    format: NumberFormat,
) {
    let measures = scene.widget.query.as_ref().map(|query| query.measures.as_slice()).unwrap_or_default();
    let adds_up = measures
        .first()
        .is_some_and(|measure| matches!(measure.aggregation, Some(Aggregation::Sum | Aggregation::Count)));
    if !adds_up || radius < 52.0 {
        return;
    }
    let total: f64 = slices.iter().map(|slice| slice.size).sum();
    let text = compact(total.min(series::MAX_DRAWN), format);
    let size = if radius > 90.0 { 24.0 } else { 18.0 };
    scene.svg.tag("g").set("text-anchor", "middle").number("font-size", size).open();
    scene.label(&text, (x, y + size * 0.2), radius * HOLE * 1.8, size, Weight::Bold);
    scene.svg.close("g");
    scene.open_labels(Anchor::Middle);
    scene.label("Total", (x, y + size * 0.2 + 16.0), radius, SMALL, Weight::Regular);
    scene.close_group();
}

/// Writes what the slices are: name, value and share.
fn draw_list(scene: &mut Scene<'_>, slices: &[Slice<'_>], area: Area) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture has few rows")]
    let fitting = ((area.height() / ROW) as usize).max(1);
    let shown = if slices.len() > fitting { fitting - 1 } else { slices.len() };
    #[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
    let height = slices.len().min(fitting) as f64 * ROW;
    let mut y = area.center().1 - height / 2.0 + ROW / 2.0;
    let width = |text: &str| font::width(text, TEXT, Weight::Regular);
    let shares: Vec<String> = slices.iter().map(|slice| percent(slice.share)).collect();
    let widest_share = shares.iter().map(|share| width(share)).fold(0.0, f64::max);
    let widest_value = slices.iter().map(|slice| width(&slice.label)).fold(0.0, f64::max);
    let with_value = area.width() - widest_share - widest_value > 140.0;
    let value_end = area.right - widest_share - 16.0;
    let name_end = if with_value { value_end - widest_value - 12.0 } else { value_end };
    let baseline = TEXT * 0.35;
    scene.svg.tag("g").number("font-size", TEXT).open();
    for (slice, share) in slices.iter().zip(&shares).take(shown) {
        legend::square(scene, (area.left, y - 5.0), slice.color);
        scene.label(
            &slice.name,
            (area.left + 18.0, y + baseline),
            name_end - area.left - 18.0,
            TEXT,
            Weight::Regular,
        );
        let cell = |scene: &mut Scene<'_>, x: f64, text: &str, color: Color| {
            scene
                .svg
                .tag("text")
                .number("x", x)
                .number("y", y + baseline)
                .set("text-anchor", "end")
                .set("fill", color)
                .text(text);
        };
        if with_value {
            cell(scene, value_end, &slice.label, scene.colors.text);
        }
        cell(scene, area.right, share, scene.colors.quiet_text);
        y += ROW;
    }
    if shown < slices.len() {
        let more = format!("+{} more", slices.len() - shown);
        scene
            .svg
            .tag("text")
            .number("x", area.left + 18.0)
            .number("y", y + baseline)
            .set("fill", scene.colors.quiet_text)
            .text(&more);
    }
    scene.close_group();
}

fn percent(share: f64) -> String {
    let decimals = if share > 0.0 && share < 0.1 { Some(1) } else { Some(0) };
    float(share, NumberFormat { style: NumberStyle::Percent, decimals, ..NumberFormat::default() })
}
