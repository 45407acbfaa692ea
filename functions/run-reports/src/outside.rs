//! What the job reaches beside the app's stores.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use engine::Answers;
use shared::App;
use shared::service::runtime::AnyError;
use shared::store::aws::{Settings, variable};
use shared::store::schedules::Target;
use shared::store::{Mail, Schedules};

/// How long one widget's query may take. Nobody waits for it.
const DEADLINE: Duration = Duration::from_mins(5);

/// How long after a job has begun its reports are drawn. Lambda ends a job after 15 minutes (`template.yaml`), and when all widgets are
/// there or have been given up, the file is still to be put into the bucket.
pub(crate) const DRAWING: Duration = Duration::from_mins(12);

/// What the job reaches beside the app's stores. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The engine.
    pub(crate) answers: Arc<Answers>,
    /// The Scheduler.
    pub(crate) schedules: Schedules,
    /// Mail. None where nothing says whom it is from: then none is sent.
    pub(crate) mail: Option<Mail>,
    /// How long after a job has begun its reports are drawn.
    pub(crate) drawing: Duration,
}

impl Outside {
    /// What an app's job reaches.
    pub fn new(app: &App, schedules: Schedules, mail: Option<Mail>) -> io::Result<Self> {
        let (files, secrets, networks) =
            (app.files.clone(), app.secrets.clone(), app.config.networks.clone());
        let answers = Answers::new(files, secrets, networks, app.cloud.clone(), DEADLINE)?;
        Ok(Self { answers: Arc::new(answers), schedules, mail, drawing: DRAWING })
    }

    /// The same for reports that are drawn within this time.
    pub fn drawing_within(self, drawing: Duration) -> Self {
        Self { drawing, ..self }
    }

    /// What the environment says (`REPORTS_QUEUE_ARN`, [`Target::from_env`], [`Mail::from_env`]).
    pub fn from_env(
        app: &App,
        settings: &Settings,
        connector: SharedHttpConnector,
    ) -> Result<Self, AnyError> {
        let schedules =
            Schedules::new(settings, connector.clone(), Target::from_env(variable("REPORTS_QUEUE_ARN")?)?);
        Ok(Self::new(app, schedules, Mail::from_env(settings, connector)?)?)
    }
}
