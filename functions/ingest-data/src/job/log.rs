//! A line in the log for each import, and its metrics.

use std::time::Instant;

use shared::App;
use shared::model::Counts;

use crate::job::error::JobError;
use crate::job::work::{ImportPlace, Outcome};

/// Does an import, counts it, and tells what came of it.
pub(crate) async fn logged(
    app: &App,
    place: ImportPlace,
    import: impl Future<Output = Result<Outcome, JobError>>,
) -> Result<Outcome, JobError> {
    let started = Instant::now();
    let outcome = import.await?;
    let (status, rows, bytes) = match outcome {
        Outcome::Nothing(why) => (why, 0, 0),
        Outcome::TakenOver => ("taken over", 0, 0),
        Outcome::Failed { bytes } => ("failed", 0, bytes),
        Outcome::Done { rows, bytes } => ("done", rows, bytes),
    };
    let seconds = started.elapsed().as_secs_f64();
    if matches!(outcome, Outcome::Failed { .. } | Outcome::Done { .. }) {
        app.count(place.organization, Counts { imports: 1, ..Counts::default() });
        metrics::counter!("Imports").increment(1);
        metrics::counter!("ImportRows").increment(rows);
        metrics::counter!("ImportBytes").increment(bytes);
        metrics::histogram!("ImportSeconds").record(seconds);
        if matches!(outcome, Outcome::Failed { .. }) {
            metrics::counter!("ImportsFailed").increment(1);
        }
    }
    // Neither a file's name nor anything in it: it is the customer's.
    tracing::info!(
        job = "import",
        organization = u64::from(place.organization),
        data_source = u64::from(place.data_source),
        import = u64::from(place.import),
        status,
        rows,
        bytes,
        seconds = (seconds * 1e3).round() / 1e3,
        "job"
    );
    Ok(outcome)
}
