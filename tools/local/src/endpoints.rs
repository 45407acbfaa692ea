//! Where the stores of a running `cargo run` are: a file of environment variables beside its data, for
//! `cargo lambda watch --env-file` and `tools/admin --local`.

use std::fs;
use std::io;
use std::path::Path;

use aws_credential_types::Credentials;
use shared::model::data_source::Networks;
use shared::store::Tables;
use shared::store::aws::Settings;

use crate::data_dir::{DataDir, make_private};
use crate::stores::Stores;
use crate::{demo, files, outbox};

const FILE: &str = "env";
const DYNAMODB: &str = "AWS_ENDPOINT_URL_DYNAMODB";
const SECRETS_MANAGER: &str = "AWS_ENDPOINT_URL_SECRETS_MANAGER";
const S3: &str = "AWS_ENDPOINT_URL_S3";
const SQS: &str = "AWS_ENDPOINT_URL_SQS";
const SCHEDULER: &str = "AWS_ENDPOINT_URL_SCHEDULER";
const SES: &str = "AWS_ENDPOINT_URL_SESV2";
const STS: &str = "AWS_ENDPOINT_URL_STS";
const ATHENA: &str = "AWS_ENDPOINT_URL_ATHENA";

/// Writes the file: all that a function is told by its environment.
pub fn write(data_dir: &Path, stores: &Stores, tables: &Tables) -> io::Result<()> {
    let settings = stores.settings();
    let (jobs_queue_url, reports_queue_url) = (stores.jobs_queue_url(), stores.reports_queue_url());
    let (target, jobs) = (stores.report_schedules(), stores.job_schedules());
    let lines = [
        ("AWS_REGION", settings.region.as_str()),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        (DYNAMODB, settings.dynamodb_endpoint.as_deref().unwrap_or_default()),
        (SECRETS_MANAGER, settings.secrets_manager_endpoint.as_deref().unwrap_or_default()),
        (S3, settings.s3_endpoint.as_deref().unwrap_or_default()),
        (SQS, settings.sqs_endpoint.as_deref().unwrap_or_default()),
        (SCHEDULER, settings.scheduler_endpoint.as_deref().unwrap_or_default()),
        (SES, settings.ses_endpoint.as_deref().unwrap_or_default()),
        (STS, settings.sts_endpoint.as_deref().unwrap_or_default()),
        (ATHENA, settings.athena_endpoint.as_deref().unwrap_or_default()),
        ("ATHENA_OWN_ROLE", "true"),
        ("ENTITIES_TABLE", &tables.entities),
        ("COUNTERS_TABLE", &tables.counters),
        ("SECRET_ID", demo::SECRET_ID),
        ("FILES_BUCKET", files::BUCKET),
        ("JOBS_QUEUE_URL", &jobs_queue_url),
        ("REPORTS_QUEUE_URL", &reports_queue_url),
        ("JOBS_QUEUE_ARN", &jobs.queue_arn),
        ("REPORTS_QUEUE_ARN", &target.queue_arn),
        ("SCHEDULE_GROUP", &target.group),
        ("SCHEDULE_ROLE_ARN", &target.role_arn),
        ("SCHEDULE_DEAD_LETTERS_ARN", &target.dead_letters_arn),
        ("MAIL_FROM", outbox::FROM),
        ("STAGE", "local"),
        ("CORS_ALLOWED_ORIGINS", "*"),
        ("ALLOWED_NETWORKS", Networks::LOOPBACK),
    ];
    let lines = lines.map(|(name, value)| format!("{name}={value}"));
    let file = data_dir.join(FILE);
    make_private(&file)?;
    fs::write(file, lines.join("\n") + "\n")
}

/// Reads the file, if a server is running on the folder.
pub fn read(data_dir: &Path) -> Option<Settings> {
    if !DataDir::is_taken(data_dir) {
        return None;
    }
    let text = fs::read_to_string(data_dir.join(FILE)).ok()?;
    let value = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    };
    Some(Settings {
        region: value("AWS_REGION")?,
        credentials: Credentials::new("local", "local", None, None, "local"),
        dynamodb_endpoint: Some(value(DYNAMODB)?),
        secrets_manager_endpoint: Some(value(SECRETS_MANAGER)?),
        s3_endpoint: Some(value(S3)?),
        sqs_endpoint: Some(value(SQS)?),
        scheduler_endpoint: Some(value(SCHEDULER)?),
        ses_endpoint: Some(value(SES)?),
        sts_endpoint: Some(value(STS)?),
        athena_endpoint: Some(value(ATHENA)?),
    })
}
