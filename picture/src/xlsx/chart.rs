//! Charts that a spreadsheet program draws itself, from the cells of the sheet. They are beside the rows.
//!
//! Where a second dimension splits the rows into series, a series is a block of rows that follow each other; rows that are ordered
//! otherwise get no chart, because a chart's series is one range of cells.

use rust_xlsxwriter::{Chart, ChartFormat, ChartLine, ChartSeries, ChartType, Worksheet, XlsxError};
use shared::model::dashboard::{Widget, WidgetType};
use shared::model::result::Role;

use super::text::{clean, prefix};
use crate::data::Data;
use crate::format::humanize;
use crate::options::ChartOptions;
use crate::theme::Theme;
use crate::value::Value;

/// Charts of more rows take a spreadsheet program seconds, and show nothing that could be told apart.
const MAX_ROWS: u32 = 5_000;

/// More series cannot be told apart, either.
const MAX_SERIES: usize = 20;

/// The size of a chart, in pixels.
const SIZE: (u32, u32) = (720, 400);

/// The UTF-16 units that the name of a series has.
const MAX_NAME_UNITS: usize = 255;

/// One series: the rows that it is, and the columns of what is on its axes.
struct Series {
    name: String,
    rows: (u32, u32),
    categories: Option<u16>,
    values: u16,
}

/// Puts the chart of a widget beside its rows, if it is of a type that spreadsheet programs draw.
pub(super) fn insert(
    sheet: &mut Worksheet,
    name: &str,
    widget: &Widget,
    data: &Data<'_>,
    options: &ChartOptions,
    rows: u32,
) -> Result<(), XlsxError> {
    let Some(chart_type) = chart_type(widget.widget_type, options) else { return Ok(()) };
    if rows == 0 || rows > MAX_ROWS {
        return Ok(());
    }
    let series = if widget.widget_type == WidgetType::Scatter { points(data, rows) } else { lines(data, rows) };
    if series.is_empty() || series.len() > MAX_SERIES {
        return Ok(());
    }
    let mut chart = Chart::new(chart_type);
    chart.set_width(SIZE.0).set_height(SIZE.1).set_alt_text(clean(widget.title.as_str()));
    let title = clean(widget.title.as_str());
    chart.title().set_name(prefix(&title, MAX_NAME_UNITS));
    for (index, one) in series.iter().enumerate() {
        let (first, last) = one.rows;
        let drawn: &mut ChartSeries = chart.add_series();
        drawn.set_name(&one.name).set_values((name, first, one.values, last, one.values));
        if let Some(categories) = one.categories {
            drawn.set_categories((name, first, categories, last, categories));
        }
        if widget.widget_type != WidgetType::Pie {
            color(drawn, widget.widget_type, options, index);
        }
    }
    if !options.legend.unwrap_or(series.len() > 1 || widget.widget_type == WidgetType::Pie) {
        chart.legend().set_hidden();
    }
    let beside = u16::try_from(data.columns.len()).unwrap_or(u16::MAX).saturating_add(1);
    sheet.insert_chart(1, beside, &chart)?;
    Ok(())
}

fn chart_type(widget_type: WidgetType, options: &ChartOptions) -> Option<ChartType> {
    match (widget_type, options.stacked) {
        (WidgetType::Line, _) => Some(ChartType::Line),
        (WidgetType::Bar, false) => Some(ChartType::Column),
        (WidgetType::Bar, true) => Some(ChartType::ColumnStacked),
        (WidgetType::Area, false) => Some(ChartType::Area),
        (WidgetType::Area, true) => Some(ChartType::AreaStacked),
        (WidgetType::Pie, _) => Some(ChartType::Pie),
        (WidgetType::Scatter, _) => Some(ChartType::Scatter),
        _ => None,
    }
}

/// The series of a chart with categories: each measure of each block of rows.
fn lines(data: &Data<'_>, rows: u32) -> Vec<Series> {
    let columns = |role| {
        (0_u16..).zip(data.columns).filter(move |(_, column)| column.role == role).map(|(index, _)| index)
    };
    let dimensions: Vec<u16> = columns(Role::Dimension).collect();
    let (categories, split) = (dimensions.first().copied(), dimensions.get(1).copied());
    let Some(blocks) = blocks(data, split, rows) else { return Vec::new() };
    let measures: Vec<u16> = columns(Role::Measure).collect();
    let mut series = Vec::new();
    for (block, rows) in &blocks {
        for values in &measures {
            let measure = data.columns.get(usize::from(*values)).map(|column| humanize(&column.name));
            let measure = measure.unwrap_or_default();
            let name = match block {
                None => measure.into_owned(),
                Some(block) if measures.len() == 1 => block.clone(),
                Some(block) => format!("{block}, {measure}"),
            };
            let name = prefix(&clean(&name), MAX_NAME_UNITS).to_owned();
            series.push(Series { name, rows: *rows, categories, values: *values });
        }
    }
    series
}

/// The rows of each value of the column that splits them. None where they do not follow each other.
fn blocks(data: &Data<'_>, split: Option<u16>, rows: u32) -> Option<Vec<(Option<String>, (u32, u32))>> {
    let Some(split) = split else { return Some(vec![(None, (1, rows))]) };
    let mut blocks: Vec<(Option<String>, (u32, u32))> = Vec::new();
    for row in 0..rows {
        let index = row as usize;
        let name = match data.value(split.into(), index) {
            _ if data.other_row == Some(index) => "Other".to_owned(),
            Value::Null => "None".to_owned(),
            value => crate::format::value(
                value,
                data.columns.get(usize::from(split))?,
                &crate::format::NumberFormat::default(),
                data.zone,
            ),
        };
        if let Some((_, (_, end))) = blocks.last_mut().filter(|(last, _)| last.as_ref() == Some(&name)) {
            *end = row + 1;
        } else if blocks.len() < MAX_SERIES && blocks.iter().all(|(other, _)| other.as_ref() != Some(&name)) {
            blocks.push((Some(name), (row + 1, row + 1)));
        } else {
            return None;
        }
    }
    Some(blocks)
}

/// The series of a scatter chart: the first measure is across, the second one is up.
fn points(data: &Data<'_>, rows: u32) -> Vec<Series> {
    let mut measures = (0_u16..).zip(data.columns).filter(|(_, column)| column.role == Role::Measure);
    let (Some((across, _)), Some((up, column))) = (measures.next(), measures.next()) else { return Vec::new() };
    let name = prefix(&clean(&humanize(&column.name)), MAX_NAME_UNITS).to_owned();
    vec![Series { name, rows: (1, rows), categories: Some(across), values: up }]
}

/// Gives a series the color that it has in the drawing.
fn color(series: &mut ChartSeries, widget_type: WidgetType, options: &ChartOptions, index: usize) {
    let color = options.colors.get(index).copied().flatten().unwrap_or_else(|| Theme::Light.colors().of_series(index));
    let [red, green, blue] = color.parts();
    let color = rust_xlsxwriter::Color::RGB(u32::from_be_bytes([0, red, green, blue]));
    let mut format = ChartFormat::new();
    match widget_type {
        WidgetType::Line => {
            series.set_format(format.set_line(ChartLine::new().set_color(color).set_width(2)));
        }
        WidgetType::Scatter => {
            let mut marker = rust_xlsxwriter::ChartMarker::new();
            let fill = rust_xlsxwriter::ChartSolidFill::new().set_color(color).clone();
            marker
                .set_type(rust_xlsxwriter::ChartMarkerType::Circle)
                .set_size(6)
                .set_format(ChartFormat::new().set_solid_fill(&fill));
            series.set_marker(&marker);
        }
        _ => {
            let fill = rust_xlsxwriter::ChartSolidFill::new().set_color(color).clone();
            series.set_format(format.set_solid_fill(&fill));
        }
    }
}
