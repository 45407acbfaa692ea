//! Drawing a report: each widget of its dashboard is asked for and written, one after another, so that the rows of one at a time are in
//! memory.

mod contents;
mod writer;

use std::path::Path;

use picture::{Outcome, Part, reading_order};
use shared::App;
use shared::base::{OrganizationId, Timestamp};
use shared::model::report::Format;
use shared::model::report::run::{File, Trigger};
use shared::model::{Dashboard, Report, Run};
use shared::store::{collection, users};
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::error::JobError;
use crate::outside::Outside;
use crate::words;
use crate::work::Work;
use contents::{Contents, Shown};
use writer::Writer;

/// How long the reason of a run is at most that tells which widgets have no data, in characters.
const MAX_REASON_CHARACTERS: usize = 1_000;

/// How large a file is at most, in bytes: what S3 takes at once, and half of the disk that the function has (`template.yaml`).
const MAX_FILE_BYTES: u64 = 5_000_000_000;

/// What came of drawing.
#[derive(Debug)]
pub(crate) enum Drawn {
    /// The file is there.
    File(DrawnFile),
    /// There is no file, for a reason that whoever reads the run can do something about.
    Refused(String),
}

/// A file that was drawn.
#[derive(Debug)]
pub(crate) struct DrawnFile {
    /// What it is called.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media_type: &'static str,
    size_bytes: u64,
    pages: Option<u64>,
    rows: u64,
    truncated: bool,
    /// Which widgets are not as they should be.
    pub(crate) reason: Option<String>,
}

impl DrawnFile {
    /// The file, at that key.
    pub(crate) fn file(&self, key: String) -> File {
        File {
            key,
            name: self.name.clone(),
            media_type: self.media_type.to_owned(),
            size_bytes: self.size_bytes,
            pages: self.pages,
            rows: self.rows,
            truncated: self.truncated,
        }
    }
}

/// Draws the report to a file at `path`. Widgets that are not there at the `end` are given up.
pub(crate) async fn draw(
    app: &App,
    outside: &Outside,
    work: &Work,
    path: &Path,
    end: Instant,
) -> Result<Drawn, JobError> {
    let (organization, id) = (work.organization, work.report.dashboard);
    let dashboard = collection::find::<Dashboard>(&app.store, organization, id.into()).await?;
    let Some(dashboard) = dashboard else {
        return Ok(Drawn::Refused(format!("Dashboard {id} is not there any more.")));
    };
    let dashboard = dashboard.entity;
    let contents = Contents::new(app, outside, organization, &work.report, &dashboard, end).await?;
    let drawing = Drawing {
        made_by: made_by(app, organization, &work.run).await?,
        now: app.clock.now(),
        report: work.report.clone(),
        format: work.run.format,
        dashboard,
        contents,
    };
    // All work and, while a widget is asked for, waiting: on a thread of its own, which what it draws with need not leave.
    let (path, runtime) = (path.to_owned(), Handle::current());
    let drawn = tokio::task::spawn_blocking(move || drawing.draw(&path, &runtime)).await;
    drawn.unwrap_or_else(|panicked| {
        tracing::error!(%panicked, "a report could not be drawn");
        let reason = "The report could not be drawn for a reason of ours, which is in the log.";
        Ok(Drawn::Refused(reason.to_owned()))
    })
}

/// Who made the run, for people.
async fn made_by(app: &App, organization: OrganizationId, run: &Run) -> Result<String, JobError> {
    let user = match run.created_by {
        Some(user) => users::find(&app.store, organization, user).await?,
        None => None,
    };
    Ok(match (user, run.trigger) {
        (Some(user), _) => format!("{} {}", user.first_name, user.last_name).trim().to_owned(),
        (None, Trigger::Schedule) => "Schedule".to_owned(),
        (None, Trigger::Manual) => String::new(),
    })
}

struct Drawing {
    report: Report,
    format: Format,
    dashboard: Dashboard,
    contents: Contents,
    made_by: String,
    now: Timestamp,
}

impl Drawing {
    fn draw(self, path: &Path, runtime: &Handle) -> Result<Drawn, JobError> {
        let widgets = reading_order(&self.dashboard.widgets);
        let with_data = widgets.iter().filter(|widget| widget.widget_type.shows_data()).count();
        if with_data == 0 && self.format != Format::Pdf {
            let reason = format!("Dashboard {} has no widget that shows data.", self.dashboard.id);
            return Ok(Drawn::Refused(reason));
        }
        let zone = self.report.zone();
        let time_range = self.report.time_range.as_ref();
        let time_range = time_range.map(|range| words::time_range(range, &zone, self.now));
        let filters: Vec<_> = self.report.filters.iter().map(words::filter).collect();
        let about = picture::Report {
            title: self.report.name.as_str(),
            description: self.report.description.as_str(),
            dashboard: self.dashboard.name.as_str(),
            time_range: time_range.as_deref(),
            filters: &filters,
            made_at: self.now,
            made_by: &self.made_by,
            zone: &zone,
        };
        let mut writer = Writer::new(self.format, about, self.report.csv, with_data, path)?;
        let mut failures = Vec::new();
        for widget in widgets {
            let shown = runtime.block_on(self.contents.of(widget, self.format))?;
            if let Shown::Failure(reason) = &shown {
                failures.push(format!("{}: {reason}", widget.title.as_str()));
            }
            writer.add(Part { widget, content: shown.content() })?;
        }
        if with_data > 0 && failures.len() == with_data {
            return Ok(Drawn::Refused(excerpt(&failures.join(" "))));
        }
        let Outcome { pages, rows, truncated, .. } = writer.finish()?;
        let size_bytes = std::fs::metadata(path)?.len();
        if size_bytes > MAX_FILE_BYTES {
            let reason = format!(
                "The file has {size_bytes} bytes; a report may have {MAX_FILE_BYTES}: take a shorter time range, or add filters."
            );
            return Ok(Drawn::Refused(reason));
        }
        let (media_type, ending) = writer::kind(self.format, with_data);
        Ok(Drawn::File(DrawnFile {
            name: writer::name(&about, self.now, ending),
            media_type,
            size_bytes,
            pages: (self.format == Format::Pdf).then_some(pages.into()),
            rows,
            truncated,
            reason: (!failures.is_empty()).then(|| {
                excerpt(&format!(
                    "{} of {with_data} widgets have no data. {}",
                    failures.len(),
                    failures.join(" ")
                ))
            }),
        }))
    }
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MAX_REASON_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
