//! The API in process, over the embedded stores, with a clock that leaps over rate limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, Request};
use http_body_util::BodyExt;
use local::{Storage, Stores, demo, tables};
use serde_json::{Value, json};
use shared::access::api_key::Stage;
use shared::base::{Clock, Timestamp};
use shared::service::App;
use shared::service::app::Config;
use shared::service::cors::AllowedOrigins;
use tower::ServiceExt;

use crate::AnyError;

/// The API with the demo organization in it.
pub(crate) struct Api {
    router: Router,
    seconds: Arc<AtomicI64>,
    requests: u32,
    /// An access token of the demo's administrator.
    pub(crate) token: String,
    /// For filling the tables from below.
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    // Dropped last.
    pub(crate) stores: Stores,
}

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
        };
        let app = App::new(stores.of_app(names, &clock)?, clock, config);
        demo::seed(&app).await?;
        let router = groups::routes().into_router(app);
        let mut api = Self { router, seconds, requests: 0, token: String::new(), dynamodb, stores };
        api.sign_in().await?;
        Ok(api)
    }

    async fn sign_in(&mut self) -> Result<(), AnyError> {
        self.tokens().await?["access"].as_str().ok_or("no access token")?.clone_into(&mut self.token);
        Ok(())
    }

    /// Signs the demo's administrator in.
    pub(crate) async fn tokens(&self) -> Result<Value, AnyError> {
        let body = json!({ "email": "you@example.com", "password": demo::PASSWORD });
        self.send("POST", "/api/auth/login/", None, Some(&body)).await
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
