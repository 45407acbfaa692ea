//! Testing whether a data source can be reached and read.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use engine::athena::{self, AthenaTarget};
use engine::database::{self, SourceError, Target};
use engine::greeting::Greeting;
use engine::web::Trouble;
use serde::Serialize;
use shared::access::Tenant;
use shared::base::OrganizationId;
use shared::model::DataSource;
use shared::model::data_source::Engine;
use shared::model::data_source::bucket::BucketSettings;
use shared::model::data_source::rest::RestSettings;
use shared::store::data_sources;
use shared::{App, Error};
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::answers;
use crate::preview::DataSourcePath;
use crate::query::source;

/// Whether a data source can be reached and read.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectionTest {
    /// Whether it can.
    ok: bool,
    /// How long it takes to answer a question that needs no work, in whole milliseconds, rounded up. Null if it does not answer.
    #[schema(required)]
    latency_ms: Option<u64>,
    /// What answers, as it calls itself, if it does.
    #[schema(required, examples("PostgreSQL 15.18"))]
    server: Option<String>,
    /// Why it cannot be read; null if it can.
    #[schema(required)]
    reason: Option<String>,
    /// What would help; null if it can be read.
    #[schema(required)]
    hint: Option<String>,
}

/// Why it cannot be read, and what would help.
struct Obstacle {
    reason: String,
    hint: &'static str,
}

/// How long it may take altogether.
const LIMIT: Duration = engine::database::PATIENCE;

/// Test a data source
///
/// Connects to the database, and looks for a table that the user may read. Of Athena, asks for the workgroup, and for a table of the
/// database. Of a REST API, asks for its first page. Of a bucket, lists objects and reads a byte of one. Of a file, whether what was
/// imported is there.
#[utoipa::path(
    post,
    path = "/api/data-sources/{id}/test/",
    operation_id = "test_data_source",
    tag = "Data sources",
    params(DataSourcePath),
    responses((status = 200, description = "Whether it can be read, and if not, why.", body = ConnectionTest)),
)]
pub(crate) async fn test(
    State(app): State<App>,
    tenant: Tenant,
    DataSourcePath { id }: DataSourcePath,
) -> Result<Json<ConnectionTest>, Error> {
    let source = source(&tenant, id).await?;
    let greeted = match source.engine {
        Engine::PostgreSql | Engine::MySql => {
            let target = Target::open(&app.secrets, tenant.organization, &source).await?;
            database::greet(&target, &app.config.networks).await.map_err(Obstacle::from)
        }
        Engine::Athena => {
            let target = AthenaTarget::open(&app.secrets, tenant.organization, &source).await?;
            athena::greet(&target, &app.cloud).await.map_err(Obstacle::from)
        }
        Engine::Rest => rest(&app, tenant.organization, &source).await?,
        Engine::S3 => bucket(&app, tenant.organization, &source).await?,
        Engine::Csv | Engine::Xlsx | Engine::Json | Engine::Parquet => {
            file(&app, tenant.organization, &source).await?
        }
    };
    Ok(Json(match greeted {
        Ok(Greeting { server, latency }) => ConnectionTest {
            ok: true,
            latency_ms: Some(u64::try_from(latency.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)),
            server,
            reason: None,
            hint: None,
        },
        Err(Obstacle { reason, hint }) => ConnectionTest {
            ok: false,
            latency_ms: None,
            server: None,
            reason: Some(reason),
            hint: Some(hint.to_owned()),
        },
    }))
}

impl From<SourceError> for Obstacle {
    fn from(error: SourceError) -> Self {
        Self { reason: error.to_string(), hint: error.hint() }
    }
}

async fn rest(
    app: &App,
    organization: OrganizationId,
    source: &DataSource,
) -> Result<Result<Greeting, Obstacle>, Error> {
    let RestSettings { url, .. } = RestSettings::of(&source.settings)?;
    let token = data_sources::secret(&app.secrets, organization, source, "token").await?;
    let (web, networks) = (answers::web(app)?, &app.config.networks);
    let greeted = engine::web::greet(&web, networks, &url, token, LIMIT, app.clock.now()).await;
    Ok(greeted.map_err(|trouble| Obstacle {
        hint: if matches!(trouble, Trouble::Passing { .. }) {
            "Check connection.url; if it is right, try again later."
        } else {
            "Ask for connection.url with the same token by other means, and see what it answers."
        },
        reason: trouble.to_string(),
    }))
}

async fn bucket(
    app: &App,
    organization: OrganizationId,
    source: &DataSource,
) -> Result<Result<Greeting, Obstacle>, Error> {
    const HINT: &str = "Check bucket, region and prefix of the connection, and what its access key may do.";
    let settings = BucketSettings::of(&source.settings)?;
    let Some(secret) = data_sources::secret(&app.secrets, organization, source, "secret_access_key").await?
    else {
        let reason = "connection.secret_access_key is not set.".to_owned();
        return Ok(Err(Obstacle { reason, hint: "Set it." }));
    };
    let bucket = app.cloud.bucket(&settings, &secret);
    Ok(match timeout(LIMIT, bucket.greet(&settings.prefix)).await {
        Ok(Ok(latency)) => Ok(Greeting { server: Some("Amazon S3".to_owned()), latency }),
        Ok(Err(error)) => Err(Obstacle { reason: error.to_string(), hint: HINT }),
        Err(_) => {
            let reason = format!("S3 did not answer within {} s.", LIMIT.as_secs());
            Err(Obstacle { reason, hint: "Try again later." })
        }
    })
}

async fn file(
    app: &App,
    organization: OrganizationId,
    source: &DataSource,
) -> Result<Result<Greeting, Obstacle>, Error> {
    let hint = "Make an import: it says where to send the file.";
    let Some(data) = &source.data else {
        return Ok(Err(Obstacle { reason: "No file has been imported yet.".to_owned(), hint }));
    };
    let asked = Instant::now();
    let tables = app.files.tables(organization, source.id, &data.version).await?;
    Ok(if tables.is_some() {
        Ok(Greeting { server: None, latency: asked.elapsed() })
    } else {
        Err(Obstacle { reason: "What was imported is not there any more.".to_owned(), hint })
    })
}
