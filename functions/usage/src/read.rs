//! Reading what an organization has used.

use axum::Json;
use axum::extract::State;
use deserr::Deserr;
use shared::access::Tenant;
use shared::base::Fields;
use shared::http::Query;
use shared::model::Month;
use shared::model::data_source::DataSourceSummary;
use shared::model::usage::{first_told, is_told};
use shared::store::{collection, organizations, usage};
use shared::{App, Error};
use utoipa::IntoParams;

use crate::report::UsageReport;

#[derive(Deserr, IntoParams)]
#[deserr(error = Fields, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Parameters {
    /// The month in UTC, as in `2026-11`: the current one or one of the twelve before. The current one unless given.
    #[deserr(default)]
    #[param(inline)]
    month: Option<Month>,
}

/// Get the usage of a month
///
/// Day by day, in UTC. Counts may lag by a minute; credits, data sources, storage and users do not: these are as they are now, whichever
/// month is asked for.
#[utoipa::path(
    get,
    path = "/api/usage/",
    operation_id = "get_usage",
    tag = "Usage",
    params(Parameters),
    responses((status = 200, description = "What was used, and what the plan allows.", body = UsageReport)),
)]
pub(crate) async fn read(
    State(app): State<App>,
    tenant: Tenant,
    Query(Parameters { month }): Query<Parameters>,
) -> Result<Json<UsageReport>, Error> {
    let (id, now) = (tenant.organization, app.clock.now());
    let current = Month::of(now);
    let month = month.unwrap_or(current);
    if !is_told(month, current) {
        let mut fields = Fields::default();
        fields.add(
            "month",
            format!(
                "Must be a month from {} to {current}: usage is kept for 13 months.",
                first_told(current)
            ),
        );
        return Err(Error::validation(fields));
    }
    let organization = async { organizations::find(&tenant, id).await.map_err(Error::from) };
    let sources =
        async { collection::directory::<DataSourceSummary>(&tenant, id).await.map_err(Error::from) };
    let days = async { usage::of_month(&app.store, id, month).await.map_err(Error::from) };
    let (organization, sources, days, _) = tokio::try_join!(organization, sources, days, tenant.caller())?;
    let organization = organization.ok_or_else(|| Error::internal(format!("organization {id} is gone")))?;
    Ok(Json(UsageReport::new(&organization, sources.len(), month, &days, now)))
}
