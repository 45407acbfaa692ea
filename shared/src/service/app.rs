//! What a handler is given.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::access::Admission;
use crate::access::api_key::Stage;
use crate::base::{Clock, OrganizationId};
use crate::model::Counts;
use crate::model::data_source::Networks;
use crate::service::cors::AllowedOrigins;
use crate::store::{Cloud, Files, Job, Jobs, ReportJob, Secrets, Store};

/// How long the work after an answer may take: the function's own timeout (10 s in `template.yaml`) leaves five after a request.
const AFTER_ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// Everything a handler may reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Parts {
    /// The tables.
    pub store: Store,
    /// The secret.
    pub secrets: Secrets,
    /// The bucket.
    pub files: Files,
    /// The queue of jobs for data sources.
    pub jobs: Jobs<Job>,
    /// The queue of jobs for reports.
    pub report_jobs: Jobs<ReportJob>,
    /// Services in accounts that need not be ours.
    pub cloud: Cloud,
    /// The time.
    pub clock: Clock,
    /// What this deployment is told of itself.
    pub config: Config,
    /// Who may do what, and how often.
    pub admission: Admission,
    kept: OnceLock<Arc<dyn Any + Send + Sync>>,
    left: Left,
}

/// What is left to do.
#[derive(Default)]
struct Left(Mutex<Vec<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl fmt::Debug for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Left")
    }
}

/// Where an app keeps what it keeps.
#[derive(Clone, Debug)]
pub struct Stores {
    /// The tables.
    pub store: Store,
    /// The secret.
    pub secrets: Secrets,
    /// The bucket.
    pub files: Files,
    /// The queue of jobs for data sources.
    pub jobs: Jobs<Job>,
    /// The queue of jobs for reports.
    pub report_jobs: Jobs<ReportJob>,
    /// Services in accounts that need not be ours.
    pub cloud: Cloud,
}

/// What a deployment is told of itself.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether it is for production.
    pub stage: Stage,
    /// The URL that clients reach it by, without a slash at the end, where the front door does not tell: as in
    /// `https://api.example.com`.
    pub public_base_url: Option<String>,
    /// The origins whose pages may call it.
    pub allowed_origins: AllowedOrigins,
    /// Where data sources may be beside the public internet.
    pub networks: Networks,
    /// What the console offers to sign in with, where everybody may.
    pub demo_sign_in: Option<DemoSignIn>,
}

/// An account that is no secret.
#[derive(Clone, Debug)]
pub struct DemoSignIn {
    /// Its email address.
    pub email: String,
    /// Its password.
    pub password: String,
}

impl App {
    /// An app over these stores.
    pub fn new(stores: Stores, clock: Clock, config: Config) -> Self {
        let Stores { store, secrets, files, jobs, report_jobs, cloud } = stores;
        let admission = Admission::new(store.clone(), secrets.clone(), clock.clone(), config.stage);
        Self(Arc::new(Parts {
            store,
            secrets,
            files,
            jobs,
            report_jobs,
            cloud,
            clock,
            config,
            admission,
            kept: OnceLock::new(),
            left: Left::default(),
        }))
    }

    /// What an instance keeps between requests beyond all that: one thing, made when it is first asked for.
    ///
    /// # Panics
    ///
    /// If it is asked for another type than before.
    pub fn kept<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let kept = Arc::clone(self.kept.get_or_init(|| Arc::new(make())));
        kept.downcast().unwrap_or_else(|_| panic!("an app keeps one thing"))
    }

    /// Leaves something to do until the answer is out. It may be dropped halfway.
    pub fn leave(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.left.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::pin(work));
    }

    /// Counts what an organization has used. It is written later: after an answer, or at the end of a job.
    pub fn count(&self, organization: OrganizationId, counts: Counts) {
        self.admission.usage().count(organization, counts, self.clock.now());
    }

    /// Writes all that was counted, before a job or a process ends.
    pub async fn write_usage(&self) {
        self.admission.usage().write_all(&self.store, self.clock.now()).await;
    }

    /// Does what is left to do once an answer is out: writes what was used and is due, and does what handlers
    /// [left](Self::leave). Ends within 2 s, whatever hangs.
    pub async fn after_answer(&self) {
        // Kept off the stack, for all that waits for it.
        let writes = Box::pin(self.admission.usage().write_due(&self.store, self.clock.now()));
        let left = std::mem::take(&mut *self.left.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut left: JoinSet<()> = left.into_iter().collect();
        let all_left = async { while left.join_next().await.is_some() {} };
        let work = async { tokio::join!(writes, all_left) };
        if tokio::time::timeout(AFTER_ANSWER_LIMIT, work).await.is_err() {
            tracing::warn!("the work after an answer took too long, and was left");
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
