//! Fetching what is to be imported: for each engine its own way to tables on the function's disk.

mod athena;
mod bucket;
mod database;
mod file;
mod limits;
mod lines;
mod read;
mod rest;
mod revision;

use std::path::Path;

use shared::App;
use shared::model::data_source::Engine;
use shared::model::data_source::data::Revision;
use shared::model::import::ImportError;
use shared::model::table::Table;

use crate::Imported;
use crate::job::error::JobError;
use crate::job::work::Work;
use crate::outside::Outside;

/// What became of it.
pub(crate) enum Fetched {
    /// Its tables, in the folder.
    Tables {
        /// The tables.
        imported: Imported,
        /// How much was read for them.
        bytes: u64,
        /// What to know it by, where it can be fetched again.
        revision: Option<Revision>,
    },
    /// It is what was imported last.
    Unchanged {
        /// How much was read to find that out.
        bytes: u64,
    },
    /// What its tables are: their rows stay where they are.
    Catalog {
        /// The tables.
        tables: Vec<Table>,
        /// What is worth knowing although it is no mistake.
        warnings: Vec<String>,
    },
    /// There are mistakes in it.
    Mistakes {
        /// The first.
        errors: Vec<ImportError>,
        /// How many.
        count: u64,
    },
    /// It is not fit to be imported, or could not be reached, for this reason.
    Refused(String),
}

impl Fetched {
    /// The same, to be known by this.
    fn of_revision(self, revision: Revision) -> Self {
        match self {
            Self::Tables { imported, bytes, .. } => {
                Self::Tables { imported, bytes, revision: Some(revision) }
            }
            other => other,
        }
    }
}

/// Fetches what an attempt is to import. Where that is a file, `version` is that of the object, if the bucket has versions.
pub(crate) async fn fetch(
    app: &App,
    outside: &Outside,
    work: &Work,
    version: Option<String>,
    folder: &Path,
) -> Result<Fetched, JobError> {
    match work.source.engine {
        Engine::Csv | Engine::Json | Engine::Parquet | Engine::Xlsx => {
            file::fetch(app, work, version, folder).await
        }
        Engine::Rest => rest::fetch(app, &outside.web, work, folder).await,
        Engine::S3 => bucket::fetch(app, work, folder).await,
        Engine::Athena => athena::fetch(app, work).await,
        Engine::PostgreSql | Engine::MySql => database::fetch(app, work).await,
    }
}
