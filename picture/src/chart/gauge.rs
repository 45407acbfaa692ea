//! One number between two ends.

use std::f64::consts::PI;

use shared::model::result::Role;

use super::axis::ticks::{Demand, ValueAxis};
use super::frame;
use super::scene::{SMALL, Scene};
use super::series::{self, drawn, end_mark};
use crate::font::{self, Weight};
use crate::format::{NumberStyle, compact, humanize, measure_format, number};
use crate::svg::Path;

/// How thick the arc is, as a share of its radius.
const THICKNESS: f64 = 0.2;

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>) {
    let column = series::columns(data, Role::Measure, scene).first().copied();
    let value = column.map(|column| data.value(column, 0));
    let (Some(column), Some(value), Some(amount)) = (column, value, value.and_then(drawn)) else {
        frame::message(scene, frame::NO_DATA);
        return;
    };
    let name = &data.columns[column].name;
    let format = measure_format(scene.widget, name, scene.options.format);
    let goal = scene.options.goal;
    let is_share = format.style == NumberStyle::Percent && (0.0..=1.0).contains(&amount);
    let default_most = if is_share { 1.0 } else { goal.unwrap_or(amount).max(amount) };
    let axis = ValueAxis::new(Demand {
        least: amount.min(0.0),
        most: default_most,
        with_zero: true,
        is_whole: false,
        minimum: scene.options.minimum,
        maximum: scene.options.maximum,
        count: 4,
    });
    let area = scene.area;
    // Half a circle, with a row of labels under it.
    let radius = (area.width() / 2.0).min(area.height() - 22.0).clamp(10.0, 220.0);
    let (x, _) = area.center();
    let y = area.top + (area.height() - 22.0 - radius) / 2.0 + radius;
    let share = axis.share(amount).clamp(0.0, 1.0);
    let color = scene.series_color(0);
    scene.svg.tag("path").set("fill", scene.colors.track).set("d", arc((x, y), radius, 0.0, 1.0)).empty();
    let label = number(value, format).unwrap_or_default();
    let end = if share > 0.0 { share } else { 0.002 };
    let tag = scene.svg.tag("path").set("fill", color).set("d", arc((x, y), radius, 0.0, end));
    end_mark(tag, "", &humanize(name), value, &label);
    if let Some(goal) = goal.filter(|goal| axis.contains(*goal)) {
        draw_goal(scene, (x, y), radius, axis.share(goal), &format!("Goal {}", compact(goal, format)));
    }
    let inner = radius * (1.0 - THICKNESS);
    let room = inner * 1.7;
    let mut size = (radius * 0.34).clamp(13.0, 48.0);
    while size > 11.0 && font::width(&label, size, Weight::Bold) > room {
        size -= 1.0;
    }
    scene.svg.tag("g").set("text-anchor", "middle").number("font-size", size).open();
    scene.label(&label, (x, y - radius * 0.06), room, size, Weight::Bold);
    scene.svg.close("g");
    scene
        .svg
        .tag("g")
        .set("fill", scene.colors.quiet_text)
        .number("font-size", SMALL)
        .set("text-anchor", "middle")
        .open();
    let middle = radius * (1.0 - THICKNESS / 2.0);
    for (end, at) in [(axis.low, x - middle), (axis.high, x + middle)] {
        let text = compact(end, format);
        let half = font::width(&text, SMALL, Weight::Regular) / 2.0;
        let at = at.max(area.left + half).min(area.right - half);
        scene.svg.tag("text").number("x", at).number("y", y + 17.0).text(&text);
    }
    scene.close_group();
}

/// A part of the half ring, from one share of it to another, from the left.
fn arc((x, y): (f64, f64), radius: f64, from: f64, to: f64) -> Path {
    let inner = radius * (1.0 - THICKNESS);
    let at = |share: f64, radius: f64| {
        let (sine, cosine) = (share * PI).sin_cos();
        [x - cosine * radius, y - sine * radius]
    };
    let [start, end, inner_end, inner_start] =
        [at(from, radius), at(to, radius), at(to, inner), at(from, inner)];
    let mut path = Path::default();
    path.command('M', &start)
        .command('A', &[radius, radius, 0.0, 0.0, 1.0, end[0], end[1]])
        .command('L', &inner_end)
        .command('A', &[inner, inner, 0.0, 0.0, 0.0, inner_start[0], inner_start[1]])
        .command('Z', &[]);
    path
}

fn draw_goal(scene: &mut Scene<'_>, (x, y): (f64, f64), radius: f64, share: f64, title: &str) {
    let (sine, cosine) = (share * PI).sin_cos();
    let at = |distance: f64| (x - cosine * distance, y - sine * distance);
    let (from, to) = (at(radius * (1.0 - THICKNESS) - 4.0), at(radius + 4.0));
    scene
        .svg
        .tag("line")
        .number("x1", from.0)
        .number("y1", from.1)
        .number("x2", to.0)
        .number("y2", to.1)
        .set("stroke", scene.colors.goal)
        .number("stroke-width", 2.5)
        .set("stroke-linecap", "round")
        .titled(title);
    // Under the number, where there is room.
    scene.open_labels(super::scene::Anchor::Middle);
    scene.label(title, (x, y + 17.0), radius, SMALL, Weight::Regular);
    scene.close_group();
}
