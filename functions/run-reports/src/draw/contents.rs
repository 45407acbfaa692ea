//! What the widgets of a report's dashboard show.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Answers, EngineError, Records, widgets};
use picture::{Content, Data};
use shared::base::{Code, DataSourceId, OrganizationId, Timestamp};
use shared::model::dashboard::{Widget, WidgetType};
use shared::model::query::{DEFAULT_LIMIT, ZoneName};
use shared::model::report::Format;
use shared::model::{Counts, Dashboard, DataSource, Report};
use shared::{App, Error};
use tokio::time::{Instant, timeout_at};

use crate::error::JobError;
use crate::outside::{DRAWING, Outside};

/// How many rows a table in a document has at most: some 1,300 pages.
const MAX_DOCUMENT_ROWS: usize = 20_000;

/// How many rows a sheet has beside its heading.
const MAX_SHEET_ROWS: usize = 1_048_575;

/// How many rows are asked for where the format has no end: as many as the engine can number.
const ALL_ROWS: usize = u32::MAX as usize;

/// What a widget shows.
#[derive(Debug)]
pub(super) enum Shown {
    /// Rows, and in whose time their instants are told.
    Rows(Box<Records>, ZoneName),
    /// Nothing, for this reason.
    Failure(String),
    /// It is a text.
    Text,
}

impl Shown {
    /// As it is drawn.
    pub(super) fn content(&self) -> Content<'_> {
        match self {
            Self::Rows(records, zone) => Content::Data(Data {
                columns: &records.columns,
                values: &records.values,
                row_count: records.row_count,
                totals: records.totals.as_deref(),
                other_row: records.other_row,
                truncated: records.truncated,
                zone,
            }),
            Self::Failure(reason) => Content::Failure(reason),
            Self::Text => Content::Text,
        }
    }
}

/// Finds out what widgets show.
pub(super) struct Contents {
    app: App,
    answers: Arc<Answers>,
    organization: OrganizationId,
    sources: BTreeMap<DataSourceId, DataSource>,
    report: Report,
    now: Timestamp,
    /// When widgets are given up.
    end: Instant,
}

impl Contents {
    pub(super) async fn new(
        app: &App,
        outside: &Outside,
        organization: OrganizationId,
        report: &Report,
        dashboard: &Dashboard,
        end: Instant,
    ) -> Result<Self, JobError> {
        Ok(Self {
            app: app.clone(),
            answers: Arc::clone(&outside.answers),
            organization,
            sources: widgets::sources(&app.store, organization, dashboard).await?,
            report: report.clone(),
            now: app.clock.now(),
            end,
        })
    }

    /// What a widget shows: all rows of its answer, as far as the format and what it is drawn as have room for them. Several that take
    /// their time must not take that of the file.
    pub(super) async fn of(&self, widget: &Widget, format: Format) -> Result<Shown, JobError> {
        if !widget.widget_type.shows_data() {
            return Ok(Shown::Text);
        }
        if Instant::now() < self.end
            && let Ok(shown) = timeout_at(self.end, Box::pin(self.rows_of(widget, format))).await
        {
            return shown;
        }
        Ok(Shown::Failure(format!(
            "There was no time left for it: all widgets of a report together have at most {} minutes.",
            DRAWING.as_secs() / 60
        )))
    }

    async fn rows_of(&self, widget: &Widget, format: Format) -> Result<Shown, JobError> {
        let viewer = self.report.viewer();
        let (answers, sources) = (&self.answers, &self.sources);
        let question = widgets::ask(answers, self.organization, widget, sources, &viewer, self.now).await;
        let question = match question {
            Ok(question) => question,
            Err(error) => return failure(error),
        };
        match self.answers.records(&question, most(widget.widget_type, format)).await {
            Ok((mut records, scanned)) => {
                let (rows_scanned, bytes_scanned) = (scanned.rows, scanned.bytes);
                let counts = Counts { queries: 1, rows_scanned, bytes_scanned, ..Counts::default() };
                self.app.count(self.organization, counts);
                // What the query itself leaves out, nobody misses.
                records.truncated &= !question.has_limit;
                Ok(Shown::Rows(Box::new(records), question.resolved.zone.clone()))
            }
            Err(error @ EngineError::Unreadable(_)) => Err(JobError::Engine(error)),
            Err(error) => failure(error.told(widgets::QUERY)),
        }
    }
}

/// How many rows are asked for where the query does not say.
fn most(widget_type: WidgetType, format: Format) -> usize {
    match (format, widget_type) {
        (Format::Csv, _) => ALL_ROWS,
        (Format::Xlsx, _) => MAX_SHEET_ROWS,
        (Format::Pdf, WidgetType::Table) => MAX_DOCUMENT_ROWS,
        // As on the dashboard.
        (Format::Pdf, _) => usize::try_from(DEFAULT_LIMIT).unwrap_or(usize::MAX),
    }
}

/// What the report says in the widget's place; or that the whole is to be tried again, if that may help.
fn failure(error: Error) -> Result<Shown, JobError> {
    if error.code() == Code::ServiceUnavailable {
        return Err(error.into());
    }
    if let Some(cause) = error.cause() {
        tracing::warn!(code = error.code().as_str(), cause, "a widget of a report has no data");
    }
    Ok(Shown::Failure(error.envelope().detail().to_owned()))
}
