//! One number, large; how it has changed, and how far it is from its goal.

use shared::model::result::Role;

use super::frame;
use super::scene::{Scene, TEXT};
use super::series::{self, drawn};
use crate::font::{self, Weight};
use crate::format::{self, NumberFormat, NumberStyle, compact, float, humanize, measure_format};
use crate::svg::Path;
use crate::value::Value;

pub(super) fn draw(scene: &mut Scene<'_>, data: &crate::Data<'_>) {
    let Some(column) = series::columns(data, Role::Measure, scene).first().copied() else {
        frame::message(scene, frame::NO_DATA);
        return;
    };
    let value = data.value(column, 0);
    if value == Value::Null {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    let of = &data.columns[column];
    let format = measure_format(scene.widget, &of.name, scene.options.format);
    let text = format::value(value, of, headline(value, format), data.zone);
    let before = series::before(data, column, scene).map(|column| data.value(column, 0));
    let goal = scene.options.goal.filter(|goal| *goal != 0.0);
    let area = scene.area;
    let mut size = (area.height() * 0.42).clamp(16.0, 60.0);
    while size > 14.0 && font::width(&text, size, Weight::Bold) > area.width() {
        size -= 1.0;
    }
    let extra = if before.is_some() { 30.0 } else { 0.0 } + if goal.is_some() { 40.0 } else { 0.0 };
    let block = size * 0.8 + extra;
    let mut y = area.top + ((area.height() - block) / 2.0).max(0.0) + size * 0.8;
    let whole = format::value(value, of, format, data.zone);
    let tag = scene.svg.tag("g").number("font-size", size).set("font-weight", "bold");
    end_group_mark(tag, &humanize(&of.name), value, &whole);
    scene.label(&text, (area.left, y), area.width() + 1.0, size, Weight::Regular);
    scene.svg.close("g");
    if let Some(before) = before {
        y += 30.0;
        draw_change(scene, value, before, y, format);
    }
    if let (Some(goal), Some(amount)) = (goal, drawn(value)) {
        y += 26.0;
        draw_progress(scene, amount, goal, y, format);
    }
}

/// A headline has no cents where there is much money.
fn headline(value: Value<'_>, format: NumberFormat) -> NumberFormat {
    let is_much = drawn(value).is_some_and(|amount| amount.abs() >= 10_000.0);
    match (format.style, format.decimals) {
        (NumberStyle::Currency, None) if is_much => NumberFormat { decimals: Some(0), ..format },
        _ => format,
    }
}

/// Opens a group that is a mark: it has its value, and text in it.
fn end_group_mark(tag: crate::svg::Tag<'_>, name: &str, value: Value<'_>, label: &str) {
    tag.attribute("data-series", name)
        .set("data-value", series::json(value))
        .attribute("data-label", label)
        .open();
}

fn draw_change(scene: &mut Scene<'_>, value: Value<'_>, before: Value<'_>, y: f64, format: NumberFormat) {
    let offset = scene
        .widget
        .query
        .as_ref()
        .and_then(|query| query.compare)
        .map(|compare| String::from(compare.offset));
    let since = offset.map_or_else(|| "vs. before".to_owned(), |offset| format!("vs. {offset} earlier"));
    let left = scene.area.left;
    let (Some(now), Some(then)) = (drawn(value), drawn(before)) else {
        scene.svg.tag("g").set("fill", scene.colors.quiet_text).open();
        scene.label(
            &format!("Nothing to compare with ({since})"),
            (left, y),
            scene.area.width(),
            TEXT,
            Weight::Regular,
        );
        scene.close_group();
        return;
    };
    let then_label = compact(then, format);
    // A share has changed by points, which a percentage of it would hide; from nothing there is no percentage.
    let change = (then != 0.0).then(|| (now - then) / then.abs()).filter(|change| change.is_finite());
    let color = if now > then {
        scene.colors.up
    } else if now < then {
        scene.colors.down
    } else {
        scene.colors.quiet_text
    };
    let mut x = left;
    if (now - then).abs() > 0.0 {
        let mut arrow = Path::default();
        let (base, tip) = if now > then { (y, y - 9.0) } else { (y - 9.0, y) };
        arrow
            .command('M', &[x, base])
            .command('H', &[x + 10.0])
            .command('L', &[x + 5.0, tip])
            .command('Z', &[]);
        scene.svg.tag("path").set("fill", color).set("d", arrow).empty();
        x += 15.0;
    }
    let share = NumberFormat { style: NumberStyle::Percent, ..NumberFormat::default() };
    let text = match change {
        Some(change) if change.abs() >= 1_000.0 => compact(now - then, format),
        Some(change) => float(change.abs(), NumberFormat { decimals: Some(1), ..share }),
        None => compact(now - then, format),
    };
    let tag = scene
        .svg
        .tag("text")
        .number("x", x)
        .number("y", y)
        .set("fill", color)
        .set("font-weight", "bold")
        .number("font-size", 13.0);
    end_text_mark(tag, before, &then_label, &text);
    x += font::width(&text, 13.0, Weight::Bold) + 8.0;
    scene.svg.tag("g").set("fill", scene.colors.quiet_text).open();
    scene.label(&format!("{since} ({then_label})"), (x, y), scene.area.right - x, TEXT, Weight::Regular);
    scene.close_group();
}

fn end_text_mark(tag: crate::svg::Tag<'_>, value: Value<'_>, label: &str, text: &str) {
    tag.set("data-series", "before")
        .set("data-value", series::json(value))
        .attribute("data-label", label)
        .text(text);
}

fn draw_progress(scene: &mut Scene<'_>, amount: f64, goal: f64, y: f64, format: NumberFormat) {
    let area = scene.area;
    let width = area.width().min(360.0);
    let share = amount / goal;
    let filled = (share.clamp(0.0, 1.0) * width).max(0.0);
    let color = scene.series_color(0);
    for (width, color) in [(width, scene.colors.track), (filled, color)] {
        if width > 0.0 {
            scene
                .svg
                .tag("rect")
                .number("x", area.left)
                .number("y", y - 8.0)
                .number("width", width)
                .number("height", 6.0)
                .number("rx", 3.0)
                .set("fill", color)
                .empty();
        }
    }
    let percent = float(
        share,
        NumberFormat { style: NumberStyle::Percent, decimals: Some(0), ..NumberFormat::default() },
    );
    scene.svg.tag("g").set("fill", scene.colors.quiet_text).open();
    scene.label(
        &format!("{percent} of {}", compact(goal, format)),
        (area.left, y + 14.0),
        area.width(),
        TEXT,
        Weight::Regular,
    );
    scene.close_group();
}
