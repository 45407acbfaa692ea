//! A widget: one picture of data, or a text, at its place on a dashboard.

use std::collections::{BTreeSet, HashSet};

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::widget_type::WidgetType;
use crate::base::{DataSourceId, Fields, Name};
use crate::model::query::Query;

/// How many widgets a dashboard may have.
pub const MAX_WIDGETS: usize = 50;

/// How large all widgets of a dashboard may be as JSON, so that the dashboard fits DynamoDB's item of 400 KB.
const MAX_WIDGETS_BYTES: usize = 300_000;

const COLUMNS: u32 = 12;
const MAX_Y: u32 = 10_000;
const MAX_HEIGHT: u32 = 100;
const MAX_OPTIONS_BYTES: usize = 8_192;

/// A widget as it is stored and shown. A new one has no ID until it is on the dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(
    description = "A picture of data, or a text, at its place on a dashboard.",
    examples(json!({
        "id": 1,
        "title": "Revenue by region",
        "type": "pie",
        "data_source": 1,
        "query": {
            "dimensions": [{ "field": "region" }],
            "measures": [{ "field": "amount", "aggregation": "sum", "as": "revenue" }],
            "filters": [{ "field": "year", "operator": "eq", "values": [2026] }],
            "order_by": [{ "field": "revenue", "direction": "desc" }],
            "limit": 10,
        },
        "position": { "x": 0, "y": 1, "width": 6, "height": 4 },
        "options": {},
    })),
)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Widget {
    /// The widget's ID; left out of new widgets.
    #[deserr(default)]
    #[schema(minimum = 1)]
    pub id: Option<u32>,
    /// What is written above it.
    pub title: Name,
    /// What kind of picture it is.
    #[serde(rename = "type")]
    #[deserr(rename = "type")]
    pub widget_type: WidgetType,
    /// The ID of a data source; required but for a text.
    #[deserr(default)]
    #[schema(minimum = 1)]
    pub data_source: Option<u64>,
    /// What it shows; required but for a text.
    #[deserr(default)]
    pub query: Option<Query>,
    /// Where it is.
    pub position: Position,
    /// How it looks.
    #[deserr(default)]
    #[schema(required = false)]
    pub options: Options,
}

/// Its place on the grid of 12 columns, in cells. Widgets may overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
pub struct Position {
    /// The first column, from 0.
    #[schema(maximum = 11)]
    pub x: u32,
    /// The first row, from 0.
    #[schema(maximum = 10_000)]
    pub y: u32,
    /// At most 12 with `x`.
    #[schema(minimum = 1, maximum = 12)]
    pub width: u32,
    /// How many rows.
    #[schema(minimum = 1, maximum = 100)]
    pub height: u32,
}

/// How it looks; for whoever draws it to interpret. At most 8,192 bytes as JSON. A text has its `text` here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WidgetOptions, value_type = BTreeMap<String, Value>, default = json!({}))]
#[serde(transparent)]
pub struct Options(Map<String, Value>);

impl Options {
    /// What an option says.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

impl<E> Deserr<E> for Options
where
    E: deserr::DeserializeError,
{
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef,
    ) -> Result<Self, E> {
        match value {
            deserr::Value::Map(_) => match <Value as Deserr<E>>::deserialize_from_value(value, at)? {
                Value::Object(options) => Ok(Self(options)),
                _ => Ok(Self::default()),
            },
            other => Err(deserr::take_cf_content(E::error(
                None,
                deserr::ErrorKind::IncorrectValueKind { actual: other, accepted: &[deserr::ValueKind::Map] },
                at,
            ))),
        }
    }
}

impl Widget {
    /// The data source that it is over.
    pub fn data_source(&self) -> Option<DataSourceId> {
        self.data_source.map(DataSourceId::from)
    }

    fn check(&self, path: &str, fields: &mut Fields) {
        self.position.check(&format!("{path}.position"), fields);
        let options = serde_json::to_string(&self.options).map_or(usize::MAX, |text| text.len());
        if options > MAX_OPTIONS_BYTES {
            fields.add(
                format!("{path}.options"),
                format!("Must not be larger than {MAX_OPTIONS_BYTES} bytes as JSON."),
            );
        }
        if self.widget_type.shows_data() {
            self.check_data(path, fields);
        } else {
            self.check_text(path, fields);
        }
    }

    fn check_data(&self, path: &str, fields: &mut Fields) {
        let name = self.widget_type.as_str();
        if self.data_source.is_none() {
            fields.add(
                format!("{path}.data_source"),
                format!("This field is required for a widget of type {name}."),
            );
        }
        let path = format!("{path}.query");
        match &self.query {
            None => fields.add(path, format!("This field is required for a widget of type {name}.")),
            Some(query) => {
                query.check(&path, fields);
                self.widget_type.check(query, &path, fields);
            }
        }
    }

    fn check_text(&self, path: &str, fields: &mut Fields) {
        for (field, is_there) in
            [("data_source", self.data_source.is_some()), ("query", self.query.is_some())]
        {
            if is_there {
                fields.add(format!("{path}.{field}"), "A widget of type text shows no data: leave it out.");
            }
        }
        if !self.options.0.get("text").is_some_and(Value::is_string) {
            fields.add(
                format!("{path}.options.text"),
                "A widget of type text shows this: it must be a string.",
            );
        }
    }
}

impl Position {
    fn check(self, path: &str, fields: &mut Fields) {
        let mut within = |field: &str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                fields.add(format!("{path}.{field}"), format!("Must be {least} to {most}."));
            }
        };
        within("x", self.x, 0, COLUMNS - 1);
        within("y", self.y, 0, MAX_Y);
        within("width", self.width, 1, COLUMNS);
        within("height", self.height, 1, MAX_HEIGHT);
        if self.x < COLUMNS && self.width <= COLUMNS && self.x + self.width > COLUMNS {
            fields.add(
                format!("{path}.width"),
                format!(
                    "Must be at most {} from column {}: the grid has {COLUMNS}.",
                    COLUMNS - self.x,
                    self.x
                ),
            );
        }
    }
}

/// Checks widgets that are to be on a dashboard which has those of the ids `present`, and numbers the new ones from
/// `next_id` on. Returns the number after the last.
pub fn check_and_number(
    widgets: &mut [Widget],
    present: &BTreeSet<u32>,
    mut next_id: u32,
) -> Result<u32, Fields> {
    let mut fields = Fields::default();
    if widgets.len() > MAX_WIDGETS {
        fields.add(
            "widgets",
            format!("Must not have more than {MAX_WIDGETS} items; it has {}.", widgets.len()),
        );
    }
    let mut seen = HashSet::new();
    for (index, widget) in widgets.iter_mut().enumerate() {
        let path = format!("widgets[{index}]");
        match widget.id {
            None => {
                widget.id = Some(next_id);
                next_id = next_id.saturating_add(1);
            }
            Some(id) if !present.contains(&id) => {
                fields.add(
                    format!("{path}.id"),
                    "Must be that of a widget on the dashboard; new ones get theirs from us.",
                );
            }
            Some(id) if !seen.insert(id) => fields.add(format!("{path}.id"), "Must not be there twice."),
            Some(_) => {}
        }
        widget.check(&path, &mut fields);
    }
    let size = serde_json::to_string(widgets).map_or(usize::MAX, |text| text.len());
    if size > MAX_WIDGETS_BYTES {
        fields.add(
            "widgets",
            format!("Must not be larger than {MAX_WIDGETS_BYTES} bytes as JSON; they are {size}."),
        );
    }
    if fields.is_empty() { Ok(next_id) } else { Err(fields) }
}

/// The data sources that widgets are over.
pub fn data_sources(widgets: &[Widget]) -> BTreeSet<DataSourceId> {
    widgets.iter().filter_map(Widget::data_source).collect()
}

/// The error for widgets over data sources that are not there.
pub fn missing_source_error(widgets: &[Widget], missing: &BTreeSet<DataSourceId>) -> Fields {
    let mut fields = Fields::default();
    for (index, widget) in widgets.iter().enumerate() {
        if let Some(id) = widget.data_source().filter(|id| missing.contains(id)) {
            fields.add(
                format!("widgets[{index}].data_source"),
                format!("No data source with ID {id} was found."),
            );
        }
    }
    fields
}
