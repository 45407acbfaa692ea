//! Metrics, as log lines in CloudWatch's
//! [embedded metric format](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html):
//! they cost no call. Their one dimension is the function.
//!
//! Where none are [started](start), as locally, counting does nothing.

use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use axum::http::StatusCode;
use metrics_cloudwatch_embedded::{Builder, Collector};

const NAMESPACE: &str = "claribi";

static COLLECTOR: OnceLock<&'static Collector> = OnceLock::new();

/// Starts collecting, and counts the cold start that this is.
pub fn start(function: String) {
    match Builder::new().cloudwatch_namespace(NAMESPACE).with_dimension("Function", function).init() {
        Ok(collector) => {
            if COLLECTOR.set(collector).is_ok() {
                metrics::counter!("ColdStarts").increment(1);
            }
        }
        Err(error) => tracing::error!(cause = %error, "metrics are not collected"),
    }
}

/// Counts a request.
pub fn count_request(status: StatusCode, duration: Duration) {
    metrics::counter!("Requests").increment(1);
    metrics::histogram!("Latency").record(duration.as_secs_f64() * 1e3);
    if status.is_server_error() {
        metrics::counter!("Errors").increment(1);
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        metrics::counter!("RateLimited").increment(1);
    }
}

/// Writes what has been counted since the last time.
pub fn flush() {
    if let Some(collector) = COLLECTOR.get()
        && let Err(error) = collector.flush(io::stdout())
    {
        tracing::error!(cause = %error, "metrics were not written");
    }
}
