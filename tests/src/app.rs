//! An app of a test's own, over the stores of the run.

use std::net::{IpAddr, Ipv6Addr};

use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_secretsmanager::Client as SecretsManager;
use axum::Router;
use local::{demo, tables};
use shared::App;
use shared::access::api_key::Stage;
use shared::base::OrganizationId;
use shared::model::{Organization, Plan};
use shared::service::app::Config;
use shared::service::cors::AllowedOrigins;
use shared::store::{SecretValue, Secrets, Store, StoreError, aws, organizations};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::stores::{http_client, settings, table_names};
use crate::{Instance, TestClock, TestRequest, Wire, log_guard};

/// What the app under test is told of itself.
pub fn config() -> Config {
    Config {
        stage: Stage::Test,
        public_base_url: Some("https://api.example.com".into()),
        allowed_origins: AllowedOrigins::Any,
    }
}

fn app_over(
    dynamodb: &DynamoDb,
    secrets_manager: &SecretsManager,
    secret_id: &str,
    clock: &TestClock,
) -> App {
    App::new(
        Store::new(dynamodb.clone(), table_names()),
        Secrets::new(secrets_manager.clone(), secret_id.to_owned(), clock.clock()),
        clock.clock(),
        config(),
    )
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
    router: Router,
}

impl TestApp {
    /// Starts an app over the run's stores.
    pub async fn start() -> Self {
        static TABLES: OnceCell<()> = OnceCell::const_new();
        let (dynamodb, _) = aws::clients(settings(), http_client());
        TABLES.get_or_init(async || tables::create(&dynamodb, &table_names()).await.expect("tables")).await;
        Self::over(dynamodb).await
    }

    /// Starts an app over a DynamoDB of its own.
    pub async fn start_on(wire: &Wire) -> Self {
        let (dynamodb, _) = aws::clients(settings(), wire.http_client());
        tables::create(&dynamodb, &table_names()).await.expect("tables");
        Self::over(dynamodb).await
    }

    async fn over(dynamodb: DynamoDb) -> Self {
        log_guard::start();
        let (_, secrets_manager) = aws::clients(settings(), http_client());
        let secret_id = format!("test-{}", Uuid::new_v4());
        demo::create_secret(&secrets_manager, &secret_id).await.expect("a secret");

        let clock = TestClock::default();
        let app = app_over(&dynamodb, &secrets_manager, &secret_id, &clock);
        let organization =
            organizations::create(&app.store, "Test Corp", Plan::Starter, 10).await.expect("an organization");
        let router = groups::routes().into_router(app.clone());
        let address = random_address();
        Self { clock, organization, app, secret_id, address, dynamodb, secrets_manager, router }
    }

    /// Another instance over the same stores, as Lambda starts them: it shares nothing in memory.
    pub fn another_instance(&self) -> Self {
        let app = app_over(&self.dynamodb, &self.secrets_manager, &self.secret_id, &self.clock);
        Self {
            clock: self.clock.clone(),
            organization: self.organization.clone(),
            secret_id: self.secret_id.clone(),
            address: self.address,
            dynamodb: self.dynamodb.clone(),
            secrets_manager: self.secrets_manager.clone(),
            router: groups::routes().into_router(app.clone()),
            app,
        }
    }

    /// Another organization of the same deployment.
    pub async fn another_organization(&self) -> Self {
        let created = organizations::create(&self.app.store, "Other Corp", Plan::Trial, 0).await;
        Self { organization: created.expect("an organization"), ..self.another_instance() }
    }

    /// The organization's number.
    pub fn organization_id(&self) -> OrganizationId {
        self.organization.id
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
