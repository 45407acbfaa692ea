//! Sending files and doing jobs in tests, and looking at what is left of them.

use axum::body::Body;
use axum::http::Request;
use local::files::BUCKET;
use local::queue::Handler;
use serde_json::Value;

use crate::{TestApp, table_names};

impl TestApp {
    /// Sends a file as the `upload` of an import says. The bucket's status.
    pub async fn put(&self, upload: &Value, file: impl AsRef<[u8]>) -> u16 {
        let url = upload["url"].as_str().expect("a URL");
        let mut request = Request::builder().method("PUT").uri(url);
        let host = url.split('/').nth(2).expect("a host");
        request = request.header("host", host);
        for (name, value) in upload["headers"].as_object().expect("headers") {
            if name != "host" && name != "content-length" {
                request = request.header(name, value.as_str().expect("a text"));
            }
        }
        // As an HTTP client does, whatever it is told.
        let file = file.as_ref().to_vec();
        request = request.header("content-length", file.len());
        let request = request.body(Body::from(file)).expect("a request");
        self.bucket.send(request).await.status().as_u16()
    }

    /// Does the jobs that are due, one after the other, until none is.
    pub async fn run_jobs(&self) {
        let app = self.app.clone();
        let handler = Handler::new(move |event| {
            let app = app.clone();
            async move { Ok(run(app, event).await) }
        });
        self.messages().run_due(&handler).await;
    }

    /// Takes the message that has been due for longest, as an event that the job's function is given.
    pub fn next_message(&self) -> Value {
        self.messages().take_event().expect("a message")
    }

    /// Does the job of a message that was taken. Which of it failed.
    pub async fn run_message(&self, event: Value) -> Value {
        run(self.app.clone(), event).await
    }

    /// Puts a copy of every message into the queue: they are delivered at least once.
    pub fn repeat_messages(&self) {
        for body in self.messages().bodies() {
            self.messages().send(body, std::time::Duration::ZERO).expect("sent");
        }
    }

    /// The versions of a data source's data that the bucket has.
    pub fn data_versions(&self, source: u64) -> Vec<String> {
        let mut versions = self.names(&format!("data/{}/{source}", self.organization.id));
        versions.retain(|version| {
            !self.names(&format!("data/{}/{source}/{version}", self.organization.id)).is_empty()
        });
        versions
    }

    /// The files that wait in the bucket to be imported into a data source.
    pub fn uploads(&self, source: u64) -> Vec<String> {
        self.names(&format!("uploads/{}/{source}", self.organization.id))
    }

    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let folder = self.folder().join(BUCKET).join(folder);
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// How many items of the organization have a sort key that begins so.
    pub async fn items_under(&self, prefix: &str) -> usize {
        let query = self.dynamodb.query().table_name(table_names().entities);
        let query = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", text(&format!("ORG#{}", self.organization.id)))
            .expression_attribute_values(":prefix", text(prefix));
        query.send().await.expect("an answer").count.try_into().expect("a count")
    }
}

fn text(text: &str) -> aws_sdk_dynamodb::types::AttributeValue {
    aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned())
}

async fn run(app: shared::App, event: Value) -> Value {
    let event = serde_json::from_value(event).expect("an event");
    match ingest_data::handle(app, event).await {
        Ok(answer) => serde_json::to_value(answer).expect("JSON"),
        Err(never) => match never {},
    }
}
