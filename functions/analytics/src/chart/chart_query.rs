//! A query that is drawn without a widget.

use deserr::{Deserr, ValuePointerRef};
use engine::widgets::QUERY;
use shared::base::{Fields, Name};
use shared::model::dashboard::widget::{Options, Position};
use shared::model::dashboard::{Widget, WidgetType};
use shared::model::query::Query;
use utoipa::ToSchema;

/// A query over a data source, and how it is drawn.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields, validate = ChartQuery::check -> Fields)]
#[schema(examples(json!({
    "data_source": 1,
    "type": "bar",
    "title": "Revenue by region",
    "query": {
        "dimensions": [{ "field": "region" }],
        "measures": [{ "field": "amount", "aggregation": "sum", "as": "revenue" }],
    },
})))]
pub(crate) struct ChartQuery {
    /// The ID of the data source.
    #[schema(minimum = 1)]
    pub(super) data_source: u64,
    /// What is asked.
    pub(super) query: Query,
    /// What kind of picture it is: any but `text`.
    #[deserr(rename = "type")]
    #[schema(rename = "type")]
    chart_type: WidgetType,
    /// What is written above it; `Chart` unless given.
    #[deserr(default)]
    title: Option<Name>,
    /// How it looks.
    #[deserr(default)]
    #[schema(required = false)]
    options: Options,
}

impl ChartQuery {
    fn check(self, _: ValuePointerRef) -> Result<Self, Fields> {
        let mut fields = Fields::default();
        if self.chart_type.shows_data() {
            self.query.check(QUERY, &mut fields);
            self.chart_type.check(&self.query, QUERY, &mut fields);
        } else {
            fields.add("type", "A text shows no data: there is nothing to draw.");
        }
        if fields.is_empty() { Ok(self) } else { Err(fields) }
    }

    /// The widget that would be drawn so.
    pub(super) fn widget(self) -> Widget {
        Widget {
            id: None,
            title: self
                .title
                .unwrap_or_else(|| Name::parse("Chart").expect("it is a line with something in it")),
            widget_type: self.chart_type,
            data_source: Some(self.data_source),
            query: Some(self.query),
            // Nothing is placed.
            position: Position { x: 0, y: 0, width: 12, height: 1 },
            options: self.options,
        }
    }
}
