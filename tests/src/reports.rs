//! Making reports in tests, and looking at what is left of them.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use local::queue::Handler;
use run_reports::Outside;
use serde_json::{Value, json};

use crate::paths::run;
use crate::{Actor, TestApp, TestUser};

impl TestApp {
    /// Does the jobs of reports that are due, one after the other, until none is.
    pub async fn run_reports(&self) {
        self.run_reports_by(self.outside()).await;
    }

    /// The same by an instance that draws reports within this time.
    pub async fn run_reports_within(&self, drawing: Duration) {
        self.run_reports_by(self.outside().drawing_within(drawing)).await;
    }

    async fn run_reports_by(&self, outside: Outside) {
        let app = self.app.clone();
        let handler = Handler::new(move |event| {
            let (app, outside) = (app.clone(), outside.clone());
            async move { Ok(do_event(app, outside, event).await) }
        });
        self.report_messages().run_due(&handler).await;
    }

    /// Takes the message for reports that has been due for longest, as an event that the job's function is given.
    pub fn next_report_message(&self) -> Value {
        self.report_messages().take_event().expect("a message")
    }

    /// Does the job of a message that was taken. Which of it failed.
    pub async fn run_report_message(&self, event: Value) -> Value {
        do_event(self.app.clone(), self.outside(), event).await
    }

    /// Puts a copy of every message for reports into the queue: they are delivered at least once.
    pub fn repeat_report_messages(&self) {
        for body in self.report_messages().bodies() {
            self.report_messages().send(body, Duration::ZERO).expect("sent");
        }
    }

    /// Loses what is in the queue of reports.
    pub fn forget_report_messages(&self) {
        self.clock.advance(Duration::from_mins(1));
        while self.report_messages().take_event().is_some() {}
    }

    /// What the Scheduler sends for a report at a time.
    pub fn scheduled_message(&self, report: u64, time: &str) -> Value {
        let job = json!({
            "job": "scheduled",
            "organization": self.organization.id,
            "report": report,
            "scheduled_for": time,
        });
        json!({ "Records": [{ "messageId": "a repeated one", "body": job.to_string() }] })
    }

    /// Downloads the file of a run: what is in it, and the headers that it comes with.
    pub async fn download(
        &self,
        user: &TestUser,
        report: u64,
        number: u64,
    ) -> (Vec<u8>, BTreeMap<String, String>) {
        let reply = user.get(&format!("{}download/", run(report, number))).await;
        assert_eq!(reply.status, 302, "{reply:?}");
        assert_eq!(reply.header("cache-control"), Some("private, no-store"));
        let url = reply.header("location").expect("a link");
        let host = url.split('/').nth(2).expect("a host");
        let request = Request::get(url).header("host", host).body(Body::empty()).expect("a request");
        let response = self.bucket.send(request).await;
        assert_eq!(response.status(), 200);
        let text = |value: &axum::http::HeaderValue| value.to_str().expect("an ASCII header").to_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (body.to_vec(), headers)
    }

    /// The files of a report that the bucket has.
    pub fn report_files(&self, report: u64) -> Vec<String> {
        self.names(&format!("reports/{}/{report}", self.organization.id))
    }

    fn outside(&self) -> Outside {
        let (schedules, mail) = self.of_reports();
        Outside::new(&self.app, schedules, Some(mail)).expect("threads")
    }
}

async fn do_event(app: shared::App, outside: Outside, event: Value) -> Value {
    let event = serde_json::from_value(event).expect("an event");
    match run_reports::handle(app, outside, event).await {
        Ok(answer) => serde_json::to_value(answer).expect("JSON"),
        Err(never) => match never {},
    }
}
