//! A table of two dimensions whose cells are colored by the measure.

use super::axis::band;
use super::frame;
use super::plot;
use super::scene::{Anchor, Area, SMALL, Scene};
use super::series::{self, Chart, end_mark};
use crate::font::{self, Weight};
use crate::format::{MISSING, NumberFormat, compact, number};

/// How many steps the key to the colors has.
const KEY_STEPS: u32 = 7;

/// How wide a step of the key is, in pixels.
const KEY_STEP: f64 = 14.0;

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>) {
    let mut chart = series::chart(scene, data);
    chart.series.retain(|series| !series.is_before);
    if chart.is_empty() {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    if chart.left_out > 0 {
        frame::note(scene, &format!("{} more are not shown", chart.left_out));
    }
    let format = chart.series[0].format;
    let ends = chart
        .numbers()
        .fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)));
    let (least, most) = (scene.options.minimum.unwrap_or(ends.0), scene.options.maximum.unwrap_or(ends.1));
    draw_key(scene, least, most, format);
    let cells = draw_axes(scene, &chart);
    draw_cells(scene, &chart, cells, least, most);
}

/// Draws which color is which value.
fn draw_key(scene: &mut Scene<'_>, least: f64, most: f64, format: NumberFormat) {
    if scene.options.legend == Some(false) || scene.area.height() < 150.0 || scene.area.width() < 200.0 {
        return;
    }
    let (low, high) = (compact(least, format), compact(most, format));
    let y = scene.area.top;
    let mut x = scene.area.left;
    scene.open_labels(Anchor::Start);
    scene.svg.tag("text").number("x", x).number("y", y + 9.0).text(&low);
    x += font::width(&low, SMALL, Weight::Regular) + 8.0;
    for step in 0..KEY_STEPS {
        let color = scene.colors.of_share(f64::from(step) / f64::from(KEY_STEPS - 1));
        scene
            .svg
            .tag("rect")
            .number("x", x)
            .number("y", y)
            .number("width", KEY_STEP)
            .number("height", 10.0)
            .set("fill", color)
            .empty();
        x += KEY_STEP;
    }
    scene.svg.tag("text").number("x", x + 8.0).number("y", y + 9.0).text(&high);
    scene.close_group();
    scene.area.top += 26.0;
}

/// Writes the names of columns and rows, and returns the room of the cells.
fn draw_axes(scene: &mut Scene<'_>, chart: &Chart<'_>) -> Area {
    let mut area = scene.area;
    let width = |name: &str| font::width(name, SMALL, Weight::Regular);
    let longest = area.width() * 0.3;
    let widest = chart.series.iter().map(|series| width(&series.name).min(longest)).fold(0.0, f64::max);
    area.left += widest + 10.0;
    #[expect(clippy::cast_precision_loss, reason = "they are at most a thousand")]
    let (columns, rows) = (chart.positions.len() as f64, chart.series.len() as f64);
    let texts: Vec<&str> = chart.positions.iter().map(|position| position.label.as_str()).collect();
    let labels = band::labels(&texts, area.width() / columns, SMALL, area.height() * 0.4);
    area.bottom -= labels.height + 8.0;
    let (cell, row) = (area.width() / columns, area.height() / rows);
    let xs: Vec<f64> = (0..chart.positions.len())
        .scan(area.left + cell / 2.0, |x, _| {
            let at = *x;
            *x += cell;
            Some(at)
        })
        .collect();
    plot::draw_band_labels(scene, &labels, &chart.positions, &xs, area.bottom);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows are at most fifty")]
    let step = ((13.0 / row).ceil() as usize).max(1);
    scene.open_labels(Anchor::End);
    let mut y = area.top + row / 2.0;
    for (index, series) in chart.series.iter().enumerate() {
        if index % step == 0 {
            scene.label(
                &series.name,
                (area.left - 10.0, y + SMALL * 0.35),
                widest + 0.5,
                SMALL,
                Weight::Regular,
            );
        }
        y += row;
    }
    scene.close_group();
    area
}

fn draw_cells(scene: &mut Scene<'_>, chart: &Chart<'_>, area: Area, least: f64, most: f64) {
    #[expect(clippy::cast_precision_loss, reason = "they are at most a thousand")]
    let (columns, rows) = (chart.positions.len() as f64, chart.series.len() as f64);
    let (cell, row) = (area.width() / columns, area.height() / rows);
    let gap = if cell.min(row) > 8.0 { 2.0 } else { 0.0 };
    let share =
        |value: f64| if most > least { ((value - least) / (most - least)).clamp(0.0, 1.0) } else { 0.5 };
    scene.svg.tag("g").open();
    let mut texts = Vec::new();
    let mut y = area.top;
    for series in &chart.series {
        let mut x = area.left;
        for (index, position) in chart.positions.iter().enumerate() {
            let value = series.number(index);
            let tag = scene
                .svg
                .tag("rect")
                .number("x", x + gap / 2.0)
                .number("y", y + gap / 2.0)
                .number("width", (cell - gap).max(0.3))
                .number("height", (row - gap).max(0.3));
            let tag = if gap > 0.0 { tag.number("rx", 2.0) } else { tag };
            match (value, series.values[index]) {
                (Some(amount), Some(value)) => {
                    let color = scene.colors.of_share(share(amount));
                    let label = number(value, series.format).unwrap_or_else(|| MISSING.to_owned());
                    end_mark(tag.set("fill", color), &position.label, &series.name, value, &label);
                    let text = compact(amount, series.format);
                    let fits = font::width(&text, SMALL, Weight::Regular) + 6.0 <= cell && row >= SMALL + 5.0;
                    if scene.options.labels && fits {
                        texts.push((x + cell / 2.0, y + row / 2.0 + SMALL * 0.35, color.text_on(), text));
                    }
                }
                _ => tag.set("fill", scene.colors.track).empty(),
            }
            x += cell;
        }
        y += row;
    }
    scene.close_group();
    if texts.is_empty() {
        return;
    }
    scene.svg.tag("g").set("text-anchor", "middle").number("font-size", SMALL).open();
    for (x, y, color, text) in texts {
        scene.svg.tag("text").number("x", x).number("y", y).set("fill", color).text(&text);
    }
    scene.close_group();
}
