//! The API in process, over the embedded stores, with a clock that leaps over rate limits.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, Request};
use engine::web::Web;
use http_body_util::BodyExt;
use local::queue::Handler;
use local::{Storage, Stores, demo, tables};
use serde_json::{Value, json};
use shared::access::api_key::Stage;
use shared::base::{Clock, Timestamp};
use shared::model::Plan;
use shared::model::data_source::Networks;
use shared::service::App;
use shared::service::app::Config;
use shared::service::cors::AllowedOrigins;
use shared::store::files::upload_key;
use shared::store::organizations;
use tower::ServiceExt;

use crate::AnyError;

/// The API with the demo organization in it, whose plan has no limits.
pub(crate) struct Api {
    router: Router,
    seconds: Arc<AtomicI64>,
    requests: u32,
    /// What handlers are given.
    pub(crate) app: App,
    /// An access token of the demo's administrator.
    pub(crate) token: String,
    /// For filling the tables from below.
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    // Dropped last.
    pub(crate) stores: Stores,
}

/// The demo's organization.
pub(crate) const ACME: u64 = 1;

/// Requests of one user in a window, with room to spare, and windows within an access token's life.
const REQUESTS_PER_WINDOW: u32 = 900;
const WINDOWS_PER_TOKEN: u32 = 50;

impl Api {
    pub(crate) async fn start() -> Result<Self, AnyError> {
        let stores = Stores::start(Storage::Memory)?;
        let (dynamodb, secrets_manager) = stores.clients()?;
        let names = tables::names();
        tables::create(&dynamodb, &names).await?;
        demo::create_secret(&secrets_manager, demo::SECRET_ID).await?;

        let seconds = Arc::new(AtomicI64::new(Clock::system().now().as_second()));
        let told = seconds.clone();
        let clock = Clock::new(move || {
            Timestamp::from_second(told.load(Ordering::Relaxed)).expect("a time of this age")
        });
        let config = Config {
            stage: Stage::Test,
            public_base_url: Some("http://127.0.0.1".to_owned()),
            allowed_origins: AllowedOrigins::Any,
            networks: Networks::parse(Networks::LOOPBACK).map_err(|invalid| invalid.to_string())?,
            demo_sign_in: None,
        };
        let app = App::new(stores.of_app(names, &clock)?, clock, config);
        organizations::create(&app.store, "Acme Corp", Plan::Unlimited, 1347).await?;
        demo::seed(&app).await?;
        let router = groups::routes().into_router(app.clone());
        let mut api = Self { router, seconds, requests: 0, app, token: String::new(), dynamodb, stores };
        api.sign_in().await?;
        Ok(api)
    }

    async fn sign_in(&mut self) -> Result<(), AnyError> {
        self.tokens().await?["access"].as_str().ok_or("no access token")?.clone_into(&mut self.token);
        Ok(())
    }

    /// Signs the demo's administrator in.
    pub(crate) async fn tokens(&self) -> Result<Value, AnyError> {
        self.tokens_of(demo::EMAIL).await
    }

    /// Signs a user of the demo in.
    pub(crate) async fn tokens_of(&self, email: &str) -> Result<Value, AnyError> {
        let body = json!({ "email": email, "password": demo::PASSWORD });
        self.send("POST", "/api/auth/login/", None, Some(&body)).await
    }

    /// Has everybody's budget of requests return.
    pub(crate) fn next_window(&self) {
        self.seconds.fetch_add(60, Ordering::Relaxed);
    }

    /// Makes a data source of a CSV file. Its ID.
    pub(crate) async fn import(&mut self, file: &Path) -> Result<u64, AnyError> {
        let source = json!({ "name": "bench", "type": "file", "engine": "csv" });
        let source = self.request("POST", "/api/data-sources/", Some(&source)).await?;
        let source = source["id"].as_u64().ok_or("no ID")?;
        let imports = format!("/api/data-sources/{source}/imports/");
        let size = json!({ "size_bytes": file.metadata()?.len() });
        let import = self.request("POST", &imports, Some(&size)).await?["id"].as_u64().ok_or("no ID")?;
        let key = upload_key(ACME.into(), source.into(), import.into());
        self.app.files.put_file(key, "text/csv", file).await?;
        self.run_jobs().await?;
        let import = self.request("GET", &format!("{imports}{import}/"), None).await?;
        if import["status"] == "done" { Ok(source) } else { Err(import.to_string().into()) }
    }

    /// Makes a data source of what is not a file, and imports it. Its ID.
    pub(crate) async fn connect(&mut self, source: &Value) -> Result<u64, AnyError> {
        let source =
            self.request("POST", "/api/data-sources/", Some(source)).await?["id"].as_u64().ok_or("no ID")?;
        let imports = format!("/api/data-sources/{source}/imports/");
        let import = self.request("POST", &imports, Some(&json!({}))).await?["id"].as_u64().ok_or("no ID")?;
        self.run_jobs().await?;
        let import = self.request("GET", &format!("{imports}{import}/"), None).await?;
        if import["status"] == "done" { Ok(source) } else { Err(import.to_string().into()) }
    }

    async fn run_jobs(&self) -> Result<(), AnyError> {
        let schedules = self.stores.of_imports()?;
        let outside = ingest_data::Outside { web: Web::public()?, schedules };
        let app = self.app.clone();
        let handler = Handler::new(move |event| {
            let (app, outside) = (app.clone(), outside.clone());
            async move {
                let answer = ingest_data::handle(app, outside, serde_json::from_value(event)?).await?;
                Ok(serde_json::to_value(answer)?)
            }
        });
        self.stores.jobs().run_due(&handler).await;
        Ok(())
    }

    /// Sends a request of the demo's administrator.
    pub(crate) async fn request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, AnyError> {
        self.requests += 1;
        if self.requests.is_multiple_of(REQUESTS_PER_WINDOW) {
            self.seconds.fetch_add(60, Ordering::Relaxed);
        }
        if self.requests.is_multiple_of(REQUESTS_PER_WINDOW * WINDOWS_PER_TOKEN) {
            self.sign_in().await?;
        }
        let bearer = format!("Bearer {}", self.token);
        self.send(method, path, Some((AUTHORIZATION, &bearer)), body).await
    }

    /// Sends a `GET` with an API key.
    pub(crate) async fn get_by_key(&self, path: &str, key: &str) -> Result<Value, AnyError> {
        self.send("GET", path, Some((HeaderName::from_static("x-api-key"), key)), None).await
    }

    /// Sends a `POST` with a token.
    pub(crate) async fn post_by(&self, token: &str, path: &str, body: &Value) -> Result<Value, AnyError> {
        self.send("POST", path, Some((AUTHORIZATION, &format!("Bearer {token}"))), Some(body)).await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        credential: Option<(HeaderName, &str)>,
        body: Option<&Value>,
    ) -> Result<Value, AnyError> {
        let mut request =
            Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        if let Some((name, value)) = credential {
            request = request.header(name, value);
        }
        let request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let answer = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(format!("{method} {path}: {status}: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(serde_json::from_slice(&answer).unwrap_or_default())
    }
}
