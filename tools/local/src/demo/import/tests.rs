//! The demo's import, over the API with imports that are made up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{DefaultBodyLimit, Path as Variables, State};
use axum::http::HeaderMap;
use axum::routing::{get, put};
use axum::{Json, Router};
use jiff::civil::date;
use shared::App;
use shared::access::api_key::Stage;
use shared::base::Clock;
use shared::model::data_source::Networks;
use shared::service::app::Config;
use shared::service::cors::AllowedOrigins;
use tokio::net::TcpListener;

use super::*;
use crate::{Storage, Stores, demo, tables};

const TODAY: Date = date(2026, 1, 1);

/// An API, at its address.
struct Server {
    base_url: String,
    imports: Imports,
    _stores: Stores,
}

/// Status and size of each import, and what becomes of those whose file comes.
#[derive(Clone, Default)]
struct Imports(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    base_url: String,
    by_source: BTreeMap<u64, Vec<(&'static str, u64)>>,
    uploads_fail: bool,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let stores = Stores::start(Storage::Memory).expect("stores");
        let app = app(&stores).await;
        demo::seed(&app).await.expect("users");
        let imports = Imports::default();
        imports.0.lock().expect("no panic").base_url.clone_from(&base_url);
        let router = Router::new()
            .route("/api/data-sources/{source}/imports/", get(list).post(create))
            .route("/api/data-sources/{source}/imports/{import}/", get(show))
            .route("/upload/{source}/{import}", put(upload).layer(DefaultBodyLimit::disable()))
            .with_state(imports.clone())
            .fallback_service(groups::routes().into_router(app));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base_url, imports, _stores: stores }
    }

    async fn import(&self, done: Option<&Path>) -> Result<(), ImportError> {
        import(&self.base_url, TODAY, done).await
    }

    async fn api(&self) -> Api {
        Api::sign_in(&self.base_url, EMAIL, PASSWORD).await.expect("signed in")
    }

    async fn names(&self, path: &str) -> Vec<(u64, String)> {
        let named: Vec<Named> = self.api().await.list(path).await.expect("a list");
        named.into_iter().map(|named| (named.id, named.name)).collect()
    }

    async fn assert_is_filled(&self) {
        let named = |names: [&str; 2]| vec![(1, names[0].to_owned()), (2, names[1].to_owned())];
        assert_eq!(self.names(DATA_SOURCES).await, named(["Sales", "Marketing"]));
        assert_eq!(self.names(DASHBOARDS).await, named(["Revenue Dashboard", "Marketing Funnel"]));
        assert_eq!(self.names(REPORTS).await, [(1, "Monday report".to_owned())]);
    }

    fn statuses(&self, source: u64) -> Vec<&'static str> {
        let known = self.imports.0.lock().expect("no panic");
        known.by_source.get(&source).into_iter().flatten().map(|(status, _)| *status).collect()
    }
}

async fn app(stores: &Stores) -> App {
    let (dynamodb, secrets_manager) = stores.clients().expect("clients");
    tables::create(&dynamodb, &tables::names()).await.expect("tables");
    demo::create_secret(&secrets_manager, demo::SECRET_ID).await.expect("a secret");
    let clock = Clock::system();
    let config = Config {
        stage: Stage::Test,
        public_base_url: None,
        allowed_origins: AllowedOrigins::Any,
        networks: Networks::default(),
        demo_sign_in: None,
    };
    App::new(stores.of_app(tables::names(), &clock).expect("stores"), clock, config)
}

async fn list(State(imports): State<Imports>, Variables(source): Variables<u64>) -> Json<Value> {
    let known = imports.0.lock().expect("no panic");
    let all = known.by_source.get(&source).into_iter().flatten();
    let all: Vec<_> = (1..).zip(all).map(|(id, (status, _))| json!({ "id": id, "status": status })).collect();
    Json(json!({ "count": all.len(), "results": all }))
}

async fn create(
    State(imports): State<Imports>,
    Variables(source): Variables<u64>,
    Json(new): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let mut known = imports.0.lock().expect("no panic");
    let size = new["size_bytes"].as_u64().expect("a size");
    let all = known.by_source.entry(source).or_default();
    all.push(("waiting", size));
    let id = all.len();
    let upload = json!({
        "method": "PUT",
        "url": format!("{}/upload/{source}/{id}", known.base_url),
        "headers": { "content-length": size.to_string(), "x-signed": "yes" },
        "expires_at": "2026-01-01T00:00:00Z",
    });
    (StatusCode::CREATED, Json(json!({ "id": id, "status": "waiting", "upload": upload })))
}

async fn show(
    State(imports): State<Imports>,
    Variables((source, import)): Variables<(u64, usize)>,
) -> Json<Value> {
    let known = imports.0.lock().expect("no panic");
    let status = known.by_source[&source][import - 1].0;
    let errors = if status == "failed" { json!([{ "reason": "it is no CSV" }]) } else { json!([]) };
    Json(json!({ "id": import, "status": status, "errors": errors }))
}

async fn upload(
    State(imports): State<Imports>,
    Variables((source, import)): Variables<(u64, usize)>,
    headers: HeaderMap,
    body: String,
) {
    assert_eq!(headers["x-signed"], "yes");
    let mut known = imports.0.lock().expect("no panic");
    let outcome = if known.uploads_fail { "failed" } else { "done" };
    let (status, size) = &mut known.by_source.get_mut(&source).expect("a source")[import - 1];
    assert_eq!(u64::try_from(body.len()).expect("a size"), *size);
    *status = outcome;
}

#[tokio::test]
async fn a_new_organization_gets_two_sources_two_dashboards_and_a_report() {
    let server = Server::start().await;
    server.import(None).await.expect("imported");
    server.assert_is_filled().await;
    assert_eq!((server.statuses(1), server.statuses(2)), (vec!["done"], vec!["done"]));

    server.import(None).await.expect("nothing to do");
    server.assert_is_filled().await;
    assert_eq!((server.statuses(1), server.statuses(2)), (vec!["done"], vec!["done"]));
}

#[tokio::test]
async fn an_import_that_was_killed_goes_on() {
    let server = Server::start().await;
    let api = server.api().await;
    // Killed with the link to the first file in its hand.
    create_source(&api, &FILES[0]).await.expect("a source");
    let new = json!({ "size_bytes": 1 });
    let _: Import = api.post("/api/data-sources/1/imports/", &new).await.expect("an import");
    server.import(None).await.expect("imported");
    server.assert_is_filled().await;
    assert_eq!(server.statuses(1), ["waiting", "done"]);

    // Killed between the dashboards.
    let server = Server::start().await;
    let api = server.api().await;
    import_files(&api, &[], TODAY).await.expect("two sources");
    let _: Named = api.post(DASHBOARDS, &dashboards::all(1, 2)[0]).await.expect("a dashboard");
    server.import(None).await.expect("imported");
    server.assert_is_filled().await;
    assert_eq!(server.statuses(1), ["done"]);
}

#[tokio::test]
async fn what_was_deleted_does_not_come_back() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let done = folder.path().join("demo");
    replace_private(&done, b"").expect("a file");
    server.import(Some(&done)).await.expect("nothing to do");
    assert!(server.names(DATA_SOURCES).await.is_empty());
}

#[tokio::test]
async fn an_organization_with_data_of_its_own_is_left_alone() {
    let server = Server::start().await;
    let own = json!({ "name": "My own", "type": "file", "engine": "csv" });
    let _: Named = server.api().await.post(DATA_SOURCES, &own).await.expect("a source");
    let folder = tempfile::tempdir().expect("a folder");
    let done = folder.path().join("demo");
    server.import(Some(&done)).await.expect("nothing to do");
    assert_eq!(server.names(DATA_SOURCES).await, [(1, "My own".to_owned())]);
    assert!(done.exists());
}

#[tokio::test]
async fn an_import_that_fails_says_why_and_is_tried_again_later() {
    let server = Server::start().await;
    server.imports.0.lock().expect("no panic").uploads_fail = true;
    let folder = tempfile::tempdir().expect("a folder");
    let done = folder.path().join("demo");
    let error = server.import(Some(&done)).await.expect_err("it failed");
    assert_eq!(error.to_string(), r#"The import of Sales failed: {"reason":"it is no CSV"}"#);
    assert!(!done.exists());

    server.imports.0.lock().expect("no panic").uploads_fail = false;
    server.import(Some(&done)).await.expect("imported");
    server.assert_is_filled().await;
    assert!(done.exists());
}
