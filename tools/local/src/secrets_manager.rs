//! The part of Secrets Manager that the API uses, as an endpoint that the SDK talks to: `CreateSecret`,
//! `DescribeSecret`, `GetSecretValue`, `PutSecretValue` and `UpdateSecretVersionStage` over
//! [awsJson 1.1](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
//!
//! As on AWS, a new version takes `AWSCURRENT`, the one before it becomes `AWSPREVIOUS`, and versions without a stage
//! are gone.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::data_dir::replace_private;
use crate::server::Server;
use crate::start_error::StartError;

const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// A running Secrets Manager, stopped when dropped.
#[derive(Debug)]
pub struct SecretsManager(Server);

impl SecretsManager {
    /// Starts with what the file holds, and keeps it there; or in memory.
    pub fn start(file: Option<PathBuf>) -> Result<Self, StartError> {
        let failed =
            |error: String| StartError(format!("The embedded Secrets Manager did not start: {error}."));
        let vault = Vault::open(file).map_err(|error| failed(error.to_string()))?;
        let router = Router::new().route("/", post(call)).with_state(Arc::new(Mutex::new(vault)));
        Server::start("secrets-manager", move |listener, stopped| async move {
            let until_stopped = async {
                let _ = stopped.await;
            };
            let served = axum::serve(listener, router).with_graceful_shutdown(until_stopped).await;
            if let Err(error) = served {
                eprintln!("the embedded Secrets Manager stopped: {error}");
            }
        })
        .map(Self)
        .map_err(|error| failed(error.to_string()))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

/// All secrets, each with its versions.
#[derive(Default)]
struct Vault {
    file: Option<PathBuf>,
    secrets: BTreeMap<String, Vec<Version>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Version {
    id: String,
    value: String,
    stages: Vec<String>,
}

impl Vault {
    fn open(file: Option<PathBuf>) -> io::Result<Self> {
        let secrets = match file.as_ref().map(fs::read) {
            None => BTreeMap::new(),
            Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Some(read) => serde_json::from_slice(&read?)?,
        };
        Ok(Self { file, secrets })
    }

    /// Adds a version with a stage. Kept only once it is on disk.
    fn put(&mut self, name: &str, value: String, id: Option<String>, stage: &str) -> io::Result<String> {
        let id = id.unwrap_or_else(|| Uuid::new_v4().to_string());
        self.change(name, |versions| {
            versions.retain(|version| version.id != id);
            versions.push(Version { id: id.clone(), value, stages: Vec::new() });
            give_stage(versions, &id, stage);
        })?;
        Ok(id)
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Vec<Version>)) -> io::Result<()> {
        let mut secrets = self.secrets.clone();
        let versions = secrets.entry(name.to_owned()).or_default();
        change(versions);
        versions.retain(|version| !version.stages.is_empty());
        self.save(&secrets)?;
        self.secrets = secrets;
        Ok(())
    }

    fn save(&self, secrets: &BTreeMap<String, Vec<Version>>) -> io::Result<()> {
        let Some(path) = &self.file else { return Ok(()) };
        replace_private(path, &serde_json::to_vec_pretty(secrets)?)
    }
}

/// Moves a stage to a version. The version that was current becomes the previous one.
fn give_stage(versions: &mut [Version], id: &str, stage: &str) {
    let had = versions.iter().position(|version| version.has(stage));
    for version in &mut *versions {
        version.stages.retain(|held| held != stage && !(stage == CURRENT && held == PREVIOUS));
    }
    if let Some(had) = had.filter(|_| stage == CURRENT) {
        versions[had].stages.push(PREVIOUS.to_owned());
    }
    for version in versions.iter_mut().filter(|version| version.id == id) {
        version.stages.retain(|held| held != PREVIOUS);
        version.stages.push(stage.to_owned());
    }
}

impl Version {
    fn has(&self, stage: &str) -> bool {
        self.stages.iter().any(|held| held == stage)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Call {
    #[serde(alias = "Name")]
    secret_id: String,
    secret_string: Option<String>,
    client_request_token: Option<String>,
    version_id: Option<String>,
    version_stage: Option<String>,
    version_stages: Option<Vec<String>>,
    move_to_version_id: Option<String>,
}

async fn call(State(vault): State<Arc<Mutex<Vault>>>, headers: HeaderMap, body: String) -> Response {
    let operation = headers.get("x-amz-target").and_then(|target| target.to_str().ok()?.rsplit('.').next());
    let Ok(call) = serde_json::from_str::<Call>(&body) else {
        return refused("InvalidRequestException");
    };
    let mut vault = vault.lock().unwrap_or_else(PoisonError::into_inner);
    let exists = vault.secrets.contains_key(&call.secret_id);
    match operation {
        Some("GetSecretValue") => get(&vault, &call),
        Some("CreateSecret") if exists => refused("ResourceExistsException"),
        Some("PutSecretValue" | "DescribeSecret" | "UpdateSecretVersionStage") if !exists => {
            refused("ResourceNotFoundException")
        }
        Some("DescribeSecret") => describe(&vault, &call),
        Some("UpdateSecretVersionStage") => move_stage(&mut vault, &call),
        Some("CreateSecret" | "PutSecretValue") => put(&mut vault, call),
        _ => refused("UnknownOperationException"),
    }
}

fn get(vault: &Vault, call: &Call) -> Response {
    let versions = vault.secrets.get(&call.secret_id).map_or(&[][..], Vec::as_slice);
    let stage = call.version_stage.as_deref().or(call.version_id.is_none().then_some(CURRENT));
    let found = versions.iter().find(|version| {
        call.version_id.as_ref().is_none_or(|id| *id == version.id)
            && stage.is_none_or(|stage| version.has(stage))
    });
    match found {
        None => refused("ResourceNotFoundException"),
        Some(version) => answer(&json!({
            "Name": call.secret_id,
            "VersionId": version.id,
            "SecretString": version.value,
            "VersionStages": version.stages,
        })),
    }
}

fn put(vault: &mut Vault, call: Call) -> Response {
    let Some(value) = call.secret_string else { return refused("InvalidParameterException") };
    let stage = call.version_stages.and_then(|stages| stages.into_iter().next());
    let stage = stage.unwrap_or_else(|| CURRENT.to_owned());
    match vault.put(&call.secret_id, value, call.client_request_token, &stage) {
        Ok(id) => answer(&json!({ "Name": call.secret_id, "VersionId": id, "VersionStages": [stage] })),
        Err(error) => not_saved(&error),
    }
}

fn describe(vault: &Vault, call: &Call) -> Response {
    let versions = vault.secrets.get(&call.secret_id).into_iter().flatten();
    let stages: BTreeMap<_, _> = versions.map(|version| (&version.id, &version.stages)).collect();
    answer(&json!({ "Name": call.secret_id, "RotationEnabled": true, "VersionIdsToStages": stages }))
}

fn move_stage(vault: &mut Vault, call: &Call) -> Response {
    let (Some(stage), Some(id)) = (&call.version_stage, &call.move_to_version_id) else {
        return refused("InvalidParameterException");
    };
    match vault.change(&call.secret_id, |versions| give_stage(versions, id, stage)) {
        Ok(()) => answer(&json!({ "Name": call.secret_id })),
        Err(error) => not_saved(&error),
    }
}

fn not_saved(error: &io::Error) -> Response {
    eprintln!("a secret was not saved: {error}");
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "__type": "InternalServiceError" }))).into_response()
}

fn answer(body: &serde_json::Value) -> Response {
    Json(body).into_response()
}

fn refused(code: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "__type": code, "message": code }))).into_response()
}
