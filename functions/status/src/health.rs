//! Whether the service is up, for whoever watches it.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::base::Code;
use shared::base::Error;
use shared::service::App;
use utoipa::ToSchema;

/// The same for all functions of a deployment, since they share the workspace's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The service's health.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The API's version.
    version: &'static str,
    /// `ok`: DynamoDB answers.
    store: &'static str,
}

/// Get the service's health
#[utoipa::path(
    get,
    path = "/api/health/",
    operation_id = "get_health",
    tag = "Health",
    responses((status = 200, description = "The service is up.", body = Health)),
)]
pub(crate) async fn health(State(app): State<App>) -> Result<Json<Health>, Error> {
    app.store.ping().await.map_err(|error| {
        let detail = format!("claribi {VERSION} is up, but its store does not answer.");
        Error::new(Code::ServiceUnavailable, detail).retry_after(1).caused_by(error)
    })?;
    Ok(Json(Health { status: "ok", version: VERSION, store: "ok" }))
}
