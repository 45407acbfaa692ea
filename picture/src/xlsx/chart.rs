//! Charts that a spreadsheet program draws itself, from the cells of the sheet. They are beside the rows.
//!
//! Where a second dimension splits the rows into series, they are in a small table between the rows and the chart, with a column a
//! series: a chart's series is one range of cells.

use std::collections::HashMap;

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLine, ChartMarker, ChartMarkerType, ChartSeries, ChartSolidFill, ChartType,
    Format, FormatBorder, Worksheet, XlsxError,
};
use shared::model::dashboard::{Widget, WidgetType};
use shared::model::result::Role;

use super::cell::{self, Place};
use super::column::Column;
use super::text::{clean, fit, prefix};
use crate::data::Data;
use crate::format::{NumberFormat, humanize, value};
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

const OTHER: &str = "Other";
const NONE: &str = "None";

/// The cells that a chart is drawn from.
pub(super) struct Source {
    chart_type: ChartType,
    widget_type: WidgetType,
    /// The column of the categories, or of what is across.
    categories: Option<u16>,
    series: Vec<Series>,
    /// The column of the data that is across, and the one of values.
    across: u16,
    up: u16,
    /// The rows that the series have.
    rows: u32,
    pivot: Option<Pivot>,
    /// The first column beside all cells.
    beside: u16,
}

/// A series: its name, and the column of its values.
struct Series {
    name: String,
    values: u16,
}

/// Rows that a second dimension splits, with a column a series.
struct Pivot {
    /// Where it begins.
    left: u16,
    /// For each row of it, the row of the data that has its category.
    categories: Vec<usize>,
    /// For each row of it and each series, the row and the column of the data that has the value.
    cells: Vec<Vec<Option<(usize, u16)>>>,
    /// The column of the categories in the data.
    dimension: u16,
}

impl Source {
    /// What the chart of a widget is drawn from. None if it is of a type that spreadsheet programs do not draw, or of too much.
    pub(super) fn of(widget: &Widget, data: &Data<'_>, options: &ChartOptions, rows: u32) -> Option<Self> {
        let chart_type = chart_type(widget.widget_type, options)?;
        if rows == 0 || rows > MAX_ROWS {
            return None;
        }
        let columns = |role| {
            let columns = (0_u16..).zip(data.columns).filter(move |(_, column)| column.role == role);
            columns.map(|(index, _)| index).collect::<Vec<u16>>()
        };
        let (dimensions, measures) = (columns(Role::Dimension), columns(Role::Measure));
        let gap = u16::try_from(data.columns.len()).ok()?.checked_add(1)?;
        let mut source = Self {
            chart_type,
            widget_type: widget.widget_type,
            categories: dimensions.first().copied(),
            series: Vec::new(),
            across: dimensions.first().copied().unwrap_or_default(),
            up: measures.first().copied().unwrap_or_default(),
            rows,
            pivot: None,
            beside: gap,
        };
        let own = |values: &u16| Series { name: heading(data, *values), values: *values };
        if widget.widget_type == WidgetType::Scatter {
            source.categories = measures.first().copied();
            source.series = measures.iter().skip(1).take(1).map(own).collect();
            source.across = measures.first().copied().unwrap_or_default();
            source.up = measures.get(1).copied().unwrap_or_default();
        } else if let [dimension, split, ..] = dimensions[..] {
            let (pivot, names) = Pivot::of(data, (dimension, split), &measures, rows, gap)?;
            source.series =
                names.into_iter().zip(gap + 1..).map(|(name, values)| Series { name, values }).collect();
            source.categories = Some(gap);
            source.rows = u32::try_from(pivot.cells.len()).ok()?;
            source.beside = gap.checked_add(u16::try_from(source.series.len()).ok()?)?.checked_add(2)?;
            source.pivot = Some(pivot);
        } else {
            source.series = measures.iter().map(own).collect();
        }
        (!source.series.is_empty() && source.series.len() <= MAX_SERIES).then_some(source)
    }

    /// Writes the heading of the small table, if there is one.
    pub(super) fn write_heading(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        if self.pivot.is_none() {
            return Ok(());
        }
        let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        for series in &self.series {
            sheet.write_string_with_format(0, series.values, fit(&series.name).0, &bold)?;
        }
        Ok(())
    }

    /// Writes the row of the small table that is beside a row of the data, if there is one.
    pub(super) fn write_row(
        &self,
        sheet: &mut Worksheet,
        data: &Data<'_>,
        columns: &[Column],
        row: u32,
    ) -> Result<(), XlsxError> {
        let index = row as usize;
        let Some(pivot) = &self.pivot else { return Ok(()) };
        let (Some(of_data), Some(cells)) = (pivot.categories.get(index), pivot.cells.get(index)) else {
            return Ok(());
        };
        let place = |column| Place { row: row + 1, column };
        let category = if data.other_row == Some(*of_data) {
            Value::Text(OTHER)
        } else {
            data.value(pivot.dimension.into(), *of_data)
        };
        if let Some(column) = columns.get(usize::from(pivot.dimension)) {
            cell::write(sheet, place(pivot.left), category, &column.rows, data.zone)?;
        }
        for (series, cell) in self.series.iter().zip(cells) {
            let Some((of_data, measure)) = cell else { continue };
            let value = data.value((*measure).into(), *of_data);
            if let Some(column) = columns.get(usize::from(*measure)) {
                cell::write(sheet, place(series.values), value, &column.rows, data.zone)?;
            }
        }
        Ok(())
    }

    /// Puts the chart beside the cells of the sheet.
    pub(super) fn insert(
        &self,
        sheet: &mut Worksheet,
        name: &str,
        widget: &Widget,
        options: &ChartOptions,
        columns: &[Column],
    ) -> Result<(), XlsxError> {
        let mut chart = Chart::new(self.chart_type);
        let title = clean(widget.title.as_str());
        chart.set_width(SIZE.0).set_height(SIZE.1).set_alt_text(title.as_ref());
        chart.title().set_name(chart_name(&title).as_str());
        for (index, one) in self.series.iter().enumerate() {
            let drawn = chart.add_series();
            drawn.set_name(chart_name(&clean(&one.name)).as_str());
            drawn.set_values((name, 1, one.values, self.rows, one.values));
            if let Some(categories) = self.categories {
                drawn.set_categories((name, 1, categories, self.rows, categories));
            }
            if self.widget_type != WidgetType::Pie {
                color(drawn, self.widget_type, options, index);
            }
        }
        self.set_axes(&mut chart, columns);
        let has_legend = self.series.len() > 1 || self.widget_type == WidgetType::Pie;
        if !options.legend.unwrap_or(has_legend) {
            chart.legend().set_hidden();
        }
        sheet.insert_chart(1, self.beside, &chart)?;
        Ok(())
    }

    /// Writes the values of axes as the cells are written.
    fn set_axes(&self, chart: &mut Chart, columns: &[Column]) {
        if self.widget_type == WidgetType::Pie {
            return;
        }
        let across = columns.get(usize::from(self.across));
        let up = columns.get(usize::from(self.up));
        if let Some(across) = across {
            chart.x_axis().set_num_format(&across.code);
            if across.is_date && self.widget_type != WidgetType::Scatter {
                chart.x_axis().set_date_axis(true);
            }
        }
        if let Some(up) = up {
            chart.y_axis().set_num_format(&up.code);
        }
        let [red, green, blue] = Theme::Light.colors().grid.parts();
        let grid = rust_xlsxwriter::Color::RGB(u32::from_be_bytes([0, red, green, blue]));
        chart.y_axis().set_major_gridlines_line(ChartLine::new().set_color(grid));
    }
}

impl Pivot {
    /// The small table and the names of its series. None if there are too many.
    fn of(
        data: &Data<'_>,
        (dimension, split): (u16, u16),
        measures: &[u16],
        rows: u32,
        left: u16,
    ) -> Option<(Self, Vec<String>)> {
        let mut categories: HashMap<String, usize> = HashMap::new();
        let mut splits: Vec<String> = Vec::new();
        let mut pivot = Self { left, categories: Vec::new(), cells: Vec::new(), dimension };
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for row in 0..rows as usize {
            let next = categories.len();
            let category = *categories.entry(label(data, dimension, row)).or_insert(next);
            if category == next {
                pivot.categories.push(row);
            }
            let name = label(data, split, row);
            let index = splits.iter().position(|other| *other == name).unwrap_or_else(|| {
                splits.push(name);
                splits.len() - 1
            });
            if splits.len() * measures.len() > MAX_SERIES {
                return None;
            }
            found.push((category, index, row));
        }
        pivot.cells = vec![vec![None; splits.len() * measures.len()]; categories.len()];
        for (category, split, row) in found {
            for (index, measure) in measures.iter().enumerate() {
                pivot.cells[category][split * measures.len() + index] = Some((row, *measure));
            }
        }
        let names = splits.iter().flat_map(|split| {
            measures.iter().map(move |measure| match measures.len() {
                1 => split.clone(),
                _ => format!("{split}, {}", heading(data, *measure)),
            })
        });
        let names = names.collect();
        Some((pivot, names))
    }
}

/// A name in a chart, as a text: `rust_xlsxwriter` takes what looks like a reference to cells (`Wow!Q1`), or begins with `=`, for one. What
/// is not seen at both ends makes it look like none.
fn chart_name(name: &str) -> String {
    const UNSEEN: char = '\u{200b}';
    if name.starts_with('=') || name.contains('!') {
        format!("{UNSEEN}{}{UNSEEN}", prefix(name, MAX_NAME_UNITS - 2))
    } else {
        prefix(name, MAX_NAME_UNITS).to_owned()
    }
}

/// The name of a column, for people.
fn heading(data: &Data<'_>, column: u16) -> String {
    data.columns
        .get(usize::from(column))
        .map(|column| humanize(&column.name).into_owned())
        .unwrap_or_default()
}

/// A value of a dimension, for people.
fn label(data: &Data<'_>, column: u16, row: usize) -> String {
    match (data.value(column.into(), row), data.columns.get(usize::from(column))) {
        (Value::Null, _) if data.other_row == Some(row) => OTHER.to_owned(),
        (Value::Null, _) | (_, None) => NONE.to_owned(),
        (of, Some(column)) => value(of, column, NumberFormat::default(), data.zone),
    }
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

/// Gives a series the color that it has in the drawing.
fn color(series: &mut ChartSeries, widget_type: WidgetType, options: &ChartOptions, index: usize) {
    let color = options
        .colors
        .get(index)
        .copied()
        .flatten()
        .unwrap_or_else(|| Theme::Light.colors().of_series(index));
    let [red, green, blue] = color.parts();
    let color = rust_xlsxwriter::Color::RGB(u32::from_be_bytes([0, red, green, blue]));
    let mut format = ChartFormat::new();
    match widget_type {
        WidgetType::Line => {
            series.set_format(format.set_line(ChartLine::new().set_color(color).set_width(2)));
        }
        WidgetType::Scatter => {
            let mut marker = ChartMarker::new();
            let fill = ChartSolidFill::new().set_color(color).clone();
            marker
                .set_type(ChartMarkerType::Circle)
                .set_size(6)
                .set_format(ChartFormat::new().set_solid_fill(&fill));
            series.set_marker(&marker);
        }
        _ => {
            let fill = ChartSolidFill::new().set_color(color).clone();
            series.set_format(format.set_solid_fill(&fill));
        }
    }
}
