//! Asking the engine on behalf of a request.

use std::sync::Arc;

use engine::{Answer, Answers, EngineError, Origin, Question, QuestionError};
use shared::base::{Code, DataSourceId, Fields, OrganizationId};
use shared::model::DataSource;
use shared::model::data_source::{Data, Status};
use shared::model::query::Query;
use shared::model::result::{QueryResult, ResolvedRange, ResolvedWords, ResultEngine};
use shared::model::table::Table;
use shared::{App, Error};

/// How much memory a function has where nothing says so: on a machine of its own.
const DEFAULT_MEMORY_MEGABYTES: u64 = 2_048;

/// The engine of the instance.
pub(crate) fn of(app: &App) -> Arc<Answers> {
    app.kept(|| {
        // <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
        let memory = std::env::var("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
            .ok()
            .and_then(|megabytes| megabytes.parse().ok());
        let memory: u64 = memory.unwrap_or(DEFAULT_MEMORY_MEGABYTES);
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Nothing can be answered where threads cannot be started.
        Answers::new(app.files.clone(), memory << 20, threads).expect("threads for the engine")
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
    if source.status == Status::Paused {
        let detail = format!("Data source {} is paused: set its status to active first.", source.id);
        return Err(Error::new(Code::Conflict, detail));
    }
    let question = of(app).question(organization, source, query, path, app.clock.now()).await;
    question.map_err(refusal)
}

/// The tables of a data source.
pub(crate) async fn tables(
    app: &App,
    organization: OrganizationId,
    id: DataSourceId,
    data: &Data,
) -> Result<Arc<Vec<Table>>, Error> {
    of(app).tables(organization, id, data).await.map_err(refusal)
}

fn refusal(error: QuestionError) -> Error {
    match error {
        QuestionError::Empty => Error::new(Code::Conflict, "Nothing has been imported yet."),
        QuestionError::Gone(key) => {
            let detail = "The data that was imported last is not there any more: import it again.";
            Error::new(Code::Conflict, detail).caused_by(format!("{key} is not in the bucket"))
        }
        QuestionError::Invalid(fields) => Error::validation(fields),
        QuestionError::Store(error) => error.into(),
    }
}

/// The answer, and whether it was computed before. `path` is where the query is, for names of fields.
pub(crate) async fn answer(app: &App, question: &Question, path: &str) -> Result<(Arc<Answer>, bool), Error> {
    let answers = of(app);
    let (answer, origin) = answers.answer(question).await.map_err(|error| failure(error, path))?;
    if origin == Origin::Table {
        let (question, answer) = (question.clone(), Arc::clone(&answer));
        app.leave(async move { answers.keep(&question, &answer).await });
    }
    Ok((answer, origin.was_kept()))
}

/// Forgets what was answered.
pub(crate) async fn forget(app: &App, question: &Question) -> Result<(), Error> {
    Ok(of(app).forget(question).await?)
}

/// What is told of an engine's failure.
pub(crate) fn failure(error: EngineError, path: &str) -> Error {
    match error {
        EngineError::Overfilled(most) => {
            let mut fields = Fields::default();
            let reason = "take a shorter time range, a coarser grain or fewer dimensions";
            fields.add(format!("{path}.fill"), format!("Would add more than {most} rows: {reason}."));
            Error::validation(fields)
        }
        EngineError::TooLarge(_) => {
            let detail =
                "The query makes more groups than there is memory for: add filters, or group by less.";
            Error::new(Code::BadRequest, detail).caused_by(error)
        }
        EngineError::Timeout => {
            let detail =
                "The query took longer than 20 s and was ended: take a shorter time range, or add filters.";
            Error::new(Code::QueryTimeout, detail)
        }
        EngineError::Unreadable(_) => Error::unavailable(error),
        EngineError::Internal(_) => Error::internal(error),
    }
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
        as_of: question.data.imported_at,
        cached,
        engine: ResultEngine::DataFusion,
    }
}
