//! An app of a test's own, over the stores of the run.

use std::net::{IpAddr, Ipv6Addr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_secretsmanager::Client as SecretsManager;
use axum::Router;
use local::outbox::{self, Outbox};
use local::queue::{self, Queue};
use local::scheduler::{self, Scheduler};
use local::{demo, files, tables};
use shared::App;
use shared::access::api_key::Stage;
use shared::base::OrganizationId;
use shared::model::data_source::Networks;
use shared::model::{Organization, Plan};
use shared::service::app::{Config, DemoSignIn, Stores};
use shared::service::cors::AllowedOrigins;
use shared::store::mail::Mailbox;
use shared::store::{
    Cloud, Files, Jobs, Mail, Schedules, SecretValue, Secrets, Store, StoreError, aws, organizations,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::cloud;
use crate::stores::{http_client, settings, table_names};
use crate::{Instance, RouterWire, TestClock, TestRequest, Wire, log_guard};

/// What the app under test is told of itself.
pub fn config() -> Config {
    Config {
        stage: Stage::Test,
        public_base_url: Some("https://api.example.com".into()),
        allowed_origins: AllowedOrigins::Any,
        networks: Networks::default(),
        demo_sign_in: None,
    }
}

/// What an app is over: stores of the run, or of the test's own.
#[derive(Clone)]
struct Over {
    dynamodb: DynamoDb,
    secrets_manager: SecretsManager,
    secret_id: String,
    bucket: RouterWire,
    queue: RouterWire,
    messages: Queue,
    report_messages: Queue,
    scheduler: Scheduler,
    scheduler_wire: RouterWire,
    outbox: Outbox,
    ses_wire: RouterWire,
    /// Athena and STS, where a test has them.
    athena: RouterWire,
    /// Whether data sources may be asked in the API's own name.
    own_role: bool,
    config: Config,
    /// Where the bucket's objects are, until the last app over it is gone.
    folder: Arc<TempDir>,
}

impl Over {
    fn app(&self, clock: &TestClock) -> App {
        App::new(self.stores(clock), clock.clock(), self.config.clone())
    }

    fn stores(&self, clock: &TestClock) -> Stores {
        let queue_url = |queue: &Queue| format!("http://localhost/{}", queue.path());
        Stores {
            store: Store::new(self.dynamodb.clone(), table_names()),
            secrets: Secrets::new(self.secrets_manager.clone(), self.secret_id.clone(), clock.clock()),
            files: Files::new(in_process(), self.bucket.connector(), files::BUCKET.to_owned()),
            jobs: Jobs::new(&in_process(), self.queue.connector(), queue_url(&self.messages)),
            report_jobs: Jobs::new(&in_process(), self.queue.connector(), queue_url(&self.report_messages)),
            cloud: Cloud::new(in_process(), cloud::connector(&self.athena, &self.bucket), self.own_role),
        }
    }
}

/// How to reach services that answer within the call.
fn in_process() -> aws::Settings {
    let endpoint = Some("http://localhost".to_owned());
    aws::Settings {
        s3_endpoint: endpoint.clone(),
        sqs_endpoint: endpoint.clone(),
        scheduler_endpoint: endpoint.clone(),
        ses_endpoint: endpoint.clone(),
        sts_endpoint: endpoint.clone(),
        athena_endpoint: endpoint,
        ..settings()
    }
}

/// The API over the run's stores, with a clock, a secret and an organization of its own.
pub struct TestApp {
    /// Moves the app's time.
    pub clock: TestClock,
    /// The app's organization.
    pub organization: Organization,
    /// What handlers are given.
    pub app: App,
    /// The app's secret.
    pub secret_id: String,
    /// Where its requests come from.
    pub address: IpAddr,
    /// For looking into the tables.
    pub dynamodb: DynamoDb,
    /// For changing the secret.
    pub secrets_manager: SecretsManager,
    /// The bucket.
    pub bucket: RouterWire,
    /// The queues, as they are sent to.
    pub queue: RouterWire,
    /// EventBridge Scheduler, as it is called.
    pub scheduler: RouterWire,
    /// SES, as it is called.
    pub ses: RouterWire,
    pub(crate) waits: Arc<Mutex<Vec<Duration>>>,
    /// Athena and STS, as they are called.
    pub athena: RouterWire,
    over: Over,
    router: Router,
}

impl TestApp {
    /// Starts an app over the run's stores.
    pub async fn start() -> Self {
        static TABLES: OnceCell<()> = OnceCell::const_new();
        let (dynamodb, _) = aws::clients(&settings(), http_client());
        TABLES.get_or_init(async || tables::create(&dynamodb, &table_names()).await.expect("tables")).await;
        Self::over(dynamodb).await
    }

    /// Starts an app over a DynamoDB of its own.
    pub async fn start_on(wire: &Wire) -> Self {
        let (dynamodb, _) = aws::clients(&settings(), wire.http_client());
        tables::create(&dynamodb, &table_names()).await.expect("tables");
        Self::over(dynamodb).await
    }

    async fn over(dynamodb: DynamoDb) -> Self {
        log_guard::start();
        let (_, secrets_manager) = aws::clients(&settings(), http_client());
        let secret_id = format!("test-{}", Uuid::new_v4());
        demo::create_secret(&secrets_manager, &secret_id).await.expect("a secret");

        let clock = TestClock::default();
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let messages = Queue::open(queue::JOBS, None, clock.clock()).expect("a queue");
        let report_messages = Queue::open(queue::REPORTS, None, clock.clock()).expect("a queue");
        let queues = vec![messages.clone(), report_messages.clone()];
        let scheduler = Scheduler::open(None, clock.clock(), queues.clone()).expect("a scheduler");
        let outbox = Outbox::open(None, clock.clock()).expect("an outbox");
        let over = Over {
            dynamodb,
            secrets_manager,
            secret_id,
            bucket: RouterWire::new(bucket(folder.path(), &messages, &clock)),
            queue: RouterWire::new(queue::router(queues)),
            messages,
            report_messages,
            scheduler_wire: RouterWire::new(scheduler::router(scheduler.clone())),
            scheduler,
            ses_wire: RouterWire::new(outbox::router(outbox.clone())),
            outbox,
            athena: RouterWire::new(Router::new()),
            own_role: true,
            config: config(),
            folder,
        };
        let app = over.app(&clock);
        let organization = organizations::create(&app.store, "Test Corp", Plan::Unlimited, 10);
        let organization = organization.await.expect("an organization");
        Self::with(over, app, clock, organization, random_address())
    }

    fn with(over: Over, app: App, clock: TestClock, organization: Organization, address: IpAddr) -> Self {
        Self {
            clock,
            organization,
            secret_id: over.secret_id.clone(),
            address,
            dynamodb: over.dynamodb.clone(),
            secrets_manager: over.secrets_manager.clone(),
            bucket: over.bucket.clone(),
            queue: over.queue.clone(),
            scheduler: over.scheduler_wire.clone(),
            ses: over.ses_wire.clone(),
            waits: Arc::default(),
            athena: over.athena.clone(),
            over,
            router: groups::routes().into_router(app.clone()),
            app,
        }
    }

    /// Another instance over the same stores, as Lambda starts them: it shares nothing in memory.
    pub fn another_instance(&self) -> Self {
        let app = self.over.app(&self.clock);
        Self::with(self.over.clone(), app, self.clock.clone(), self.organization.clone(), self.address)
    }

    /// Another instance over the same stores, which allows these networks beside the public internet, and no others.
    pub fn allowing(&self, networks: &str) -> Self {
        let networks = Networks::parse(networks).expect("networks");
        let over = Over { config: Config { networks, ..config() }, ..self.over.clone() };
        let app = over.app(&self.clock);
        analytics::reach_by(&app, self.web());
        Self::with(over, app, self.clock.clone(), self.organization.clone(), self.address)
    }

    /// Another instance over the same stores, whose console offers an account.
    pub fn with_demo(&self, demo: DemoSignIn) -> Self {
        let over = Over { config: Config { demo_sign_in: Some(demo), ..config() }, ..self.over.clone() };
        let app = over.app(&self.clock);
        Self::with(over, app, self.clock.clone(), self.organization.clone(), self.address)
    }

    /// Another instance over the same stores, which asks Athena and STS there.
    pub fn with_athena(&self, router: Router) -> Self {
        let over = Over { athena: RouterWire::new(router), ..self.over.clone() };
        let app = over.app(&self.clock);
        Self::with(over, app, self.clock.clone(), self.organization.clone(), self.address)
    }

    /// Another instance over the same stores, whose operator does not allow its own role.
    pub fn without_own_role(&self) -> Self {
        let over = Over { own_role: false, ..self.over.clone() };
        let app = over.app(&self.clock);
        Self::with(over, app, self.clock.clone(), self.organization.clone(), self.address)
    }

    /// Another organization of the same deployment.
    pub async fn another_organization(&self) -> Self {
        let created = organizations::create(&self.app.store, "Other Corp", Plan::Unlimited, 0).await;
        Self { organization: created.expect("an organization"), ..self.another_instance() }
    }

    pub(crate) fn messages(&self) -> &Queue {
        &self.over.messages
    }

    /// The queue of jobs for reports.
    pub fn report_messages(&self) -> &Queue {
        &self.over.report_messages
    }

    /// The schedules that the Scheduler has. They send what is due when they are told to.
    pub fn schedules(&self) -> &Scheduler {
        &self.over.scheduler
    }

    /// The mail that was sent.
    pub fn outbox(&self) -> &Outbox {
        &self.over.outbox
    }

    /// The schedules of data sources.
    pub(crate) fn of_sources(&self) -> Schedules {
        let target = scheduler::target(self.messages());
        Schedules::new(&in_process(), self.scheduler.connector(), target)
    }

    /// What the job that does reports is given beside an app.
    pub fn of_reports(&self) -> (Schedules, Mail) {
        let target = scheduler::target(self.report_messages());
        let from = Mailbox::parse(outbox::FROM).expect("a mailbox");
        (
            Schedules::new(&in_process(), self.scheduler.connector(), target),
            Mail::new(&in_process(), self.ses.connector(), from),
        )
    }

    pub(crate) fn folder(&self) -> &Path {
        self.over.folder.path()
    }

    /// Gives its organization another plan.
    pub async fn set_plan(&self, plan: Plan) {
        organizations::set_plan(&self.app.store, self.organization.id, plan, 0).await.expect("another plan");
    }

    /// The organization's number.
    pub fn organization_id(&self) -> OrganizationId {
        self.organization.id
    }

    /// The stores of another instance, some of which a test may put others in place of.
    pub fn stores(&self) -> Stores {
        self.over.stores(&self.clock)
    }

    /// An instance over these stores.
    pub fn instance_over(&self, stores: Stores) -> Instance {
        let app = App::new(stores, self.clock.clock(), self.over.config.clone());
        Instance { router: groups::routes().into_router(app), address: self.address }
    }

    /// Where its requests are sent, and from.
    pub fn instance(&self) -> Instance {
        Instance { router: self.router(), address: self.address }
    }

    /// The router under test.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Puts the next version of the secret in place of the current one.
    pub async fn change_secret(&self, next: impl FnOnce(&SecretValue) -> Result<SecretValue, StoreError>) {
        let current = self.secrets_manager.get_secret_value().secret_id(&self.secret_id).send().await;
        let current = current.expect("a secret").secret_string.expect("a text");
        let next = next(&SecretValue::parse(&current).expect("a version")).expect("a next version");
        let next = next.to_json().expect("JSON");
        let put = self.secrets_manager.put_secret_value().secret_id(&self.secret_id).secret_string(next);
        put.send().await.expect("it is put");
    }

    /// Does what an instance does once an answer is out.
    pub async fn after_answer(&self) {
        self.app.after_answer().await;
    }

    /// Starts a `GET`.
    pub fn get(&self, path: &str) -> TestRequest {
        self.request("GET", path)
    }

    /// Starts a `POST`.
    pub fn post(&self, path: &str) -> TestRequest {
        self.request("POST", path)
    }

    /// Starts a request of any method.
    pub fn request(&self, method: &str, path: &str) -> TestRequest {
        self.instance().request(method, path)
    }
}

/// An address of its own, so that tests do not spend each other's sign-ins.
fn random_address() -> IpAddr {
    Ipv6Addr::from(Uuid::new_v4().as_u128()).into()
}

/// The embedded S3, whose notifications go to the queue.
fn bucket(folder: &Path, messages: &Queue, clock: &TestClock) -> Router {
    let (messages, clock) = (messages.clone(), clock.clock());
    let notify = move |created: files::ObjectCreated| {
        let event = created.to_event(queue::REGION, clock.now());
        messages.send(event.to_string(), Duration::ZERO).map(drop)
    };
    files::router(folder, notify).expect("a bucket")
}
