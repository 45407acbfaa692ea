//! Sending files and doing jobs in tests, and looking at what is left of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use axum::body::Body;
use axum::http::Request;
use engine::web::{Patience, Web};
use ingest_data::Outside;
use local::files::BUCKET;
use local::queue::Handler;
use serde_json::{Value, json};

use crate::{TestApp, https, table_names};

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
        let (app, outside) = (self.app.clone(), self.of_imports());
        let handler = Handler::new(move |event| {
            let (app, outside) = (app.clone(), outside.clone());
            async move { Ok(run(app, outside, event).await) }
        });
        self.messages().run_due(&handler).await;
    }

    fn of_imports(&self) -> Outside {
        Outside { web: self.web(), schedules: self.of_sources() }
    }

    /// Hosts of tests, whose authority is trusted.
    pub(crate) fn web(&self) -> Web {
        let sleep = SharedAsyncSleep::new(NoSleep(Arc::clone(&self.waits)));
        let patience = Patience {
            connect: Duration::from_secs(5),
            answer: Duration::from_millis(400),
            more: Duration::from_millis(400),
            ..Patience::default()
        };
        Web { trust: https::trust(), patience, sleep }
    }

    /// How long jobs would have waited since the last time before they tried something again. They went on at once.
    pub fn take_waits(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.waits.lock().expect("no panic"))
    }

    /// What the Scheduler sends for a data source at a time.
    pub fn refresh_message(&self, source: u64, time: &str) -> Value {
        let job = json!({
            "job": "refresh",
            "organization": self.organization.id,
            "data_source": source,
            "scheduled_for": time,
        });
        json!({ "Records": [{ "messageId": "a repeated one", "body": job.to_string() }] })
    }

    /// Takes the message that has been due for longest, as an event that the job's function is given.
    pub fn next_message(&self) -> Value {
        self.messages().take_event().expect("a message")
    }

    /// Does the job of a message that was taken. Which of it failed.
    pub async fn run_message(&self, event: Value) -> Value {
        run(self.app.clone(), self.of_imports(), event).await
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

    /// Loses all that the bucket has of a data source's data.
    pub fn lose_data(&self, source: u64) {
        let folder = format!("data/{}/{source}", self.organization.id);
        std::fs::remove_dir_all(self.folder().join(BUCKET).join(folder)).expect("data");
    }

    /// The Parquet file of the first table of a data source's data.
    pub fn first_data(&self, source: u64) -> Vec<u8> {
        let versions = self.data_versions(source);
        let part = format!("data/{}/{source}/{}/0.parquet", self.organization.id, versions[0]);
        std::fs::read(self.folder().join(BUCKET).join(part)).expect("data")
    }

    /// Puts an object into a bucket of a customer's, on the same server.
    pub fn put_object(&self, bucket: &str, key: &str, object: impl AsRef<[u8]>) {
        let path = self.folder().join(bucket).join(key);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, object).expect("an object");
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

/// Notes how long it should have slept.
#[derive(Debug)]
struct NoSleep(Arc<Mutex<Vec<Duration>>>);

impl AsyncSleep for NoSleep {
    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.lock().expect("no panic").push(duration);
        Sleep::new(std::future::ready(()))
    }
}

fn text(text: &str) -> aws_sdk_dynamodb::types::AttributeValue {
    aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned())
}

async fn run(app: shared::App, outside: Outside, event: Value) -> Value {
    let event = serde_json::from_value(event).expect("an event");
    match ingest_data::handle(app, outside, event).await {
        Ok(answer) => serde_json::to_value(answer).expect("JSON"),
        Err(never) => match never {},
    }
}
