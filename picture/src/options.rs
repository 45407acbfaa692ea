//! What a widget's `options` say about its drawing.
//!
//! Options are the client's, and other programs may have theirs among them. So they are read leniently: what is not known or of the
//! wrong type is as if it were not there.

use serde_json::Value;
use shared::model::dashboard::widget::Options;

use crate::format::{Currency, NumberFormat, NumberStyle};
use crate::theme::Color;

const MAX_DECIMALS: u64 = 10;

/// Numbers beyond this are taken for mistakes: the axes could not be computed with.
const MAX_NUMBER: f64 = 1e300;

/// Numbers that are nearer to zero, but not zero, are so, too.
const MIN_NUMBER: f64 = 1e-280;

/// The options that the drawing knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChartOptions {
    /// Whether series stand on each other.
    pub stacked: bool,
    /// Whether lines are curves.
    pub smooth: bool,
    /// Whether there is a legend; by default where there is more than one series.
    pub legend: Option<bool>,
    /// Whether values are written on marks.
    pub labels: bool,
    /// The colors of the first series. None for those that keep theirs.
    pub colors: Vec<Option<Color>>,
    /// Where the axis of values begins.
    pub minimum: Option<f64>,
    /// Where the axis of values ends.
    pub maximum: Option<f64>,
    /// A value to reach.
    pub goal: Option<f64>,
    /// How measures are written.
    pub format: NumberFormat,
    /// What a text widget says.
    pub text: String,
}

impl ChartOptions {
    /// Reads the options that it knows.
    pub fn of(options: &Options) -> Self {
        let flag = |name| options.get(name).and_then(Value::as_bool);
        let number = |name| {
            let number = options.get(name).and_then(Value::as_f64);
            number
                .filter(|number| number.abs() <= MAX_NUMBER && (*number == 0.0 || number.abs() >= MIN_NUMBER))
        };
        let colors = options.get("colors").and_then(Value::as_array);
        let color = |value: &Value| value.as_str().and_then(Color::parse);
        Self {
            stacked: flag("stacked").unwrap_or_default(),
            smooth: flag("smooth").unwrap_or_default(),
            legend: flag("legend"),
            labels: flag("labels").unwrap_or_default(),
            colors: colors.map(|colors| colors.iter().map(color).collect()).unwrap_or_default(),
            minimum: number("minimum"),
            maximum: number("maximum"),
            goal: number("goal"),
            format: options.get("format").map(number_format).unwrap_or_default(),
            text: options.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }
    }
}

fn number_format(format: &Value) -> NumberFormat {
    let currency = format.get("currency").and_then(Value::as_str).and_then(Currency::parse);
    let style = match format.get("style").and_then(Value::as_str) {
        Some("percent") => NumberStyle::Percent,
        Some("compact") => NumberStyle::Compact,
        Some("currency") => NumberStyle::Currency,
        // A currency alone says what is meant.
        None if currency.is_some() => NumberStyle::Currency,
        _ => NumberStyle::Number,
    };
    let decimals =
        format.get("decimals").and_then(Value::as_u64).filter(|decimals| *decimals <= MAX_DECIMALS);
    let decimals = decimals.and_then(|decimals| u8::try_from(decimals).ok());
    NumberFormat { style, currency, decimals, ..NumberFormat::default() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(options: Value) -> ChartOptions {
        ChartOptions::of(&serde_json::from_value(options).unwrap())
    }

    #[test]
    fn options_are_read() {
        let options = read(json!({
            "stacked": true, "smooth": true, "legend": false, "labels": true, "colors": ["#f00", "red", "#00ff00"],
            "minimum": -1, "maximum": 2.5, "goal": 2, "format": {"style": "currency", "currency": "EUR", "decimals": 0},
        }));
        assert!(options.stacked && options.smooth && options.labels);
        assert_eq!(options.legend, Some(false));
        assert_eq!(options.colors, [Color::parse("#f00"), None, Color::parse("#0f0")]);
        assert_eq!((options.minimum, options.maximum, options.goal), (Some(-1.0), Some(2.5), Some(2.0)));
        assert_eq!(options.format.style, NumberStyle::Currency);
        assert_eq!(options.format.decimals, Some(0));
    }

    #[test]
    fn what_has_the_wrong_type_is_ignored() {
        let options = read(json!({
            "stacked": "yes", "smooth": 1, "legend": null, "labels": [], "colors": "#f00", "minimum": "0", "maximum": 1e308,
            "goal": {}, "format": "percent", "text": 5, "unknown": true,
        }));
        assert_eq!(options, ChartOptions::default());
        let format = |format| read(json!({ "format": format })).format;
        assert_eq!(
            format(json!({"style": "cash", "currency": "euro", "decimals": 11})),
            NumberFormat::default()
        );
        assert_eq!(format(json!({"style": 1, "currency": 1, "decimals": -1})), NumberFormat::default());
        assert_eq!(format(json!({"decimals": 1.5})), NumberFormat::default());
    }
}
