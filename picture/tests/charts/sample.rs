//! A widget with data, column by column.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use picture::{Content, Data, Size, Theme, chart};
use serde_json::{Value, json};
use shared::model::dashboard::Widget;
use shared::model::query::{TimeUnit, ZoneName};
use shared::model::result::{ResultColumn, Role};
use shared::model::table::{Cell, ColumnType};

/// A widget and the rows of its query.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) widget: Widget,
    pub(crate) columns: Vec<ResultColumn>,
    pub(crate) values: Vec<ArrayRef>,
    pub(crate) totals: Option<Vec<Cell>>,
    pub(crate) other_row: Option<usize>,
    pub(crate) failure: Option<String>,
    pub(crate) size: Size,
}

impl Sample {
    /// A sample without columns.
    #[expect(clippy::needless_pass_by_value, reason = "options are written where they are used")]
    pub(crate) fn new(
        name: &'static str,
        widget_type: &str,
        title: &str,
        query: Value,
        options: Value,
    ) -> Self {
        let mut widget = json!({
            "id": 7, "title": title, "type": widget_type, "options": options,
            "position": {"x": 0, "y": 0, "width": 6, "height": 4},
        });
        if !query.is_null() {
            widget["data_source"] = json!(1);
            widget["query"] = query;
            for list in ["filters", "having", "order_by"] {
                widget["query"][list] = json!([]);
            }
        }
        let widget = serde_json::from_value(widget).unwrap();
        let (columns, values) = (Vec::new(), Vec::new());
        Self {
            name,
            widget,
            columns,
            values,
            totals: None,
            other_row: None,
            failure: None,
            size: Size::default(),
        }
    }

    fn column(
        mut self,
        name: &str,
        role: Role,
        column_type: ColumnType,
        grain: Option<TimeUnit>,
        values: ArrayRef,
    ) -> Self {
        self.columns.push(ResultColumn { name: name.to_owned(), column_type, role, grain });
        self.values.push(values);
        self
    }

    /// A dimension of texts.
    pub(crate) fn texts<'t>(self, name: &str, values: impl IntoIterator<Item = Option<&'t str>>) -> Self {
        let values: StringArray = values.into_iter().collect();
        self.column(name, Role::Dimension, ColumnType::Text, None, Arc::new(values))
    }

    /// A dimension of days.
    pub(crate) fn days(
        self,
        name: &str,
        grain: Option<TimeUnit>,
        values: impl IntoIterator<Item = i32>,
    ) -> Self {
        let values = Date32Array::from_iter_values(values);
        self.column(name, Role::Dimension, ColumnType::Date, grain, Arc::new(values))
    }

    /// A dimension of instants.
    pub(crate) fn instants(self, name: &str, grain: Option<TimeUnit>, values: Vec<i64>) -> Self {
        let values = TimestampMicrosecondArray::from(values).with_timezone("UTC");
        self.column(name, Role::Dimension, ColumnType::Datetime, grain, Arc::new(values))
    }

    /// A measure of whole numbers.
    pub(crate) fn integers(self, name: &str, values: impl IntoIterator<Item = i64>) -> Self {
        let values = Int64Array::from_iter_values(values);
        self.column(name, Role::Measure, ColumnType::Integer, None, Arc::new(values))
    }

    /// A measure of floats, some of which may be missing.
    pub(crate) fn floats(self, name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        let values: Float64Array = values.into_iter().collect();
        self.column(name, Role::Measure, ColumnType::Number, None, Arc::new(values))
    }

    /// A measure of amounts in cents.
    pub(crate) fn cents(self, name: &str, values: impl IntoIterator<Item = i128>) -> Self {
        let values = Decimal128Array::from_iter_values(values).with_precision_and_scale(38, 2).unwrap();
        self.column(name, Role::Measure, ColumnType::Number, None, Arc::new(values))
    }

    /// A measure of exact decimals.
    pub(crate) fn decimals(self, name: &str, scale: i8, values: impl IntoIterator<Item = i128>) -> Self {
        let values = Decimal128Array::from_iter_values(values).with_precision_and_scale(38, scale).unwrap();
        self.column(name, Role::Measure, ColumnType::Number, None, Arc::new(values))
    }

    pub(crate) fn sized(mut self, width: u32, height: u32) -> Self {
        self.size = Size { width, height };
        self
    }

    /// The drawing.
    pub(crate) fn draw(&self, theme: Theme) -> String {
        let zone = ZoneName::parse("Europe/Berlin").unwrap();
        let data = Data {
            columns: &self.columns,
            values: &self.values,
            row_count: self.values.first().map_or(0, |values| values.len()),
            totals: self.totals.as_deref(),
            other_row: self.other_row,
            truncated: false,
            zone: &zone,
        };
        let content = match &self.failure {
            Some(reason) => Content::Failure(reason),
            None if self.widget.query.is_none() => Content::Text,
            None => Content::Data(data),
        };
        chart(&self.widget, content, self.size, theme, true)
    }
}
