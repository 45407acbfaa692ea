//! How the cells of a column look: their number format, and which way they are set.

use rust_xlsxwriter::{Format, FormatAlign};
use shared::model::dashboard::Widget;
use shared::model::query::TimeUnit;
use shared::model::result::{ResultColumn, Role};
use shared::model::table::ColumnType;

use crate::format::{Currency, NumberFormat, NumberStyle, measure_format};

/// The formats of cells.
pub(super) struct Formats {
    /// For texts and truth values.
    pub(super) plain: Format,
    /// For numbers, dates and instants.
    pub(super) number: Format,
    /// For numbers with more digits than a spreadsheet's, which are written as text.
    pub(super) long_number: Format,
}

/// The formats of a column's cells.
pub(super) struct Column {
    /// For rows.
    pub(super) rows: Formats,
    /// For the row of totals.
    pub(super) totals: Formats,
    /// The code of the number format, for the axes of charts.
    pub(super) code: String,
    /// Whether they are days.
    pub(super) is_date: bool,
}

impl Column {
    pub(super) fn of(column: &ResultColumn, widget: &Widget, format: NumberFormat) -> Self {
        let code = match column.column_type {
            ColumnType::Date => date_code(column.grain).to_owned(),
            ColumnType::Datetime => datetime_code(column.grain).to_owned(),
            // Numbers that rows are grouped by are names, like years.
            _ if column.role == Role::Dimension => "General".to_owned(),
            ColumnType::Integer => number_code(measure_format(widget, &column.name, format), true),
            ColumnType::Number => number_code(measure_format(widget, &column.name, format), false),
            ColumnType::Text | ColumnType::Boolean => "General".to_owned(),
        };
        // Dates stand where their heading does, and not against the next column.
        let is_time = matches!(column.column_type, ColumnType::Date | ColumnType::Datetime);
        let align = if is_time { FormatAlign::Left } else { FormatAlign::General };
        let formats = |plain: Format| Formats {
            number: plain.clone().set_num_format(&code).set_align(align),
            long_number: plain.clone().set_num_format("@").set_align(FormatAlign::Right),
            plain,
        };
        Self {
            rows: formats(Format::new()),
            totals: formats(Format::new().set_bold()),
            is_date: column.column_type == ColumnType::Date,
            code,
        }
    }
}

/// The code of a number format.
fn number_code(format: NumberFormat, is_whole: bool) -> String {
    let digits = |default: u8| {
        let decimals = format.decimals.unwrap_or(default);
        match decimals {
            0 => "#,##0".to_owned(),
            decimals => format!("#,##0.{}", "0".repeat(decimals.into())),
        }
    };
    match format.style {
        NumberStyle::Number if is_whole || format.decimals.is_some() => digits(0),
        // Small numbers keep the decimals that they need; of large ones, two are enough.
        NumberStyle::Number => "[>=100]#,##0.00;[<=-100]-#,##0.00;General".to_owned(),
        NumberStyle::Percent => format!("{}%", digits(1)),
        NumberStyle::Currency => {
            let prefix = format.currency.map(Currency::prefix).unwrap_or_default().replace('"', "");
            let digits = digits(format.currency.map_or(2, Currency::decimals));
            format!("\"{prefix}\"{digits};-\"{prefix}\"{digits}")
        }
        NumberStyle::Compact => r#"[>=1000000]#,##0.0,,"M";[>=1000]#,##0.0,"K";General"#.to_owned(),
    }
}

fn date_code(grain: Option<TimeUnit>) -> &'static str {
    match grain {
        Some(TimeUnit::Month) => "mmm yyyy",
        Some(TimeUnit::Year) => "yyyy",
        _ => "yyyy-mm-dd",
    }
}

fn datetime_code(grain: Option<TimeUnit>) -> &'static str {
    match grain {
        Some(TimeUnit::Hour) => "yyyy-mm-dd hh:mm",
        Some(_) => date_code(grain),
        None => "yyyy-mm-dd hh:mm:ss",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_become_codes() {
        let format = |style, currency, decimals| NumberFormat {
            style,
            currency: Currency::parse(currency),
            decimals,
            grouped: true,
        };
        assert_eq!(number_code(format(NumberStyle::Number, "", None), true), "#,##0");
        assert_eq!(number_code(format(NumberStyle::Number, "", Some(3)), false), "#,##0.000");
        assert_eq!(number_code(format(NumberStyle::Percent, "", Some(0)), false), "#,##0%");
        assert_eq!(
            number_code(format(NumberStyle::Currency, "EUR", None), false),
            "\"€\"#,##0.00;-\"€\"#,##0.00"
        );
        assert_eq!(number_code(format(NumberStyle::Currency, "JPY", None), true), "\"¥\"#,##0;-\"¥\"#,##0");
    }
}
