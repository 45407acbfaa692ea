//! Rows as series: for each a value at every position of the first dimension.

use std::collections::HashMap;

use shared::model::query::TimeUnit;
use shared::model::result::{ResultColumn, Role};
use shared::model::table::ColumnType;

use super::axis::time::{Clock, Moment};
use super::scene::Scene;
use crate::data::Data;
use crate::exact;
use crate::format::{self, BEFORE, NumberFormat, humanize, measure_format};
use crate::svg::Tag;
use crate::theme::Color;
use crate::value::Value;

/// How many positions an axis has at most; what is beyond them is said to be left out.
pub(super) const MAX_POSITIONS: usize = 1_000;

/// How many series there are at most.
const MAX_SERIES: usize = 50;

/// Values beyond this are drawn at it: sums and differences of them are still numbers.
pub(super) const MAX_DRAWN: f64 = 1e300;

/// Values nearer to zero than this are drawn at it: axes have steps that are still floats of full precision.
pub(super) const MIN_DRAWN: f64 = 1e-280;

/// The name of the rest of `top`.
const OTHER: &str = "Other";

/// Where on the axis of the first dimension.
#[derive(Clone, Debug)]
pub(super) struct Position {
    /// What it is called.
    pub(super) label: String,
    /// When it is, if the axis is one of time.
    pub(super) moment: Option<Moment>,
    /// Whether it is the rest of `top`.
    pub(super) is_other: bool,
}

/// One series.
#[derive(Clone, Debug)]
pub(super) struct Series<'a> {
    /// What it is called.
    pub(super) name: String,
    /// Its value at each position. None where there is no row, which differs from a row that says that there is nothing.
    pub(super) values: Vec<Option<Value<'a>>>,
    /// Whether it is what is compared with.
    pub(super) is_before: bool,
    /// Its color.
    pub(super) color: Color,
    /// How its values are written.
    pub(super) format: NumberFormat,
}

/// What a chart with axes shows.
#[derive(Clone, Debug)]
pub(super) struct Chart<'a> {
    pub(super) positions: Vec<Position>,
    pub(super) series: Vec<Series<'a>>,
    /// What the values are, if that is one thing.
    pub(super) measure: Option<String>,
    /// By what times are grouped, and whether the axis is one of time.
    pub(super) clock: Option<Clock<'a>>,
    /// How many positions or series are left out.
    pub(super) left_out: usize,
}

/// What tells values of a dimension apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    Other,
    Null,
    Text(&'a str),
    Number(i128, i8),
    Bits(u64),
}

impl<'a> Key<'a> {
    fn of(value: Value<'a>, is_other: bool) -> Self {
        match value {
            Value::Null if is_other => Self::Other,
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text),
            Value::Integer(integer) => Self::Number(i128::from(integer), 0),
            Value::Decimal(units, scale) => Self::Number(units, scale),
            Value::Float(float) => Self::Bits(float.to_bits()),
            Value::Boolean(is_true) => Self::Number(i128::from(is_true), 0),
            Value::Date(day) => Self::Number(i128::from(day), 0),
            Value::Datetime(instant) => Self::Number(i128::from(instant), 0),
        }
    }
}

/// A number to draw at. None for what is no number.
pub(super) fn drawn(value: Value<'_>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "pixels are far coarser")]
    let number = match value {
        Value::Integer(integer) => integer as f64,
        Value::Decimal(units, scale) => units as f64 / 10_f64.powi(i32::from(scale)),
        Value::Float(float) => float,
        _ => return None,
    };
    let number = if number.abs() < MIN_DRAWN { 0.0 } else { number };
    number.is_finite().then(|| number.clamp(-MAX_DRAWN, MAX_DRAWN))
}

/// A number as the API writes it in JSON. Empty for what is no number.
pub(super) fn json(value: Value<'_>) -> String {
    let mut json = String::new();
    if matches!(value, Value::Integer(_) | Value::Decimal(..) | Value::Float(_)) {
        exact::write(&mut json, value);
    }
    json
}

/// The columns of a role, in their order; of measures not those that `compare` adds.
pub(super) fn columns(data: &Data<'_>, role: Role, scene: &Scene<'_>) -> Vec<usize> {
    let with_role = (0..data.columns.len()).filter(|index| data.columns[*index].role == role);
    with_role.filter(|index| !is_before(&data.columns[*index].name, scene)).collect()
}

/// Whether a column is one that `compare` adds.
pub(super) fn is_before(name: &str, scene: &Scene<'_>) -> bool {
    let query = scene.widget.query.as_ref().filter(|query| query.compare.is_some());
    query.is_some_and(|query| query.measures.iter().any(|measure| measure.output_before() == name))
}

/// The column of what a measure was before.
pub(super) fn before(data: &Data<'_>, column: usize, scene: &Scene<'_>) -> Option<usize> {
    let name = format!("{}{BEFORE}", data.columns[column].name);
    data.columns.iter().position(|other| other.name == name && is_before(&name, scene))
}

/// What a value of a dimension is called.
pub(super) fn name(data: &Data<'_>, column: usize, row: usize) -> String {
    let value = data.value(column, row);
    if value == Value::Null && data.other_row == Some(row) {
        return OTHER.to_owned();
    }
    match format::value(value, &data.columns[column], NumberFormat::default(), data.zone) {
        empty if empty.trim().is_empty() => "(empty)".to_owned(),
        missing if value == Value::Null => {
            debug_assert_eq!(missing, format::MISSING);
            "(none)".to_owned()
        }
        name => name,
    }
}

fn is_time(column: &ResultColumn) -> bool {
    matches!(column.column_type, ColumnType::Date | ColumnType::Datetime)
}

/// Puts rows into series.
pub(super) fn chart<'a>(scene: &Scene<'_>, data: &Data<'a>) -> Chart<'a> {
    let dimensions = columns(data, Role::Dimension, scene);
    let measures = columns(data, Role::Measure, scene);
    let first = dimensions.first().copied();
    let clock = first.filter(|column| is_time(&data.columns[*column])).map(|column| {
        let column = &data.columns[column];
        Clock::new(
            column.grain,
            column.column_type == ColumnType::Datetime && is_instant(column.grain),
            data.zone,
        )
    });
    let mut places = Places { positions: Vec::new(), seen: HashMap::new(), left_out: 0 };
    let rows: Vec<Option<usize>> =
        (0..data.row_count).map(|row| places.place(data, first, row, clock.as_ref())).collect();
    let mut builder =
        Builder { scene, data, rows: &rows, position_count: places.positions.len(), series: Vec::new() };
    let mut left_out = places.left_out;
    let measure = match measures.as_slice() {
        [one] => Some(humanize(&data.columns[*one].name).into_owned()),
        _ => None,
    };
    match dimensions.get(1) {
        None => builder.add_measures(&measures),
        Some(second) => left_out += builder.add_split(*second, &measures),
    }
    let series = builder.series;
    let mut chart = Chart { positions: places.positions, series, measure, clock, left_out };
    if chart.clock.is_some() {
        chart.sort_by_time();
    }
    chart
}

/// Whether a datetime grouped so is an instant and not a day.
fn is_instant(grain: Option<TimeUnit>) -> bool {
    matches!(grain, None | Some(TimeUnit::Hour))
}

struct Places<'a> {
    positions: Vec<Position>,
    seen: HashMap<Key<'a>, usize>,
    left_out: usize,
}

impl<'a> Places<'a> {
    /// Which position a row is at. None for what has no place on the axis.
    fn place(
        &mut self,
        data: &Data<'a>,
        column: Option<usize>,
        row: usize,
        clock: Option<&Clock<'a>>,
    ) -> Option<usize> {
        let Some(column) = column else {
            if self.positions.is_empty() {
                self.positions.push(Position { label: String::new(), moment: None, is_other: false });
            }
            return Some(0);
        };
        let value = data.value(column, row);
        let is_other = data.other_row == Some(row) && value == Value::Null;
        let key = Key::of(value, is_other);
        if let Some(position) = self.seen.get(&key) {
            return Some(*position);
        }
        let moment = clock.and_then(|clock| clock.moment(value));
        let has_place = clock.is_none() || moment.is_some();
        if !has_place || self.positions.len() >= MAX_POSITIONS {
            self.left_out += 1;
            return None;
        }
        self.positions.push(Position { label: name(data, column, row), moment, is_other });
        self.seen.insert(key, self.positions.len() - 1);
        Some(self.positions.len() - 1)
    }
}

struct Builder<'b, 'a> {
    scene: &'b Scene<'b>,
    data: &'b Data<'a>,
    rows: &'b [Option<usize>],
    position_count: usize,
    series: Vec<Series<'a>>,
}

impl<'a> Builder<'_, 'a> {
    fn format_of(&self, column: usize) -> NumberFormat {
        measure_format(self.scene.widget, &self.data.columns[column].name, self.scene.options.format)
    }

    /// A series for each measure, and for what each was before.
    fn add_measures(&mut self, measures: &[usize]) {
        for (index, column) in measures.iter().copied().enumerate() {
            let name = humanize(&self.data.columns[column].name).into_owned();
            let color = self.scene.series_color(index);
            let all: Vec<usize> = (0..self.data.row_count).collect();
            self.add(name, column, &all, color);
        }
    }

    /// A series for each value of a dimension and each measure. Returns how many values are left out.
    fn add_split(&mut self, dimension: usize, measures: &[usize]) -> usize {
        let mut groups: Vec<(String, bool, Vec<usize>)> = Vec::new();
        let mut seen = HashMap::new();
        for row in 0..self.data.row_count {
            let value = self.data.value(dimension, row);
            let is_other = self.data.other_row == Some(row) && value == Value::Null;
            let group = *seen.entry(Key::of(value, is_other)).or_insert_with(|| {
                groups.push((name(self.data, dimension, row), is_other, Vec::new()));
                groups.len() - 1
            });
            groups[group].2.push(row);
        }
        let left_out = groups.len().saturating_sub(MAX_SERIES);
        groups.truncate(MAX_SERIES);
        let mut index = 0;
        for (group, is_other, rows) in groups {
            for column in measures.iter().copied() {
                let name = if measures.len() == 1 {
                    group.clone()
                } else {
                    format!("{group} · {}", humanize(&self.data.columns[column].name))
                };
                let color = if is_other { self.scene.colors.neutral } else { self.scene.series_color(index) };
                index += usize::from(!is_other);
                self.add(name, column, &rows, color);
            }
        }
        left_out
    }

    fn add(&mut self, name: String, column: usize, rows: &[usize], color: Color) {
        let format = self.format_of(column);
        if let Some(before) = before(self.data, column, self.scene) {
            let values = self.values(before, rows);
            let is_only = self.series.is_empty() && rows.len() == self.data.row_count;
            let faded =
                if is_only { self.scene.colors.neutral } else { color.mixed(self.scene.colors.ground, 0.4) };
            let name = format!("{name} before");
            self.series.push(Series { name, values, is_before: true, color: faded, format });
        }
        let values = self.values(column, rows);
        self.series.push(Series { name, values, is_before: false, color, format });
    }

    fn values(&self, column: usize, rows: &[usize]) -> Vec<Option<Value<'a>>> {
        let mut values = vec![None; self.position_count];
        for row in rows {
            if let Some(position) = self.rows[*row] {
                values[position] = Some(self.data.value(column, *row));
            }
        }
        values
    }
}

impl Series<'_> {
    /// Its number at a position.
    pub(super) fn number(&self, position: usize) -> Option<f64> {
        drawn(self.values.get(position).copied().flatten()?)
    }
}

/// Gives a mark its value: as `data-*` for programs, and as the title that it ends with for people.
pub(super) fn end_mark(tag: Tag<'_>, dimension: &str, series: &str, value: Value<'_>, label: &str) {
    let tag = if dimension.is_empty() { tag } else { tag.attribute("data-dimension", dimension) };
    let tag = if series.is_empty() { tag } else { tag.attribute("data-series", series) };
    let title = match (dimension, series) {
        ("", "") => label.to_owned(),
        (name, "") | ("", name) => format!("{name}: {label}"),
        (dimension, series) => format!("{series}, {dimension}: {label}"),
    };
    tag.set("data-value", json(value)).attribute("data-label", label).titled(&title);
}

impl Chart<'_> {
    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers().next().is_none()
    }

    /// Whether all values are whole numbers, so that an axis needs no others.
    pub(super) fn is_whole(&self) -> bool {
        let mut values = self.series.iter().flat_map(|series| &series.values);
        values.all(|value| matches!(value, Some(Value::Integer(_) | Value::Null) | None))
    }

    /// All numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.values.iter().filter_map(|value| drawn((*value)?)))
    }

    fn sort_by_time(&mut self) {
        let mut order: Vec<usize> = (0..self.positions.len()).collect();
        let at = |index: &usize| self.positions[*index].moment.map_or(f64::MAX, |moment| moment.index);
        if order.is_sorted_by_key(at) {
            return;
        }
        order.sort_by(|a, b| at(a).total_cmp(&at(b)));
        self.positions = order.iter().map(|index| self.positions[*index].clone()).collect();
        for series in &mut self.series {
            series.values = order.iter().map(|index| series.values[*index]).collect();
        }
    }
}
