//! All stores, started together.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::Credentials;
use shared::base::Clock;
use shared::service::app;
use shared::store::aws::{self, Settings};
use shared::store::mail::Mailbox;
use shared::store::schedules::Target;
use shared::store::{Cloud, Jobs, Mail, Schedules, Secrets, Store, Tables};

use crate::data_dir::DataDir;
use crate::demo;
use crate::dynamodb::DynamoDb;
use crate::files::{self, Files};
use crate::outbox::{self, Outbox, Ses};
use crate::queue::{self, Queue, REGION, Sqs};
use crate::scheduler::{self, Scheduler, SchedulerServer};
use crate::secrets_manager::SecretsManager;
use crate::start_error::StartError;

/// Where data is kept.
#[derive(Clone, Debug)]
pub enum Storage {
    /// Gone when the process ends.
    Memory,
    /// In this folder, which one process at a time may use.
    Folder(PathBuf),
}

/// Running stores. They stop when this is dropped.
pub struct Stores {
    dynamodb: DynamoDb,
    secrets_manager: SecretsManager,
    files: Files,
    sqs: Sqs,
    jobs: Queue,
    reports: Queue,
    scheduler: Scheduler,
    scheduler_server: SchedulerServer,
    outbox: Outbox,
    ses: Ses,
    // Dropped last: the folder is free once nothing uses it any more.
    _data_dir: Option<DataDir>,
}

impl Stores {
    /// Starts them on free loopback ports.
    pub fn start(storage: Storage) -> Result<Self, StartError> {
        let data_dir = match storage {
            Storage::Memory => None,
            Storage::Folder(path) => Some(DataDir::open(path)?),
        };
        let file = |name| data_dir.as_ref().map(|dir| dir.file(name));
        let clock = Clock::system();
        let queue = |name, folder| {
            Queue::open(name, file(folder), clock.clone())
                .map_err(|error| StartError(format!("The embedded queue of {name} did not start: {error}.")))
        };
        let jobs = queue(queue::JOBS, "queue")?;
        let reports = queue(queue::REPORTS, "reports-queue")?;
        let queues = vec![jobs.clone(), reports.clone()];
        let scheduler = Scheduler::open(file("schedules.json"), clock.clone(), queues.clone())
            .map_err(|error| StartError(format!("The embedded Scheduler did not start: {error}.")))?;
        let outbox = Outbox::open(file("outbox"), clock.clone())
            .map_err(|error| StartError(format!("The outbox cannot be used: {error}.")))?;
        let (notifications, clock) = (jobs.clone(), clock.clone());
        let notify = move |created: files::ObjectCreated| {
            let event = created.to_event(REGION, clock.now());
            notifications.send(event.to_string(), Duration::ZERO).map(drop)
        };
        Ok(Self {
            files: Files::start(file("files").as_deref(), notify)?,
            sqs: Sqs::start(queues)?,
            jobs,
            reports,
            scheduler_server: SchedulerServer::start(scheduler.clone())?,
            scheduler,
            ses: Ses::start(outbox.clone())?,
            outbox,
            dynamodb: DynamoDb::start(file("dynamodb.sqlite").as_deref())?,
            secrets_manager: SecretsManager::start(file("secrets.json"))?,
            _data_dir: data_dir,
        })
    }

    /// How to reach them.
    pub fn settings(&self) -> Settings {
        Settings {
            region: REGION.to_owned(),
            credentials: Credentials::new("local", "local", None, None, "local"),
            dynamodb_endpoint: Some(url(self.dynamodb.address())),
            secrets_manager_endpoint: Some(url(self.secrets_manager.address())),
            s3_endpoint: Some(url(self.files.address())),
            sqs_endpoint: Some(url(self.sqs.address())),
            scheduler_endpoint: Some(url(self.scheduler_server.address())),
            ses_endpoint: Some(url(self.ses.address())),
            sts_endpoint: Some(or_nowhere("AWS_ENDPOINT_URL_STS")),
            athena_endpoint: Some(or_nowhere("AWS_ENDPOINT_URL_ATHENA")),
        }
    }

    /// The queue of jobs for data sources, for whoever does them.
    pub fn jobs(&self) -> &Queue {
        &self.jobs
    }

    /// The queue of jobs for reports, for whoever does them.
    pub fn reports(&self) -> &Queue {
        &self.reports
    }

    /// The URL of the queue of jobs for data sources.
    pub fn jobs_queue_url(&self) -> String {
        self.sqs.queue_url(&self.jobs)
    }

    /// The URL of the queue of jobs for reports.
    pub fn reports_queue_url(&self) -> String {
        self.sqs.queue_url(&self.reports)
    }

    /// The schedules, for whoever lets them be due.
    pub fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    /// The mail that was sent.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Where schedules of reports belong, and what they send to.
    pub fn report_schedules(&self) -> Target {
        scheduler::target(&self.reports)
    }

    /// Where schedules of data sources belong, and what they send to.
    pub fn job_schedules(&self) -> Target {
        scheduler::target(&self.jobs)
    }

    /// What the job that imports is given beside an app.
    pub fn of_imports(&self) -> Result<Schedules, StartError> {
        let connector = aws::connector().map_err(|error| StartError(error.to_string()))?;
        let settings = self.settings();
        Ok(Schedules::new(&settings, connector, self.job_schedules()))
    }

    /// What the job that does reports is given beside an app.
    pub fn of_reports(&self) -> Result<(Schedules, Mail), StartError> {
        let failed = |error: &dyn std::fmt::Display| StartError(error.to_string());
        let connector = aws::connector().map_err(|error| failed(&error))?;
        let settings = self.settings();
        let from = Mailbox::parse(outbox::FROM).map_err(|error| failed(&error))?;
        let schedules = Schedules::new(&settings, connector.clone(), self.report_schedules());
        Ok((schedules, Mail::new(&settings, connector, from)))
    }

    /// What an app over them is given.
    pub fn of_app(&self, tables: Tables, clock: &Clock) -> Result<app::Stores, StartError> {
        let connector = aws::connector().map_err(|error| StartError(error.to_string()))?;
        let settings = self.settings();
        let (dynamodb, secrets_manager) = aws::clients(&settings, aws::over(connector.clone()));
        Ok(app::Stores {
            store: Store::new(dynamodb, tables),
            secrets: Secrets::new(secrets_manager, demo::SECRET_ID.to_owned(), clock.clone()),
            files: shared::store::Files::new(settings.clone(), connector.clone(), files::BUCKET.to_owned()),
            jobs: Jobs::new(&settings, connector.clone(), self.jobs_queue_url()),
            report_jobs: Jobs::new(&settings, connector.clone(), self.reports_queue_url()),
            // There is nobody else's data here.
            cloud: Cloud::new(settings, connector, true),
        })
    }

    /// Clients that reach them.
    pub fn clients(&self) -> Result<(aws_sdk_dynamodb::Client, aws_sdk_secretsmanager::Client), StartError> {
        let http_client = aws::http_client().map_err(|error| StartError(error.to_string()))?;
        Ok(aws::clients(&self.settings(), http_client))
    }
}

/// The endpoint that the environment names, or one where nothing is: what has no embedded stand-in must not be asked in AWS by mistake.
fn or_nowhere(variable: &str) -> String {
    aws::optional_variable(variable).unwrap_or_else(|| "http://127.0.0.1:9".to_owned())
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn nobody_else_can_read_the_data() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data");
        let stores = Stores::start(Storage::Folder(path.clone())).expect("stores");
        crate::endpoints::write(&path, &stores, &crate::tables::names()).expect("a file");
        let files: Vec<_> =
            std::fs::read_dir(&path).expect("a folder").map(|file| file.expect("a file")).collect();
        assert!(files.len() >= 3, "{files:?}");
        for file in files {
            let metadata = file.metadata().expect("metadata");
            // What is in a folder that nobody else may look into is closed whatever its own mode is.
            let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(metadata.permissions().mode() & 0o777, expected, "{:?}", file.path());
        }
    }
}
