//! Duplicating a dashboard: a draft of the caller's own, with the same widgets.

use deserr::Deserr;
use shared::Error;
use shared::base::{Fields, Name};
use shared::http::{Created, JsonBody};
use shared::model::Dashboard;
use shared::model::dashboard::DashboardStatus;
use shared::service::CreateRequest;
use shared::store::New;
use shared::store::Versioned;
use shared::store::collection::Along;
use utoipa::ToSchema;

use crate::dashboard::{DASHBOARDS, DashboardPath, DashboardView};

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
    params(DashboardPath),
    request_body = Option<Duplicate>,
    responses((status = 201, description = "The copy.", body = DashboardView)),
)]
pub(crate) async fn duplicate(
    request: CreateRequest,
    DashboardPath { id }: DashboardPath,
    body: Option<JsonBody<Duplicate>>,
) -> Result<Created<DashboardView>, Error> {
    let JsonBody(Duplicate { name }) = body.unwrap_or(JsonBody(Duplicate::default()));
    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let created = request.create_from(DASHBOARDS, id.into(), |id, original: &Versioned<Dashboard>| {
        let copy = Dashboard {
            id: id.into(),
            name: name.clone().unwrap_or_else(|| original.entity.name.copy()),
            status: DashboardStatus::Draft,
            created_by: request.caller.user().id,
            created_at: now,
            updated_at: now,
            ..original.entity.clone()
        };
        // As long as the original is what it was, the data sources that it uses cannot be deleted from under the copy.
        let along = vec![Along::IfUnchanged(original.check_unchanged(organization))];
        let shown = copy.clone().into();
        Ok::<_, Error>((New { along, ..New::of(copy) }, shown))
    });
    Ok(created.await?)
}
