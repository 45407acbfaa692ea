//! Athena, played by a service that answers within the call: what runs longer than a request, what fails, and as whom it is asked.

mod engines;
mod fake;
mod faults;
mod results;
mod roles;
mod running;

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{ANALYTICS_QUERY, DATA_SOURCES, STATUS, import, imports};
use tests::{Actor, Reply, TestApp, TestUser, Wire};

use fake::Fake;

/// An app that asks Athena of a test's own, and a data source there whose catalog is imported.
struct Stage {
    app: TestApp,
    athena: Fake,
    administrator: TestUser,
    source: u64,
}

impl Stage {
    /// Sets it, and lets time stand still from then on but for what is waited for.
    async fn set() -> Self {
        let stage =
            Self::over(json!({ "access_key_id": "AAAAAAAAAAAAAAAA", "secret_access_key": "secret" })).await;
        tokio::time::pause();
        stage
    }

    /// A data source with these settings beside database and region.
    async fn over(more: Value) -> Self {
        let wire = Wire::default();
        let base = TestApp::start_on(&wire).await;
        let athena = Fake::new(base.clock.clone());
        let app = base.with_athena(athena.router());
        let administrator = app.user(Role::Administrator).await;
        let source = connect(&administrator, more).await;
        let created = administrator.post(&imports(source), &json!({})).await;
        app.run_jobs().await;
        let done = administrator.get(&import(source, created.id())).await;
        assert_eq!(done.body["status"], "done", "{done:?}");
        Self { app, athena, administrator, source }
    }

    /// Another instance, which has fetched the secret: that takes a socket, and so real time.
    async fn another_instance(&self) -> TestApp {
        tokio::time::resume();
        let other = self.app.another_instance();
        assert_eq!(self.administrator.at(&other.instance()).get(STATUS).await.status, 200);
        tokio::time::pause();
        other
    }

    async fn ask(&self, query: Value) -> Reply {
        self.administrator.post(ANALYTICS_QUERY, &json!({ "data_source": self.source, "query": query })).await
    }
}

/// Makes a data source of Athena.
async fn connect(actor: &TestUser, more: Value) -> u64 {
    let mut connection = json!({ "database": "lake", "region": "eu-central-1" });
    connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let body = json!({ "name": "Lake", "type": "cloud", "engine": "athena", "connection": connection });
    let created = actor.post(DATA_SOURCES, &body).await;
    assert_eq!(created.status, 201, "{created:?}");
    created.id()
}

/// How many orders there are.
fn count() -> Value {
    json!({ "measures": [{ "aggregation": "count", "as": "n" }] })
}
