//! Whether what is there is what was imported last.

use sha2::{Digest as _, Sha256};
use shared::App;
use shared::model::DataSource;
use shared::model::data_source::data::{Revision, Validators};

use crate::job::error::JobError;
use crate::job::work::Work;

/// What is fetched by the settings that a data source has now.
pub(crate) struct Revisions {
    settings: String,
    /// What was imported last, if it was fetched and read by the same settings and is still there.
    known: Option<Revision>,
}

impl Revisions {
    /// Looks at what was imported last.
    pub(crate) async fn of(app: &App, work: &Work) -> Result<Self, JobError> {
        let settings = settings(&work.source)?;
        let data = work.source.data.as_ref();
        let known = data.and_then(|data| Some((data, data.revision.clone()?)));
        let known = known.filter(|(_, revision)| revision.settings == settings);
        let known = match known {
            Some((data, revision)) => {
                let tables = app.files.tables(work.organization, work.source.id, &data.version).await?;
                tables.map(|_| revision)
            }
            None => None,
        };
        Ok(Self { settings, known })
    }

    /// What tells a server what is there already.
    pub(crate) fn validators(&self) -> Option<&Validators> {
        self.known.as_ref().map(|known| &known.validators).filter(|validators| !validators.is_empty())
    }

    /// Whether that is the content that is there already.
    pub(crate) fn has(&self, content: &str) -> bool {
        self.known.as_ref().is_some_and(|known| known.content == content)
    }

    /// What to know the content by later.
    pub(crate) fn revision(self, content: String, validators: Validators) -> Revision {
        Revision { settings: self.settings, content, validators }
    }
}

/// A digest of all that decides what is fetched and how it is read.
fn settings(source: &DataSource) -> Result<String, JobError> {
    let mut settings = source.settings.clone();
    settings.remove("refresh");
    let text = serde_json::to_vec(&(settings, &source.secrets))?;
    Ok(hex(&Sha256::digest(text)))
}

/// A digest as text.
pub(crate) fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
