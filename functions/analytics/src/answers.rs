//! Asking the engine on behalf of a request.

use std::sync::Arc;
use std::time::Duration;

use engine::athena::Scan;
use engine::web::Web;
use engine::{Answer, Answers, EngineError, Origin, Question, Scanned, StandingId};
use picture::Data;
use shared::base::OrganizationId;
use shared::model::query::Query;
use shared::model::result::{QueryResult, ResolvedRange, ResolvedWords};
use shared::model::{Counts, DataSource};
use shared::store::meter::Meter;
use shared::{App, Error};

/// How long a query may take: API Gateway waits 29 s.
const DEADLINE: Duration = Duration::from_secs(20);

/// The engine of the instance.
pub(crate) fn of(app: &App) -> Arc<Answers> {
    Arc::clone(&kept(app, None).answers)
}

/// Has nothing left of answers in databases once this one is out, and before the instance sleeps.
pub(crate) fn settle(app: &App) {
    let answers = of(app);
    app.leave(async move { answers.settled().await });
}

/// How the instance reaches hosts of customers.
pub(crate) fn web(app: &App) -> Result<Web, Error> {
    kept(app, None).web.clone().map_or_else(|| Web::public().map_err(Error::internal), Ok)
}

/// Lets an instance that has answered nothing so far reach hosts of customers in this way.
pub fn reach_by(app: &App, web: Web) {
    kept(app, Some(web));
}

/// What an instance keeps.
struct Kept {
    answers: Arc<Answers>,
    /// How hosts of customers are reached, if not as anybody would.
    web: Option<Web>,
}

fn kept(app: &App, web: Option<Web>) -> Arc<Kept> {
    app.kept(|| {
        let (files, secrets, networks) =
            (app.files.clone(), app.secrets.clone(), app.config.networks.clone());
        let answers = Answers::new(files, secrets, networks, app.cloud.clone(), DEADLINE);
        // Nothing can be answered where threads cannot be started.
        Kept { answers: Arc::new(answers.expect("threads for the engine")), web }
    })
}

/// What a query means for a data source, if it can be asked.
pub(crate) async fn question(
    app: &App,
    organization: OrganizationId,
    source: &DataSource,
    query: &Query,
    path: &str,
) -> Result<Question, Error> {
    Ok(of(app).question(organization, source, query, path, app.clock.now()).await?)
}

/// What there is to a question by now.
pub(crate) enum Answered {
    /// The answer, and whether it was computed before.
    Done(Arc<Answer>, bool),
    /// It is still being computed, under this ID.
    Running(StandingId),
}

/// The answer, if it does not take longer than a request may, which is counted. `path` is where the query is, for names of fields.
pub(crate) async fn answer(app: &App, question: &Question, path: &str) -> Result<Answered, Error> {
    let answers = of(app);
    if question.is_live() {
        settle(app);
    }
    let (answer, origin) = match answers.answer(question).await {
        Err(EngineError::Running(id)) => return Ok(Answered::Running(id)),
        answered => answered.map_err(|error| error.told(path))?,
    };
    let scanned = if origin.was_kept() { Scanned::default() } else { answer.scanned };
    let counts = Counts {
        queries: 1,
        cached: origin.was_kept().into(),
        rows_scanned: scanned.rows,
        bytes_scanned: scanned.bytes,
        ..Counts::default()
    };
    app.count(question.organization, counts);
    Meter::current().add_scanned(scanned.bytes);
    if matches!(origin, Origin::Table | Origin::Source) {
        let (question, answer) = (question.clone(), Arc::clone(&answer));
        app.leave(async move { answers.keep(&question, &answer).await });
    }
    Ok(Answered::Done(answer, origin.was_kept()))
}

/// Forgets what was answered.
pub(crate) async fn forget(app: &App, question: &Question) -> Result<(), Error> {
    Ok(of(app).forget(question).await?)
}

/// What a query's words came to.
pub(crate) fn words(question: &Question) -> ResolvedWords {
    let resolved = &question.resolved;
    let time_range = resolved.time.map(|time| {
        let written =
            |bound: Option<i64>| bound.map(|bound| shared::model::resolved::write_bound(time.column, bound));
        ResolvedRange { from: written(time.bounds.from), to: written(time.bounds.to) }
    });
    ResolvedWords { time_range, timezone: resolved.zone.as_str().to_owned() }
}

/// An answer as it is drawn.
pub(crate) fn data<'a>(question: &'a Question, answer: &'a Answer) -> Data<'a> {
    Data {
        columns: &answer.columns,
        values: &answer.values,
        row_count: answer.row_count,
        totals: answer.totals.as_deref(),
        other_row: answer.other_row,
        truncated: answer.truncated,
        zone: &question.resolved.zone,
    }
}

/// An answer as it is sent.
pub(crate) fn result(question: &Question, answer: &Answer, cached: bool) -> QueryResult {
    QueryResult {
        columns: answer.columns.clone(),
        rows: answer.rows.clone(),
        totals: answer.totals.clone(),
        other_row: answer.other_row,
        row_count: answer.row_count,
        truncated: answer.truncated,
        resolved: words(question),
        data_source: question.data_source,
        table: question.table().to_owned(),
        data_version: question.data.version.clone(),
        as_of: answer.asked_at.unwrap_or(question.data.imported_at),
        cached,
        engine: question.engine(),
        scanned_bytes: answer.scan.map(|scan| scan.bytes),
        estimated_cost_usd: answer.scan.map(Scan::cost_usd),
    }
}
