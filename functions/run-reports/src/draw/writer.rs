//! The file of a report in each of its formats.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use picture::{Content, csv, pdf, xlsx};
use picture::{Outcome, Part, Report};
use shared::base::Timestamp;
use shared::model::report::{Csv, Format};

type Out = BufWriter<File>;

/// A file that is being written.
pub(super) enum Writer<'a> {
    /// The rows of the only widget that shows data.
    Csv(Option<Out>, csv::Options, Outcome),
    /// Those of several.
    Zip(Box<csv::Archive<Out>>),
    Xlsx(Box<xlsx::Workbook<'a, Out>>),
    Pdf(Box<pdf::Document<'a>>, Out),
}

impl<'a> Writer<'a> {
    /// Begins a file at `path`, for so many widgets that show data.
    pub(super) fn new(
        format: Format,
        report: Report<'a>,
        csv: Csv,
        widgets: usize,
        path: &Path,
    ) -> io::Result<Self> {
        let out = BufWriter::new(File::create(path)?);
        let options =
            csv::Options { escape_formulas: csv.escape_formulas, byte_order_mark: csv.byte_order_mark };
        Ok(match format {
            Format::Csv if widgets == 1 => Self::Csv(Some(out), options, Outcome::default()),
            Format::Csv => Self::Zip(Box::new(csv::Archive::new(options, report.made_at, out))),
            Format::Xlsx => Self::Xlsx(Box::new(xlsx::Workbook::new(report, out)?)),
            Format::Pdf => Self::Pdf(Box::new(pdf::Document::new(report)), out),
        })
    }

    /// Adds a widget.
    pub(super) fn add(&mut self, part: Part<'_>) -> io::Result<()> {
        match self {
            Self::Csv(out, options, outcome) => {
                if let (Content::Data(data), Some(out)) = (part.content, out.take()) {
                    outcome.rows = csv::write(&data, *options, out)?;
                    outcome.truncated = data.truncated;
                }
                Ok(())
            }
            Self::Zip(archive) => archive.add(part),
            Self::Xlsx(workbook) => workbook.add(part),
            Self::Pdf(document, _) => {
                document.add(part);
                Ok(())
            }
        }
    }

    /// Ends the file.
    pub(super) fn finish(self) -> io::Result<Outcome> {
        match self {
            Self::Csv(_, _, outcome) => Ok(outcome),
            Self::Zip(archive) => archive.finish().map(|(outcome, _)| outcome),
            Self::Xlsx(workbook) => workbook.finish().map(|(outcome, _)| outcome),
            Self::Pdf(document, mut out) => {
                let (outcome, bytes) = document.finish()?;
                out.write_all(&bytes)?;
                out.flush()?;
                Ok(outcome)
            }
        }
    }
}

/// The media type and the ending of a format's file, for so many widgets that show data.
pub(super) fn kind(format: Format, widgets: usize) -> (&'static str, &'static str) {
    match format {
        Format::Csv if widgets == 1 => ("text/csv; charset=utf-8", "csv"),
        Format::Csv => ("application/zip", "zip"),
        Format::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        Format::Pdf => ("application/pdf", "pdf"),
    }
}

/// What a file is called: the report's name and the day on which it is made.
pub(super) fn name(report: &Report<'_>, made_at: Timestamp, ending: &str) -> String {
    let day = report.zone.zone().to_datetime(made_at.into()).date();
    format!("{} {day}.{ending}", csv::file_name(report.title))
}
