//! Fetching what is to be imported: for each engine its own way to tables on the function's disk.

mod athena;
mod database;
mod file;
mod read;

use std::path::Path;

use shared::App;
use shared::model::data_source::Engine;
use shared::model::import::ImportError;
use shared::model::table::Table;

use crate::Imported;
use crate::job::error::JobError;
use crate::job::work::Work;

/// What became of it.
pub(crate) enum Fetched {
    /// Its tables, in the folder.
    Tables {
        /// The tables.
        imported: Imported,
        /// How much was read for them.
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

/// Fetches what an attempt is to import. Where that is a file, `version` is that of the object, if the bucket has versions.
pub(crate) async fn fetch(
    app: &App,
    work: &Work,
    version: Option<String>,
    folder: &Path,
) -> Result<Fetched, JobError> {
    match work.source.engine {
        Engine::Csv | Engine::Json | Engine::Parquet | Engine::Xlsx => {
            file::fetch(app, work, version, folder).await
        }
        Engine::Rest => Ok(Fetched::Refused("Sources of engine rest cannot be imported yet.".to_owned())),
        Engine::S3 => Ok(Fetched::Refused("Sources of engine s3 cannot be imported yet.".to_owned())),
        Engine::Athena => athena::fetch(app, work).await,
        Engine::PostgreSql | Engine::MySql => database::fetch(app, work).await,
    }
}
