//! Running a report now.

use std::time::Duration;

use deserr::Deserr;
use shared::Error;
use shared::base::{Fields, RunId};
use shared::http::{Created, JsonBody};
use shared::model::report::run::{Status, Trigger};
use shared::model::{Organization, Report, Run};
use shared::service::CreateRequest;
use shared::store::{Key, New, OrganizationRecord, ReportJob, Versioned};
use utoipa::ToSchema;

use crate::report::{REPORTS, ReportPath, check_may_write};
use crate::run::RunView;

/// When runs are looked for again, should this process end before it has said that there is one: after the longest request.
const LATER: Duration = Duration::from_secs(10);

/// What to do beside making the file.
#[derive(Default, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ReportGenerate, examples(json!({ "deliver": true })))]
pub(crate) struct Generate {
    /// Also mail it to the report's recipients, as the schedule does. For who may change the report.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    deliver: bool,
}

/// Run a report
///
/// Its file can be downloaded once the run is done.
#[utoipa::path(
    post,
    path = "/api/reports/{id}/generate/",
    operation_id = "generate_report",
    tag = "Reports",
    params(ReportPath),
    request_body = Option<Generate>,
    responses(
        (status = 202, description = "The run, waiting for its turn.", body = RunView),
        (status = 403, description = "The plan has no storage left for a file."),
    ),
)]
pub(crate) async fn generate(
    request: CreateRequest,
    ReportPath { id }: ReportPath,
    body: Option<JsonBody<Generate>>,
) -> Result<Created<RunView>, Error> {
    let JsonBody(Generate { deliver }) = body.unwrap_or(JsonBody(Generate::default()));
    let request = request.accepted();
    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let job = ReportJob::Run { organization, report: id };
    // First, so that the run is done whatever happens to this process.
    request.app.report_jobs.send(job.clone(), LATER).await?;
    let path = format!("{REPORTS}{id}/runs/");
    let plan = [Key::organization(organization)];
    let created =
        request.create_within(&path, id.into(), &plan, |run_id, report: &Versioned<Report>, mut items| {
            let report = &report.entity;
            let Organization { plan, storage, .. } =
                OrganizationRecord::read(items.pop().flatten())?.organization;
            // How much it will take is known once it is there.
            plan.check_storage(storage.used(now), 1)?;
            if deliver {
                check_may_write(&request.caller, report)?;
            }
            let run = Run {
                id: RunId::from(run_id),
                status: Status::Waiting,
                trigger: Trigger::Manual,
                scheduled_for: None,
                format: report.format,
                recipients: if deliver { report.recipients.clone() } else { Vec::new() },
                deliveries: Vec::new(),
                attempt: None,
                file: None,
                reason: None,
                created_by: Some(request.caller.user().id),
                created_at: now,
                started_at: None,
                finished_at: None,
            };
            let shown = RunView::at(run.clone(), now);
            Ok::<_, Error>((New::of(run), shown))
        });
    let created = created.await?;
    // Sooner than that, if it can be said.
    if let Err(error) = request.app.report_jobs.send(job, Duration::ZERO).await {
        tracing::warn!(%error, "a run begins some seconds later");
    }
    Ok(created)
}
