//! What a picture shows, in a sentence for those who do not see it.

use shared::model::dashboard::{Widget, WidgetType};
use shared::model::result::Role;

use super::Content;
use super::series::drawn;
use crate::data::Data;
use crate::format::{self, NumberFormat, humanize, measure_format};
use crate::options::ChartOptions;

/// How long a description of a text is at most, in characters.
const MAX_TEXT: usize = 300;

pub(super) fn describe(widget: &Widget, content: &Content<'_>) -> String {
    match content {
        Content::Failure(reason) => format!("{}: {reason}", noun(widget.widget_type)),
        Content::Text => ChartOptions::of(&widget.options).text.chars().take(MAX_TEXT).collect(),
        Content::Data(data) if data.row_count == 0 => format!("{}: no data.", noun(widget.widget_type)),
        Content::Data(data) => describe_data(widget, data),
    }
}

fn noun(widget_type: WidgetType) -> &'static str {
    match widget_type {
        WidgetType::Line => "Line chart",
        WidgetType::Bar => "Bar chart",
        WidgetType::Area => "Area chart",
        WidgetType::Pie => "Pie chart",
        WidgetType::Scatter => "Scatter chart",
        WidgetType::Metric => "Metric",
        WidgetType::Table => "Table",
        WidgetType::Funnel => "Funnel",
        WidgetType::Gauge => "Gauge",
        WidgetType::Heatmap => "Heatmap",
        WidgetType::Text => "Text",
    }
}

/// As in: "Line chart of Revenue by Month: 12 rows, €1,200 to €4,500."
fn describe_data(widget: &Widget, data: &Data<'_>) -> String {
    let named = |role: Role| {
        let of_role = data.columns.iter().filter(move |column| column.role == role);
        of_role.map(|column| humanize(&column.name).into_owned()).collect::<Vec<_>>()
    };
    let (measures, dimensions) = (named(Role::Measure), named(Role::Dimension));
    let mut out = noun(widget.widget_type).to_owned();
    for (word, names) in [("of", measures), ("by", dimensions)] {
        if !names.is_empty() {
            out = format!("{out} {word} {}", names.join(" and "));
        }
    }
    let format = ChartOptions::of(&widget.options).format;
    let Some(column) = data.columns.iter().position(|column| column.role == Role::Measure) else {
        return format!("{out}: {}.", rows(data.row_count));
    };
    let format = measure_format(widget, &data.columns[column].name, format);
    let written =
        |row: usize| format::value(data.value(column, row), &data.columns[column], format, data.zone);
    if data.row_count == 1 {
        return format!("{out}: {}.", written(0));
    }
    let numbers: Vec<(usize, f64)> =
        (0..data.row_count).filter_map(|row| Some((row, drawn(data.value(column, row))?))).collect();
    let least = numbers.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let most = numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    match (least, most) {
        (Some((least, _)), Some((most, _))) => {
            format!("{out}: {}, {} to {}.", rows(data.row_count), written(*least), written(*most))
        }
        _ => format!("{out}: {}, no values.", rows(data.row_count)),
    }
}

fn rows(count: usize) -> String {
    let written = format::float(f64::from(u32::try_from(count).unwrap_or(u32::MAX)), NumberFormat::default());
    format!("{written} {}", if count == 1 { "row" } else { "rows" })
}
