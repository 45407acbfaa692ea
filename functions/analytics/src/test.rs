//! Testing whether a data source can be reached and read.

use axum::Json;
use axum::extract::State;
use engine::athena::{self, AthenaTarget};
use engine::database::{Greeting, Target, greet};
use serde::Serialize;
use shared::access::Tenant;
use shared::base::Code;
use shared::model::data_source::Engine;
use shared::{App, Error};
use utoipa::ToSchema;

use crate::preview::DataSourcePath;
use crate::query::source;

/// Whether a data source can be reached and read.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectionTest {
    /// Whether it can.
    ok: bool,
    /// How long it takes to answer a question that needs no work, in milliseconds. Null if it does not answer.
    #[schema(required)]
    latency_ms: Option<u64>,
    /// What answers, as it calls itself.
    #[schema(required, examples("PostgreSQL 15.18"))]
    server: Option<String>,
    /// Why it cannot be read; null if it can.
    #[schema(required)]
    reason: Option<String>,
    /// What would help; null if it can be read.
    #[schema(required)]
    hint: Option<String>,
}

/// Test a data source
///
/// Connects to the database, and looks for a table that the user may read. Of Athena, asks for the workgroup, and for a table of the
/// database.
#[utoipa::path(
    post,
    path = "/api/data-sources/{id}/test/",
    operation_id = "test_data_source",
    tag = "Data sources",
    params(DataSourcePath),
    responses(
        (status = 200, description = "Whether it can be read, and if not, why.", body = ConnectionTest),
        (status = 409, description = "The data source is not connected to: what is there is imported."),
    ),
)]
pub(crate) async fn test(
    State(app): State<App>,
    tenant: Tenant,
    DataSourcePath { id }: DataSourcePath,
) -> Result<Json<ConnectionTest>, Error> {
    let source = source(&tenant, id).await?;
    if !source.engine.is_live() {
        let detail = format!(
            "Sources of engine {} are not connected to: import what is there.",
            source.engine.as_str()
        );
        return Err(Error::new(Code::Conflict, detail));
    }
    let greeted = if source.engine == Engine::Athena {
        let target = AthenaTarget::open(&app.secrets, tenant.organization, &source).await?;
        athena::greet(&target, &app.cloud).await
    } else {
        let target = Target::open(&app.secrets, tenant.organization, &source).await?;
        greet(&target, &app.config.networks).await
    };
    Ok(Json(match greeted {
        Ok(Greeting { server, latency }) => ConnectionTest {
            ok: true,
            latency_ms: Some(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)),
            server: Some(server),
            reason: None,
            hint: None,
        },
        Err(error) => ConnectionTest {
            ok: false,
            latency_ms: None,
            server: None,
            hint: Some(error.hint().to_owned()),
            reason: Some(error.to_string()),
        },
    }))
}
