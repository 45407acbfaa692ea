//! The types of widgets, and what each needs, as data.

use std::ops::RangeInclusive;

use crate::base::Fields;
use crate::model::query::Query;
use crate::string_enum;

string_enum! {
    /// What kind of picture it is.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum WidgetType {
        Line = "line",
        Bar = "bar",
        Area = "area",
        Pie = "pie",
        Scatter = "scatter",
        Metric = "metric",
        Table = "table",
        Funnel = "funnel",
        Gauge = "gauge",
        Heatmap = "heatmap",
        Text = "text",
    }
}

/// How many dimensions and measures a type takes.
struct Requirement {
    dimensions: RangeInclusive<usize>,
    measures: RangeInclusive<usize>,
    /// What they are for, for whoever has another number of them.
    reason: &'static str,
}

/// The table. `None` for what shows no data.
fn requirement(widget_type: WidgetType) -> Option<Requirement> {
    let (dimensions, measures, reason) = match widget_type {
        WidgetType::Line => {
            (1..=2, 1..=10, "the first dimension is the x axis, a second one splits the lines")
        }
        WidgetType::Bar => (1..=2, 1..=10, "the first dimension is the axis, a second one splits the bars"),
        WidgetType::Area => {
            (1..=2, 1..=10, "the first dimension is the x axis, a second one splits the areas")
        }
        WidgetType::Pie => (1..=1, 1..=1, "the dimension names the slices, the measure sizes them"),
        WidgetType::Scatter => (0..=2, 2..=3, "two measures are the axes, a third one sizes the points"),
        WidgetType::Metric => (0..=0, 1..=1, "it shows one number"),
        WidgetType::Table => (0..=10, 0..=20, "each is a column"),
        WidgetType::Funnel => (1..=1, 1..=1, "the dimension names the steps, the measure sizes them"),
        WidgetType::Gauge => (0..=0, 1..=1, "it shows one number"),
        WidgetType::Heatmap => (2..=2, 1..=1, "the dimensions are the axes, the measure is the colour"),
        WidgetType::Text => return None,
    };
    Some(Requirement { dimensions, measures, reason })
}

impl WidgetType {
    /// Whether it shows data.
    pub fn shows_data(self) -> bool {
        requirement(self).is_some()
    }

    /// Adds what the query, which is at `path`, lacks for a widget of the type.
    pub fn check(self, query: &Query, path: &str, fields: &mut Fields) {
        let Some(Requirement { dimensions, measures, reason }) = requirement(self) else { return };
        let name = self.as_str();
        for (field, noun, allowed, count) in [
            ("dimensions", "dimension", &dimensions, query.dimensions.len()),
            ("measures", "measure", &measures, query.measures.len()),
        ] {
            if !allowed.contains(&count) {
                let needed = match (*allowed.start(), *allowed.end()) {
                    (0, 0) => format!("no {noun}s"),
                    (1, 1) => format!("exactly 1 {noun}"),
                    (least, most) if least == most => format!("exactly {least} {noun}s"),
                    (least, most) => format!("{least} to {most} {noun}s"),
                };
                let detail = format!("A widget of type {name} takes {needed} ({reason}); it has {count}.");
                fields.add(format!("{path}.{field}"), detail);
            }
        }
        if query.dimensions.is_empty() && query.measures.is_empty() {
            fields.add(path, "Must have a dimension or a measure.");
        }
    }
}
