//! Steps, each with what is left of the first.

use super::frame;
use super::scene::{SMALL, Scene, TEXT};
use super::series::{self, end_mark};
use crate::font::{self, Weight};
use crate::format::{MISSING, NumberFormat, NumberStyle, float, number};
use crate::svg::Path;

/// How high a step is at least and at most, in pixels.
const STEP: std::ops::RangeInclusive<f64> = 26.0..=64.0;

const GAP: f64 = 4.0;

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>) {
    let chart = series::chart(scene, data);
    let Some(series) = chart.series.iter().find(|series| !series.is_before).filter(|_| !chart.is_empty())
    else {
        frame::message(scene, frame::NO_DATA);
        return;
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture has few steps")]
    let fitting = ((scene.area.height() / STEP.start()) as usize).max(1);
    let count = chart.positions.len();
    if count > fitting {
        frame::note(scene, &format!("{} more steps are not shown", count - fitting.saturating_sub(1).max(1)));
    }
    let shown = if count > fitting { fitting.saturating_sub(1).max(1) } else { count };
    let area = scene.area;
    #[expect(clippy::cast_precision_loss, reason = "a picture has few steps")]
    let height = (area.height() / shown as f64).min(*STEP.end());
    let size = |index: usize| series.number(index).unwrap_or_default().max(0.0);
    let most = (0..shown).map(size).fold(0.0, f64::max);
    let first = size(0);
    let share = |index: usize, of: f64| if of > 0.0 { size(index) / of } else { 0.0 };
    let labels: Vec<String> = (0..shown)
        .map(|index| {
            series.values[index]
                .and_then(|value| number(value, series.format))
                .unwrap_or_else(|| MISSING.to_owned())
        })
        .collect();
    let width = |text: &str| font::width(text, TEXT, Weight::Bold);
    let names = chart
        .positions
        .iter()
        .take(shown)
        .map(|position| font::width(&position.label, TEXT, Weight::Regular));
    let name_width = names.fold(0.0, f64::max).min(area.width() * 0.28);
    let value_width =
        labels.iter().map(|label| width(label)).fold(0.0, f64::max).max(50.0).min(area.width() * 0.3);
    let (left, right) = (area.left + name_width + 16.0, area.right - value_width - 16.0);
    let (middle, full) = (f64::midpoint(left, right), (right - left).max(4.0));
    let color = scene.series_color(0);
    let top = |index: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a picture has few steps")]
        let index = index as f64;
        area.top + height * index
    };
    let half = |index: usize| (full * share(index, most) / 2.0).max(1.0);
    scene.svg.tag("g").set("fill", color).number("fill-opacity", 0.22).open();
    for index in 1..shown {
        let (above, below) = (half(index - 1), half(index));
        let (start, end) = (top(index) - GAP / 2.0 - height * 0.22, top(index) + GAP / 2.0);
        let mut path = Path::default();
        path.command('M', &[middle - above, start])
            .command('L', &[middle + above, start])
            .command('L', &[middle + below, end])
            .command('L', &[middle - below, end])
            .command('Z', &[]);
        scene.svg.tag("path").set("d", path).empty();
    }
    scene.close_group();
    scene.svg.tag("g").set("fill", color).open();
    for (index, label) in labels.iter().enumerate() {
        let is_last = index + 1 == shown;
        let bar = if is_last { height - GAP } else { height * 0.78 - GAP };
        let tag = scene
            .svg
            .tag("rect")
            .number("x", middle - half(index))
            .number("y", top(index) + GAP / 2.0)
            .number("width", half(index) * 2.0)
            .number("height", bar.min(height * 0.78 - GAP).max(1.0))
            .number("rx", 2.0);
        let label = format!("{label} ({} of the first)", percent(share(index, first)));
        end_mark(
            tag,
            &chart.positions[index].label,
            "",
            series.values[index].unwrap_or(crate::Value::Null),
            &label,
        );
    }
    scene.close_group();
    draw_texts(
        scene,
        &chart,
        &labels,
        &|index| (top(index) + height * 0.39, share(index, first)),
        name_width,
        height >= 38.0,
    );
}

/// Writes names left of the steps, and values with their shares right of them.
fn draw_texts(
    scene: &mut Scene<'_>,
    chart: &series::Chart<'_>,
    labels: &[String],
    place: &dyn Fn(usize) -> (f64, f64),
    name_width: f64,
    with_share: bool,
) {
    let area = scene.area;
    let value_width = area.width() * 0.3;
    for (index, label) in labels.iter().enumerate() {
        let (y, share) = place(index);
        scene.label(
            &chart.positions[index].label,
            (area.left, y + TEXT * 0.35),
            name_width,
            TEXT,
            Weight::Regular,
        );
        let offset = if with_share { -2.0 } else { TEXT * 0.35 };
        scene.svg.tag("g").set("text-anchor", "end").open();
        scene.label(label, (area.right, y + offset), value_width, TEXT, Weight::Bold);
        scene.svg.close("g");
        if with_share {
            scene
                .svg
                .tag("text")
                .number("x", area.right)
                .number("y", y + 13.0)
                .set("text-anchor", "end")
                .number("font-size", SMALL)
                .set("fill", scene.colors.quiet_text)
                .text(&percent(share));
        }
    }
}

fn percent(share: f64) -> String {
    float(share, NumberFormat { style: NumberStyle::Percent, ..NumberFormat::default() })
}
