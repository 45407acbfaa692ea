//! Fills a new installation as a user would, by way of the API: two files become data sources, with a dashboard over
//! each, and a report over the first.

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::api::{Api, Upload};
use super::{EMAIL, PASSWORD, dashboards, marketing, sales};
use crate::data_dir::replace_private;

const DATA_SOURCES: &str = "/api/data-sources/";
const DASHBOARDS: &str = "/api/dashboards/";
const REPORTS: &str = "/api/reports/";

/// How often it is asked whether an import is done, and for how long.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_mins(5);

/// Why the demo's data is not there.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ImportError {
    #[error("{0} had no answer: {1}")]
    NotSent(String, String),
    #[error("{0} was answered with {1}: {2}")]
    Refused(String, StatusCode, String),
    #[error("{0} had an answer that cannot be read: {1}")]
    Unreadable(String, serde_json::Error),
    #[error("The import of {0} failed: {1}")]
    Failed(&'static str, String),
    #[error("The import of {0} did not end within five minutes")]
    Unending(&'static str),
    #[error("That the demo's data is there could not be noted: {0}")]
    NotNoted(#[from] std::io::Error),
}

/// A file of the demo.
struct File {
    name: &'static str,
    file_name: &'static str,
    description: &'static str,
    csv: fn(Date) -> String,
}

const FILES: [File; 2] = [
    File {
        name: "Sales",
        file_name: "sales.csv",
        description: "Orders of the last three years. Made up.",
        csv: sales::csv,
    },
    File {
        name: "Marketing",
        file_name: "marketing.csv",
        description: "Campaigns of the last three years, day by day. Made up.",
        csv: marketing::csv,
    },
];

#[derive(Debug, Deserialize)]
struct Named {
    id: u64,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Import {
    id: u64,
    status: String,
    #[serde(default)]
    errors: Vec<Value>,
    upload: Option<Upload>,
}

/// Brings the demo's data of the three years before `today` into the API at `base_url`, such as `http://127.0.0.1:3000`, and waits
/// until it is there. Only into an organization that has no data of its own; where an earlier call did not come to its end, this
/// one goes on.
///
/// With `done`, a file is made there in the end, and where it is, nothing is done: what the user has deleted does not come back.
pub async fn import(base_url: &str, today: Date, done: Option<&Path>) -> Result<(), ImportError> {
    if done.is_some_and(Path::exists) {
        return Ok(());
    }
    let api = Api::sign_in(base_url, EMAIL, PASSWORD).await?;
    let sources: Vec<Named> = api.list(DATA_SOURCES).await?;
    let present: Vec<Named> = api.list(DASHBOARDS).await?;
    let has_begun = sources.iter().any(|source| source.name == FILES[0].name);
    let is_empty = sources.is_empty() && present.is_empty();
    if has_begun || is_empty {
        let [sales, marketing] = import_files(&api, &sources, today).await?;
        let mut made = Vec::new();
        for dashboard in dashboards::all(sales, marketing) {
            let present = present.iter().find(|present| dashboard["name"] == present.name.as_str());
            made.push(match present {
                Some(present) => present.id,
                None => api.post::<Named>(DASHBOARDS, &dashboard).await?.id,
            });
        }
        let reports: Vec<Named> = api.list(REPORTS).await?;
        if let (Some(revenue), true) = (made.first(), reports.is_empty()) {
            let _: Named = api.post(REPORTS, &dashboards::monday_report(*revenue)).await?;
        }
    }
    if let Some(done) = done {
        replace_private(done, b"")?;
    }
    Ok(())
}

/// Brings in the files, one after the other to be read side by side. The data sources that they are in.
async fn import_files(api: &Api, present: &[Named], today: Date) -> Result<[u64; 2], ImportError> {
    let mut sources = [0; 2];
    let mut imports = Vec::new();
    for (source, file) in sources.iter_mut().zip(&FILES) {
        *source = match present.iter().find(|present| present.name == file.name) {
            Some(present) => present.id,
            None => create_source(api, file).await?,
        };
        let path = format!("{DATA_SOURCES}{source}/imports/");
        if let Some(import) = begin_import(api, &path, file, today).await? {
            imports.push((file.name, format!("{path}{import}/")));
        }
    }
    for (name, path) in imports {
        wait_for(api, name, &path).await?;
    }
    Ok(sources)
}

async fn create_source(api: &Api, file: &File) -> Result<u64, ImportError> {
    let source = json!({
        "name": file.name,
        "type": "file",
        "engine": "csv",
        "description": file.description,
    });
    let made: Named = api.post(DATA_SOURCES, &source).await?;
    Ok(made.id)
}

/// The import to wait for, unless one is done.
async fn begin_import(api: &Api, path: &str, file: &File, today: Date) -> Result<Option<u64>, ImportError> {
    let imports: Vec<Import> = api.list(path).await?;
    if imports.iter().any(|import| import.status == "done") {
        return Ok(None);
    }
    if let Some(running) = imports.iter().find(|import| import.status == "running") {
        return Ok(Some(running.id));
    }
    // One that waits for its file waits in vain if whoever had its link was killed.
    let csv = (file.csv)(today);
    let new = json!({ "size_bytes": csv.len(), "file_name": file.file_name });
    let import: Import = api.post(path, &new).await?;
    let upload = import.upload.ok_or_else(|| ImportError::Failed(file.name, "it has no link".to_owned()))?;
    api.upload(&upload, csv.into()).await?;
    Ok(Some(import.id))
}

async fn wait_for(api: &Api, name: &'static str, path: &str) -> Result<(), ImportError> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        let import: Import = api.get(path).await?;
        match import.status.as_str() {
            "done" => return Ok(()),
            "failed" => {
                let reasons: Vec<_> = import.errors.iter().map(Value::to_string).collect();
                return Err(ImportError::Failed(name, reasons.join(", ")));
            }
            _ => tokio::time::sleep(POLL_INTERVAL).await,
        }
    }
    Err(ImportError::Unending(name))
}

#[cfg(test)]
mod tests;
