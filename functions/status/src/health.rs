//! Whether the service is up, for whoever watches it.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::error::Code;
use shared::{App, Error};
use utoipa::ToSchema;

/// The same for all functions of a deployment, since they share the workspace's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// That all is well.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The API's version.
    version: &'static str,
    /// `ok`: DynamoDB answers.
    store: &'static str,
}

/// See whether the service is up
#[utoipa::path(
    get,
    path = "/api/health/",
    operation_id = "get_health",
    tag = "Health",
    responses((status = 200, description = "It is.", body = Health)),
)]
pub(crate) async fn health(State(app): State<App>) -> Result<Json<Health>, Error> {
    app.store.ping().await.map_err(|error| {
        let detail = format!("claribi {VERSION} is up, but its store does not answer.");
        Error::new(Code::ServiceUnavailable, detail).retry_after(1).caused_by(error)
    })?;
    Ok(Json(Health { status: "ok", version: VERSION, store: "ok" }))
}
