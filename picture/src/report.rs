//! What documents are made of: what a report is about, its parts, and what came of writing it.
//!
//! Writers take one part at a time, so that a caller needs to hold the rows of one widget only.

use shared::base::Timestamp;
use shared::model::dashboard::Widget;
use shared::model::query::ZoneName;

use crate::chart::Content;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The report's name.
    pub title: &'a str,
    /// What it is for; may be empty.
    pub description: &'a str,
    /// The name of the dashboard that it shows.
    pub dashboard: &'a str,
    /// The time range, in words, if there is one for all widgets.
    pub time_range: Option<&'a str>,
    /// The filters that hold for all widgets, each in words.
    pub filters: &'a [String],
    /// When it is made.
    pub made_at: Timestamp,
    /// Who made it, or whose schedule.
    pub made_by: &'a str,
    /// In whose time `made_at` is shown.
    pub zone: &'a ZoneName,
}

impl Report<'_> {
    /// When it was made, in its time zone: `2027-02-01 08:00 Europe/Berlin`.
    pub fn made_at_text(&self) -> String {
        let local = self.zone.zone().to_datetime(self.made_at.into());
        format!("{} {}", local.strftime("%Y-%m-%d %H:%M"), self.zone.as_str())
    }

    /// What it is about, as pairs of a label and a text. What is empty is left out.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let facts = [
            ("Dashboard", self.dashboard.to_owned()),
            ("Time range", self.time_range.unwrap_or_default().to_owned()),
            ("Filters", self.filters.join("; ")),
            ("Made at", self.made_at_text()),
            ("Made by", self.made_by.to_owned()),
        ];
        facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }
}

/// A widget with what there is to draw of it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The widget.
    pub widget: &'a Widget,
    /// What there is to draw.
    pub content: Content<'a>,
}

/// What came of writing a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many pages there are; 0 for what has none.
    pub pages: u32,
    /// How many rows of data were written, without headings and totals.
    pub rows: u64,
    /// Whether there are rows that were left out, here or by the query.
    pub truncated: bool,
    /// How many texts were cut because the format cannot hold them.
    pub shortened: u64,
}

/// The widgets in the order in which they are read on the dashboard: by row, then by column.
pub fn reading_order(widgets: &[Widget]) -> Vec<&Widget> {
    let mut ordered: Vec<&Widget> = widgets.iter().collect();
    ordered.sort_by_key(|widget| (widget.position.y, widget.position.x));
    ordered
}
