//! A report as a PDF file, on A4 portrait: what it is about, then the widgets in their order. Charts are vectors, text can be searched
//! and copied, and the structure is tagged for those who have it read to them (PDF/UA-1).
//!
//! - Widgets of at most half the dashboard's width are beside each other where they are so there.
//! - Tables flow over pages with their heading repeated. A row that is higher than a page goes on on
//!   the next one. A cell has at most 100,000 characters; then it says how many are left out.
//!   What has more columns than fit is continued in further tables below, which repeat the first column.
//! - What is drawn is kept until the file is finished, because a page says how many there are: 50,000 rows of ten columns take 600
//!   MB and make a file of 90 MB. Callers should pass no more rows, and say so in `Data.truncated`.

mod block;
mod cover;
mod page;
mod paragraph;
mod render;
mod row;
mod shape;
mod structure;
mod table;
mod table_columns;

use std::io;

use krilla::tagging::Tag;
use shared::model::dashboard::WidgetType;

use crate::chart::Content;
use crate::report::{Outcome, Part, Report};
use page::Pages;
use render::Heading;
use row::Row;
use structure::Structure;

/// What is below rows that are not all there are.
const MORE_ROWS: &str = "More rows are in the data than are shown here.";

/// A document that is being laid out.
pub struct Document<'a> {
    report: Report<'a>,
    paper: Paper,
    row: Row,
    outcome: Outcome,
}

/// What has been laid out.
struct Paper {
    pages: Pages,
    structure: Structure,
    headings: Vec<Heading>,
    /// The element that everything is in.
    root: usize,
    /// How many cells were cut.
    shortened: u64,
}

impl<'a> Document<'a> {
    /// Begins a document with what the report is about.
    pub fn new(report: Report<'a>) -> Self {
        let mut structure = Structure::default();
        let root = structure.add(Tag::Part, None);
        let mut paper = Paper { pages: Pages::new(), structure, headings: Vec::new(), root, shortened: 0 };
        cover::write(&mut paper, &report);
        Self { report, paper, row: Row::default(), outcome: Outcome::default() }
    }

    /// Adds a widget below those that are there, or beside the last. Add them in the order of `reading_order`.
    pub fn add(&mut self, part: Part<'_>) {
        let is_table = part.widget.widget_type == WidgetType::Table;
        if let Content::Data(data) = part.content {
            self.outcome.rows += data.row_count as u64;
            self.outcome.truncated |= data.truncated;
            if is_table {
                self.row.place(&mut self.paper);
                table::write(&mut self.paper, part.widget, &data);
                return;
            }
        }
        self.row.add(&mut self.paper, part);
    }

    /// Draws the pages. Returns what is on them, and the file.
    ///
    /// # Errors
    ///
    /// When the library cannot write the file, for example because it has more objects than PDF allows.
    pub fn finish(mut self) -> io::Result<(Outcome, Vec<u8>)> {
        self.row.place(&mut self.paper);
        let Paper { pages, structure, headings, shortened, .. } = self.paper;
        let content = render::Content { pages: pages.into_pages(), structure, headings };
        let pages = u32::try_from(content.pages.len()).unwrap_or(u32::MAX);
        let file = render::write(&self.report, &content)?;
        Ok((Outcome { pages, shortened, ..self.outcome }, file))
    }
}
