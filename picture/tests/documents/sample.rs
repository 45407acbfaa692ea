//! Widgets and results to write.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, StringViewArray,
    TimestampMicrosecondArray,
};
use picture::Data;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};
use shared::model::dashboard::Widget;
use shared::model::query::{TimeUnit, ZoneName};
use shared::model::result::{ResultColumn, Role};
use shared::model::table::{Cell, ColumnType};

/// A result that owns what it is made of.
pub(crate) struct Rows {
    pub(crate) columns: Vec<ResultColumn>,
    pub(crate) values: Vec<ArrayRef>,
    pub(crate) totals: Option<Vec<Cell>>,
    pub(crate) other_row: Option<usize>,
    pub(crate) truncated: bool,
    pub(crate) zone: ZoneName,
}

impl Rows {
    pub(crate) fn new() -> Self {
        Self {
            columns: Vec::new(),
            values: Vec::new(),
            totals: None,
            other_row: None,
            truncated: false,
            zone: ZoneName::parse("Europe/Berlin").unwrap(),
        }
    }

    pub(crate) fn data(&self) -> Data<'_> {
        Data {
            columns: &self.columns,
            values: &self.values,
            row_count: self.values.first().map_or(0, |values| values.len()),
            totals: self.totals.as_deref(),
            other_row: self.other_row,
            truncated: self.truncated,
            zone: &self.zone,
        }
    }

    fn column(mut self, name: &str, column_type: ColumnType, role: Role, values: ArrayRef) -> Self {
        self.columns.push(ResultColumn { name: name.to_owned(), column_type, role, grain: None });
        self.values.push(values);
        self
    }

    pub(crate) fn text(self, name: &str, values: &[Option<&str>]) -> Self {
        let values: StringViewArray = values.iter().copied().collect();
        self.column(name, ColumnType::Text, Role::Dimension, Arc::new(values))
    }

    pub(crate) fn integer(self, name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        let values: Int64Array = values.into_iter().collect();
        self.column(name, ColumnType::Integer, Role::Measure, Arc::new(values))
    }

    pub(crate) fn number(self, name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        let values: Float64Array = values.into_iter().collect();
        self.column(name, ColumnType::Number, Role::Measure, Arc::new(values))
    }

    pub(crate) fn decimal(
        self,
        name: &str,
        scale: i8,
        values: impl IntoIterator<Item = Option<i128>>,
    ) -> Self {
        let values: Decimal128Array = values.into_iter().collect();
        let values = values.with_precision_and_scale(38, scale).unwrap();
        self.column(name, ColumnType::Number, Role::Measure, Arc::new(values))
    }

    pub(crate) fn boolean(self, name: &str, values: impl IntoIterator<Item = Option<bool>>) -> Self {
        let values: BooleanArray = values.into_iter().collect();
        self.column(name, ColumnType::Boolean, Role::Dimension, Arc::new(values))
    }

    pub(crate) fn date(
        mut self,
        name: &str,
        grain: Option<TimeUnit>,
        values: impl IntoIterator<Item = Option<i32>>,
    ) -> Self {
        let values: Date32Array = values.into_iter().collect();
        self = self.column(name, ColumnType::Date, Role::Dimension, Arc::new(values));
        self.columns.last_mut().unwrap().grain = grain;
        self
    }

    pub(crate) fn datetime(self, name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        let values: TimestampMicrosecondArray = values.into_iter().collect();
        self.column(name, ColumnType::Datetime, Role::Dimension, Arc::new(values))
    }

    /// The totals, as JSON.
    pub(crate) fn totals(mut self, totals: &[&str]) -> Self {
        let cells = totals.iter().map(|total| RawValue::from_string((*total).to_owned()).unwrap());
        self.totals = Some(cells.collect());
        self
    }

    pub(crate) fn other(mut self, row: usize) -> Self {
        self.other_row = Some(row);
        self
    }
}

/// A widget at a place `(x, y, width, height)`.
#[expect(clippy::needless_pass_by_value, reason = "options are written where they are passed")]
pub(crate) fn widget(
    id: u32,
    title: &str,
    widget_type: &str,
    place: (u32, u32, u32, u32),
    options: Json,
) -> Widget {
    serde_json::from_value(json!({
        "id": id,
        "title": title,
        "type": widget_type,
        "data_source": if widget_type == "text" { Json::Null } else { json!(1) },
        "query": null,
        "position": {"x": place.0, "y": place.1, "width": place.2, "height": place.3},
        "options": options,
    }))
    .unwrap()
}
