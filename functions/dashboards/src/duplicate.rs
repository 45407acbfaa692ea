//! Duplicating a dashboard: a draft of the caller's own, with the same widgets.

use axum::extract::State;
use deserr::Deserr;
use shared::access::Caller;
use shared::error::Fields;
use shared::http::{Created, Idempotency, JsonBody, PathId, RequestContext};
use shared::model::Name;
use shared::model::dashboard::DashboardStatus;
use shared::store::{Versioned, collection};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::dashboard::{Dashboard, DashboardView, created};

/// What the copy is called.
#[derive(Default, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = DashboardDuplicate, examples(json!({ "name": "Sales of next year" })))]
pub(crate) struct Duplicate {
    /// By default, the original's name with " (copy)" after it.
    #[deserr(default)]
    name: Option<Name>,
}

/// Duplicate a dashboard
///
/// Makes a draft of one's own with the same widgets.
#[utoipa::path(
    post,
    path = "/api/dashboards/{id}/duplicate/",
    operation_id = "duplicate_dashboard",
    tag = "Dashboards",
    request_body = Option<Duplicate>,
    responses((status = 201, description = "The copy.", body = DashboardView)),
)]
pub(crate) async fn duplicate(
    State(app): State<App>,
    context: RequestContext,
    caller: Caller,
    PathId(id): PathId,
    idempotency: Idempotency,
    body: Option<JsonBody<Duplicate>>,
) -> Result<Created<DashboardView>, Error> {
    let JsonBody(Duplicate { name }) = body.unwrap_or(JsonBody(Duplicate::default()));
    let (organization, now) = (caller.organization(), app.clock.now());
    let copy = collection::create_from(&app.store, organization, id, |id, original: Versioned<Dashboard>| {
        let copy = Dashboard {
            id: id.into(),
            name: name.clone().unwrap_or_else(|| original.entity.name.copy()),
            status: DashboardStatus::Draft,
            created_by: caller.user().id,
            created_at: now,
            updated_at: now,
            ..original.entity.clone()
        };
        // As long as the original is what it was, the data sources that it uses cannot be deleted from under the copy.
        let mut others = vec![original.check_unchanged(organization)];
        others.extend(idempotency.keep(&created(&context, Versioned::first(copy.clone())))?);
        Ok((copy, others))
    })
    .await?;
    Ok(created(&context, copy))
}
