//! The records of a REST API, page after page.

use std::collections::HashSet;
use std::path::Path;

use engine::web::{Client, Download, Location, Page, Trouble, Web};
use secrecy::SecretString;
use shared::App;
use shared::model::data_source::Engine;
use shared::model::data_source::data::Validators;
use shared::model::data_source::rest::RestSettings;
use shared::store::data_sources;
use tokio::time::Instant;

use crate::Limits;
use crate::job::error::JobError;
use crate::job::fetch::Fetched;
use crate::job::fetch::limits::room;
use crate::job::fetch::lines::Lines;
use crate::job::fetch::read::read;
use crate::job::fetch::revision::Revisions;
use crate::job::work::Work;
use crate::records::{Found, Wanted};

/// How many pages are read.
const MAX_PAGES: usize = 1_000;

/// What came of all pages.
enum Pages {
    /// All of them are on the disk.
    Read { lines: Box<Lines>, bytes: u64, validators: Validators },
    /// The first one has not changed.
    Unchanged,
}

/// Fetches all pages, and reads them as one table.
pub(crate) async fn fetch(app: &App, web: &Web, work: &Work, folder: &Path) -> Result<Fetched, JobError> {
    let settings = RestSettings::of(&work.source.settings)?;
    let room = room(app, work).await?;
    let token = data_sources::secret(&app.secrets, work.organization, &work.source, "token").await?;
    let revisions = Revisions::of(app, work).await?;
    let source = Source { app, web, settings: &settings, room, known: revisions.validators() };
    let (lines, bytes, validators) = match source.pages(token, folder).await {
        Ok(Pages::Read { lines, bytes, validators }) => (lines, bytes, validators),
        Ok(Pages::Unchanged) => return Ok(Fetched::Unchanged { bytes: 0 }),
        Err(Trouble::Disk(error)) => return Err(JobError::Disk(error)),
        Err(Trouble::TooLarge) => {
            return Ok(Fetched::Refused(format!(
                "The answer is larger than {room} bytes, which is what the plan allows for all pages together."
            )));
        }
        Err(trouble) => return Ok(Fetched::Refused(trouble.to_string())),
    };
    if lines.count() == 0 {
        return Ok(Fetched::Refused("There are no records: a table takes its columns from them.".to_owned()));
    }
    let (path, content) = lines.finish().map_err(JobError::Disk)?;
    if revisions.has(&content) {
        return Ok(Fetched::Unchanged { bytes });
    }
    let revision = revisions.revision(content, validators);
    Ok(read(work, Engine::Json, &path, folder, bytes).await?.of_revision(revision))
}

/// What pages are read of, and how.
struct Source<'a> {
    app: &'a App,
    web: &'a Web,
    settings: &'a RestSettings,
    /// How many bytes all pages may have.
    room: u64,
    known: Option<&'a Validators>,
}

impl Source<'_> {
    async fn pages(&self, token: Option<SecretString>, folder: &Path) -> Result<Pages, Trouble> {
        let (networks, patience) = (&self.app.config.networks, &self.web.patience);
        let mut at = Location::parse(&self.settings.url, networks, "connection.url")?;
        let mut client = Client::new(&self.web.trust, networks, patience, &at, token);
        let download = Download {
            deadline: Instant::now() + patience.all,
            limit: patience.all,
            pause: patience.pause,
            sleep: &self.web.sleep,
            now: self.app.clock.now(),
        };
        let mut lines = Box::new(Lines::new(folder.join("records.json"))?);
        let (mut bytes, mut validators) = (0, Validators::default());
        let mut seen = HashSet::from([at.clone()]);
        for number in 1..=MAX_PAGES {
            let path = folder.join("page");
            let known = self.known.filter(|_| number == 1);
            let Some(page) = download.page(&mut client, &at, known, &path, self.room - bytes).await? else {
                return Ok(Pages::Unchanged);
            };
            bytes += page.bytes;
            let found = self.take(&mut lines, &path, &page).await?;
            let next = if self.settings.pagination.is_some() { found.next } else { page.next_link };
            let Some(next) = next else {
                // A first page that is the same says nothing of those that follow.
                if number == 1 {
                    validators = page.validators;
                }
                return Ok(Pages::Read { lines, bytes, validators });
            };
            let what = format!("What {} names as the page after it", page.location);
            at = page.location.join(&next, networks, &what)?;
            if !seen.insert(at.clone()) {
                return Err(Trouble::Lasting(format!("{what} was read already: it would never end.")));
            }
        }
        Err(Trouble::Lasting(format!("There are more than {MAX_PAGES} pages. Let each have more records.")))
    }

    async fn take(&self, lines: &mut Lines, path: &Path, page: &Page) -> Result<Found, Trouble> {
        let wanted = Wanted {
            records: self.settings.records.as_ref(),
            next: self.settings.pagination.as_ref().map(|pagination| &pagination.next),
            record_bytes: Limits::default().record_bytes,
        };
        lines.take(path, wanted).await?.map_err(|wrong| {
            let kind = page.content_type.as_ref();
            let kind =
                kind.filter(|kind| !kind.contains("json")).map(|kind| format!(" It says that it is {kind}."));
            Trouble::Lasting(format!("{} {wrong}{}", page.location, kind.unwrap_or_default()))
        })
    }
}
