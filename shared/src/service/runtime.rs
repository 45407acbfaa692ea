//! How a function starts on Lambda.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use axum::Router;
use lambda_http::lambda_runtime::{self, Runtime};
use lambda_http::{Adapter, LambdaEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, LocalOptions};
use tower::util::ThenLayer;
use tower::{Service, ServiceExt, service_fn};

use crate::access::api_key::Stage;
use crate::base::error::chain;
use crate::base::{Clock, log, metrics};
use crate::http::event;
use crate::http::response::GatewayResponse;
use crate::model::data_source::Networks;
use crate::service::app::{App, Config, Stores};
use crate::service::cors::AllowedOrigins;
use crate::service::routes::Routes;
use crate::service::scratch;
use crate::store::aws::{self, Settings, variable};
use crate::store::{Cloud, Files, Jobs, Secrets, Store, Tables};

// A panic in a handler is a 500 for that caller alone, and the instance goes on. Only an unwinding panic can be caught.
#[cfg(not(panic = "unwind"))]
compile_error!("build with panic = \"unwind\"");

/// What a function that does not start says.
pub type AnyError = Box<dyn StdError + Send + Sync>;

/// Serves a route group until Lambda ends the process. Reads `ENTITIES_TABLE`, `COUNTERS_TABLE`, `SECRET_ID`, `FILES_BUCKET`,
/// `JOBS_QUEUE_URL`, `REPORTS_QUEUE_URL`, `STAGE`
/// (`production` or any other), `CORS_ALLOWED_ORIGINS` (`*`, or origins with commas between them), `PUBLIC_BASE_URL` and
/// `ALLOWED_NETWORKS` (both optional; networks with commas between them), `ATHENA_OWN_ROLE` (optional; `true`)
/// and what [`Settings::from_env`] names.
pub fn run(routes: fn() -> Routes) -> Result<(), AnyError> {
    start(async move {
        let app = app_from_env()?;
        if is_provisioned() {
            connect(&app).await;
        }
        let service = service(routes().into_router(app.clone()));
        // What is left to do when the client has its answer, and before Lambda is asked for the next request: until then it
        // does not stop the instance.
        let after = ThenLayer::new(move |answered| {
            let app = app.clone();
            async move {
                metrics::flush();
                app.after_answer().await;
                answered
            }
        });
        Runtime::new(service).layer(after).run().await
    })
}

/// Serves a route group that touches neither the tables nor the secret, as [`run`] does.
pub fn run_without_stores(routes: fn() -> Routes) -> Result<(), AnyError> {
    start(async move {
        let service = service(routes().into_router(app_from_env()?));
        let after = ThenLayer::new(async |answered| {
            metrics::flush();
            answered
        });
        Runtime::new(service).layer(after).run().await
    })
}

/// Serves events that are no requests, with a client for Secrets Manager, until Lambda ends the process.
pub fn run_with_secrets_manager<E, F, X>(
    handle: fn(aws_sdk_secretsmanager::Client, E) -> F,
) -> Result<(), AnyError>
where
    E: DeserializeOwned + 'static,
    F: Future<Output = Result<(), X>> + 'static,
    X: StdError + Send + Sync + 'static,
{
    start(async move {
        let (_, client) = aws::clients(&Settings::from_env()?, aws::over(aws::connector_from_env()?));
        lambda_runtime::run(service_fn(move |LambdaEvent { payload, .. }: LambdaEvent<E>| {
            let client = client.clone();
            async move { handle(client, payload).await.map_err(AnyError::from) }
        }))
        .await
    })
}

/// Serves events that are no requests, with what `make` makes of an app and of how to reach AWS, until Lambda ends the process: a job
/// reaches more than handlers of requests do. Reads the environment as [`run`] does, and what `make` reads of it.
pub fn run_job<P, E, A, F, X>(
    make: fn(App, &Settings, SharedHttpConnector) -> Result<P, AnyError>,
    handle: fn(P, E) -> F,
) -> Result<(), AnyError>
where
    P: Clone + 'static,
    E: DeserializeOwned + 'static,
    A: Serialize + 'static,
    F: Future<Output = Result<A, X>> + 'static,
    X: StdError + Send + Sync + 'static,
{
    start(async move {
        scratch::remove_leftovers();
        let (settings, connector) = (Settings::from_env()?, aws::connector_from_env()?);
        let parts = make(app_over(&settings, &connector)?, &settings, connector)?;
        lambda_runtime::run(service_fn(move |LambdaEvent { payload, .. }: LambdaEvent<E>| {
            let parts = parts.clone();
            async move {
                let answer = Box::pin(handle(parts, payload)).await.map_err(AnyError::from);
                metrics::flush();
                answer
            }
        }))
        .await
    })
}

fn start(main: impl Future<Output = Result<(), AnyError>> + 'static) -> Result<(), AnyError> {
    log::start();
    metrics::start(variable("AWS_LAMBDA_FUNCTION_NAME")?);
    // One event at a time reaches an instance: one thread serves it, and starts sooner than several.
    let runtime = Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
    // What is blocked on is woken by a system call, and a task is not.
    runtime.block_on(runtime.spawn_local(main))?
}

fn app_from_env() -> Result<App, AnyError> {
    app_over(&Settings::from_env()?, &aws::connector_from_env()?)
}

fn app_over(settings: &Settings, connector: &SharedHttpConnector) -> Result<App, AnyError> {
    let tables = Tables { entities: variable("ENTITIES_TABLE")?, counters: variable("COUNTERS_TABLE")? };
    let secret_id = variable("SECRET_ID")?;
    let clock = Clock::system();
    let (dynamodb, secrets_manager) = aws::clients(settings, aws::over(connector.clone()));
    let stores = Stores {
        store: Store::new(dynamodb, tables),
        secrets: Secrets::new(secrets_manager, secret_id, clock.clone()),
        files: Files::new(settings.clone(), connector.clone(), variable("FILES_BUCKET")?),
        jobs: Jobs::new(settings, connector.clone(), variable("JOBS_QUEUE_URL")?),
        report_jobs: Jobs::new(settings, connector.clone(), variable("REPORTS_QUEUE_URL")?),
        cloud: Cloud::new(settings.clone(), connector.clone(), own_role_from_env()),
    };
    let config = Config {
        stage: Stage::of(&variable("STAGE")?),
        public_base_url: aws::optional_variable("PUBLIC_BASE_URL"),
        allowed_origins: AllowedOrigins::parse(&variable("CORS_ALLOWED_ORIGINS")?)?,
        networks: Networks::parse(&aws::optional_variable("ALLOWED_NETWORKS").unwrap_or_default())?,
        // Nobody's account is everybody's there.
        demo_sign_in: None,
    };
    Ok(App::new(stores, clock, config))
}

/// Whether data sources may be asked in the function's own name: only where the operator says so.
fn own_role_from_env() -> bool {
    aws::optional_variable("ATHENA_OWN_ROLE").is_some_and(|value| value == "true")
}

/// Whether the instance is started ahead of requests. Most are started for one that is waiting, which opens the connections
/// that it needs and no others: a connection is a third of its start, and whatever is opened beside it holds it up
/// ([`AWS_LAMBDA_INITIALIZATION_TYPE`](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime)).
fn is_provisioned() -> bool {
    aws::optional_variable("AWS_LAMBDA_INITIALIZATION_TYPE").is_some_and(|kind| kind != "on-demand")
}

/// Opens the connections that requests will use and fetches the secret. A failure is not fatal: requests try again, and
/// answer 503 while it lasts.
async fn connect(app: &App) {
    let (store, secret) = tokio::join!(app.store.ping(), app.secrets.keys());
    if let Some(error) = store.err().or(secret.err()) {
        tracing::warn!(cause = chain(&error), "started without its connections");
    }
}

/// A router as Lambda calls it: with events, by way of `lambda_http`.
pub fn service(
    router: Router,
) -> impl Service<LambdaEvent<Box<RawValue>>, Response: Serialize, Error = AnyError> {
    let adapter = Adapter::from(ServiceExt::<lambda_http::Request>::map_response(router, GatewayResponse));
    service_fn(move |LambdaEvent { payload, context }: LambdaEvent<Box<RawValue>>| {
        let adapter = adapter.clone();
        async move {
            let Ok(response) = adapter.oneshot(LambdaEvent::new(event::read(&payload)?, context)).await;
            Ok(response)
        }
    })
}
