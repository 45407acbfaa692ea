//! The room between axes: where a position and a value are in it, the grid, and what is written beside it.

use super::axis::band::{self, BandLabels, SLANT};
use super::axis::ticks::{Demand, ValueAxis};
use super::axis::{AxisLabel, time::Clock};
use super::scene::{Anchor, Area, SMALL, Scene};
use super::series::{Chart, Position};
use crate::font::{self, Weight};
use crate::format::NumberFormat;

/// How far apart ticks of the axis of values are about, in pixels.
const TICK_DISTANCE: f64 = 52.0;

/// How many buckets a chart of bars has room for; with more, those that are empty are left out.
const MAX_BUCKETS: f64 = 2_000.0;

/// Axes and the room between them.
pub(super) struct Plot {
    pub(super) area: Area,
    pub(super) axis: ValueAxis,
    /// Where each position is.
    pub(super) xs: Vec<f64>,
    /// How wide the band of a position is.
    pub(super) band: f64,
}

/// How positions are laid along the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Points from end to end.
    Points,
    /// A band for each.
    Bands,
}

/// Lays out the axes of a chart and draws them.
pub(super) fn draw(scene: &mut Scene<'_>, chart: &Chart<'_>, demand: Demand, layout: Layout) -> Plot {
    if let Some(measure) = &chart.measure {
        value_title(scene, measure);
    }
    let format = chart.series.first().map_or_else(NumberFormat::default, |series| series.format);
    let (axis, left) = value_axis(scene, demand, format);
    let mut area = Area { left, ..scene.area };
    let has_labels =
        area.height() >= 70.0 && !chart.positions.iter().all(|position| position.label.is_empty());
    let slots = Slots::of(chart, layout);
    if matches!(slots, Slots::Points { .. }) {
        area.right -= 12.0;
        area.left += 6.0;
    }
    let place = |slot: f64| slots.place(slot, area);
    let band = slots.band(area);
    let xs: Vec<f64> = (0..chart.positions.len()).map(|index| place(slots.slot(chart, index))).collect();
    if has_labels {
        if let (Slots::Points { first, last } | Slots::Buckets { first, last }, Some(clock)) =
            (&slots, &chart.clock)
        {
            let labels = time_labels(clock, *first, *last, &place);
            let lines = if labels.iter().any(|label| label.below.is_some()) { 2.0 } else { 1.0 };
            area.bottom -= SMALL * 1.35 * lines + 7.0;
            draw_time_labels(scene, &labels, area.bottom);
        } else {
            let texts: Vec<&str> = chart.positions.iter().map(|position| position.label.as_str()).collect();
            let labels = band::labels(&texts, band, SMALL, area.height() * 0.4);
            area.bottom -= labels.height + 9.0;
            draw_band_labels(scene, &labels, &chart.positions, &xs, area.bottom);
        }
    }
    let plot = Plot { area, axis, xs, band };
    plot.draw_grid(scene, format, scene.area.right);
    plot
}

/// Writes what the values are above the axis.
pub(super) fn value_title(scene: &mut Scene<'_>, text: &str) {
    if scene.area.height() < 180.0 {
        return;
    }
    let at = (scene.area.left, scene.area.top + SMALL * 0.8);
    let available = scene.area.width();
    scene.open_labels(Anchor::Start);
    scene.label(text, at, available, SMALL, Weight::Regular);
    scene.close_group();
    scene.area.top += SMALL + 14.0;
}

/// The axis of values, and where the room right of its labels begins.
pub(super) fn value_axis(scene: &Scene<'_>, demand: Demand, format: NumberFormat) -> (ValueAxis, f64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small and positive")]
    let count = (((scene.area.height() - 30.0) / TICK_DISTANCE) as u32).clamp(2, 6);
    let axis = ValueAxis::new(Demand { count, ..demand });
    if scene.area.width() < 130.0 {
        return (axis, scene.area.left);
    }
    let width = |(_, text): &(f64, String)| font::width(text, SMALL, Weight::Regular);
    let widest = axis.ticks(format).iter().map(width).fold(0.0, f64::max);
    let left = scene.area.left + widest.min(scene.area.width() * 0.4) + 10.0;
    (axis, left)
}

impl Plot {
    /// Where a value is.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.area.bottom - self.axis.share(value) * self.area.height()
    }

    /// A value on the axis.
    pub(super) fn clamp(&self, value: f64) -> f64 {
        value.clamp(self.axis.low, self.axis.high)
    }

    /// Draws lines at the ticks and writes their labels left of them.
    pub(super) fn draw_grid(&self, scene: &mut Scene<'_>, format: NumberFormat, right: f64) {
        let ticks = self.axis.ticks(format);
        let left = if self.area.left > scene.area.left {
            self.area.left.min(self.label_end(scene) + 10.0)
        } else {
            self.area.left
        };
        scene.svg.tag("g").set("stroke", scene.colors.grid).open();
        for (value, _) in &ticks {
            if *value != 0.0 {
                let y = crisp(self.y(*value));
                scene.line((left, y), (right, y));
            }
        }
        scene.close_group();
        if self.axis.contains(0.0) {
            let y = crisp(self.y(0.0));
            scene.svg.tag("g").set("stroke", scene.colors.axis).open();
            scene.line((left, y), (right, y));
            scene.close_group();
        }
        if self.area.left <= scene.area.left + 6.0 {
            return;
        }
        scene.open_labels(Anchor::End);
        let end = self.label_end(scene);
        for (value, text) in &ticks {
            let at = (end, self.y(*value) + SMALL * 0.35);
            scene.label(text, at, end - scene.area.left, SMALL, Weight::Regular);
        }
        scene.close_group();
    }

    /// Where labels of values end.
    fn label_end(&self, scene: &Scene<'_>) -> f64 {
        let inset = if self.area.right < scene.area.right { 6.0 } else { 0.0 };
        self.area.left - inset - 10.0
    }

    /// Draws the line of a goal over everything, with its value.
    pub(super) fn draw_goal(&self, scene: &mut Scene<'_>, format: NumberFormat) {
        let Some(goal) = scene.options.goal.filter(|goal| self.axis.contains(*goal)) else { return };
        let y = self.y(goal);
        let label = format!("Goal {}", crate::format::compact(goal, format));
        let right = scene.area.right;
        scene
            .svg
            .tag("g")
            .set("stroke", scene.colors.goal)
            .number("stroke-width", 1.5)
            .set("stroke-dasharray", "5 4")
            .open();
        scene.line((self.area.left, y), (right, y));
        scene.close_group();
        scene
            .svg
            .tag("text")
            .number("x", right)
            .number("y", if y - self.area.top < 16.0 { y + 14.0 } else { y - 6.0 })
            .set("text-anchor", "end")
            .number("font-size", SMALL)
            .set("fill", scene.colors.goal)
            .set("paint-order", "stroke")
            .set("stroke", scene.colors.ground)
            .number("stroke-width", 3.0)
            .text(&label);
    }
}

/// The middle of a pixel, where a thin line is sharp.
pub(super) fn crisp(y: f64) -> f64 {
    y.floor() + 0.5
}

/// How positions share the width.
enum Slots {
    /// As many bands as positions.
    Categories(f64),
    /// Bands of buckets of time, also for those that are not there.
    Buckets { first: f64, last: f64 },
    /// Points in time.
    Points { first: f64, last: f64 },
}

impl Slots {
    fn of(chart: &Chart<'_>, layout: Layout) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "it counts positions")]
        let categories = Self::Categories(chart.positions.len().max(1) as f64);
        let moment = |position: Option<&Position>| position.and_then(|position| position.moment);
        let ends = (moment(chart.positions.first()), moment(chart.positions.last()));
        let (Some(clock), (Some(first), Some(last))) = (&chart.clock, ends) else { return categories };
        let (first, last) = (first.index, last.index);
        match layout {
            Layout::Points => Self::Points { first, last },
            Layout::Bands if clock.has_buckets() && last - first < MAX_BUCKETS => {
                Self::Buckets { first, last }
            }
            Layout::Bands => categories,
        }
    }

    fn band(&self, area: Area) -> f64 {
        match self {
            Self::Categories(count) => area.width() / count,
            Self::Buckets { first, last } => area.width() / (last - first + 1.0),
            Self::Points { first, last } => area.width() / (last - first).max(1.0),
        }
    }

    /// What a position is on the scale that `place` takes.
    #[expect(clippy::cast_precision_loss, reason = "it counts positions")]
    fn slot(&self, chart: &Chart<'_>, index: usize) -> f64 {
        match self {
            Self::Categories(_) => index as f64,
            _ => chart.positions[index].moment.map_or(0.0, |moment| moment.index),
        }
    }

    fn place(&self, slot: f64, area: Area) -> f64 {
        match self {
            Self::Categories(_) => area.left + (slot + 0.5) * self.band(area),
            Self::Buckets { first, .. } => area.left + (slot - first + 0.5) * self.band(area),
            Self::Points { first, last } if last - first <= 0.0 => area.center().0,
            Self::Points { first, last } => area.left + (slot - first) / (last - first) * area.width(),
        }
    }
}

fn time_labels(clock: &Clock<'_>, first: f64, last: f64, place: &dyn Fn(f64) -> f64) -> Vec<AxisLabel> {
    clock.labels(first, last, SMALL, place)
}

fn draw_time_labels(scene: &mut Scene<'_>, labels: &[AxisLabel], top: f64) {
    scene.open_labels(Anchor::Middle);
    for label in labels {
        let y = top + 8.0 + SMALL * 0.8;
        let lines = [Some(label.text.as_str()), label.below.as_deref()];
        for (line, y) in lines.into_iter().flatten().zip([y, y + SMALL * 1.35]) {
            let half = font::width(line, SMALL, Weight::Regular) / 2.0;
            let x = label.at.max(scene.area.left + half).min(scene.area.right + 6.0 - half);
            scene.svg.tag("text").number("x", x).number("y", y).text(line);
        }
    }
    scene.close_group();
}

/// Writes labels of categories under an axis.
pub(super) fn draw_band_labels(
    scene: &mut Scene<'_>,
    labels: &BandLabels,
    positions: &[Position],
    xs: &[f64],
    top: f64,
) {
    scene.open_labels(if labels.is_slanted { Anchor::End } else { Anchor::Middle });
    for (index, lines) in &labels.labels {
        let (x, whole) = (xs[*index], positions[*index].label.as_str());
        let mut y = top + 8.0 + SMALL * 0.8;
        if labels.is_slanted {
            let (_, cosine) = SLANT.to_radians().sin_cos();
            let available = (x - scene.area.left + 14.0) / cosine;
            let line = lines.first().map(String::as_str).unwrap_or_default();
            let text = font::shorten(line, available, SMALL, Weight::Regular);
            let (x, y) = (x + 4.0, top + 6.0 + SMALL * 0.6);
            let mut turn = format!("rotate(-{SLANT} ");
            crate::svg::write_number(&mut turn, x);
            turn.push(' ');
            crate::svg::write_number(&mut turn, y);
            turn.push(')');
            let tag = scene.svg.tag("text").number("x", x).number("y", y).set("transform", turn);
            if text == whole {
                tag.text(whole);
            } else {
                tag.titled_text(whole, &text);
            }
            continue;
        }
        let is_whole = lines.len() > 1 || lines.first().is_some_and(|line| line == whole);
        for line in lines {
            let half = font::width(line, SMALL, Weight::Regular) / 2.0;
            let x = x.max(scene.area.left + half).min(scene.area.right - half);
            let tag = scene.svg.tag("text").number("x", x).number("y", y);
            if is_whole {
                tag.text(line);
            } else {
                tag.titled_text(whole, line);
            }
            y += SMALL * 1.3;
        }
    }
    scene.close_group();
}
