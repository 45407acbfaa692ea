//! What the embedded queue keeps, and when it hands it out.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use serde_json::{Value, json};
use shared::store::aws;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use super::*;

/// A clock that goes with tokio's, which tests move.
fn clock() -> Clock {
    let (begun, epoch) = (Instant::now(), Timestamp::from_second(1_750_000_000).expect("a time"));
    Clock::new(move || epoch.plus_seconds(i64::try_from(begun.elapsed().as_secs()).expect("a short test")))
}

fn open(folder: Option<&Path>) -> Queue {
    Queue::open(JOBS, folder.map(Path::to_owned), clock()).expect("it opens")
}

fn send(queue: &Queue, body: &str) -> Uuid {
    queue.send(body.to_owned(), Duration::ZERO).expect("sent")
}

/// A handler that reports each event, after how many seconds, and answers as it is told.
fn reporting(
    answer: impl Fn(&Value) -> Result<Value, JobError> + Send + Sync + 'static,
) -> (Handler, UnboundedReceiver<(u64, Value)>) {
    let (sender, events) = unbounded_channel();
    let begun = Instant::now();
    let handler = Handler::new(move |event| {
        let answer = answer(&event);
        let _ = sender.send((begun.elapsed().as_secs(), event));
        async { answer }
    });
    (handler, events)
}

/// Works for so many seconds. The jobs' times and events.
async fn work(
    queue: &Queue,
    seconds: u64,
    answer: impl Fn(&Value) -> Result<Value, JobError> + Send + Sync + 'static,
) -> Vec<(u64, Value)> {
    let (handler, mut events) = reporting(answer);
    queue.run(handler, tokio::time::sleep(Duration::from_secs(seconds))).await;
    std::iter::from_fn(|| events.try_recv().ok()).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "it is what handlers answer")]
fn done(_: &Value) -> Result<Value, JobError> {
    Ok(Value::Null)
}

fn failed(_: &Value) -> Result<Value, JobError> {
    Err("it does not work".into())
}

/// When each job ran, and the how manyth it was.
fn receives(jobs: &[(u64, Value)]) -> Vec<(u64, Value)> {
    let count = "/Records/0/attributes/ApproximateReceiveCount";
    let job = |(seconds, event): &'_ (u64, Value)| (*seconds, event.pointer(count).expect("a count").clone());
    jobs.iter().map(job).collect()
}

#[tokio::test(start_paused = true)]
async fn a_message_is_handed_out_as_lambda_does_and_is_gone_when_its_job_is_done() {
    let queue = open(None);
    let id = send(&queue, r#"{"job":"sweep"}"#);
    let jobs = work(&queue, 1, done).await;
    let record = &jobs[0].1["Records"][0];
    assert_eq!(record["messageId"], id.to_string());
    assert_eq!(record["body"], r#"{"job":"sweep"}"#);
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(record["eventSourceARN"], "arn:aws:sqs:us-east-1:000000000000:jobs");
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
    assert_eq!(record["attributes"]["SentTimestamp"], "1750000000000");
    assert!(queue.is_empty());
    assert_eq!(work(&queue, 100, done).await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_delayed_message_waits() {
    let queue = open(None);
    queue.send("later".to_owned(), Duration::from_mins(15)).expect("sent");
    assert_eq!(work(&queue, 899, done).await.len(), 0);
    assert_eq!(work(&queue, 2, done).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_comes_while_it_waits_is_handed_out_at_once() {
    let queue = open(None);
    queue.send("later".to_owned(), Duration::from_mins(15)).expect("sent");
    let sender = queue.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        send(&sender, "now");
    });
    let jobs = work(&queue, 10, done).await;
    assert_eq!(receives(&jobs), [(5, "1".into())]);
}

#[tokio::test(start_paused = true)]
async fn a_failing_job_is_tried_three_times_after_growing_pauses() {
    let folder = tempfile::tempdir().expect("a folder");
    let queue = open(Some(folder.path()));
    send(&queue, "hopeless");
    let jobs = work(&queue, 100, failed).await;
    assert_eq!(receives(&jobs), [(0, "1".into()), (1, "2".into()), (11, "3".into())]);
    assert!(queue.is_empty());
    assert_eq!(queue.dead_letters(), ["hopeless"]);
    let reopened = open(Some(folder.path()));
    assert!(reopened.is_empty());
    assert_eq!(reopened.dead_letters(), ["hopeless"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_once_is_done_the_second_time() {
    let queue = open(None);
    send(&queue, "moody");
    let tries = AtomicUsize::new(0);
    let moody = move |event: &Value| {
        if tries.fetch_add(1, Ordering::Relaxed) == 0 { failed(event) } else { done(event) }
    };
    assert_eq!(receives(&work(&queue, 100, moody).await), [(0, "1".into()), (1, "2".into())]);
    assert!(queue.is_empty() && queue.dead_letters().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_message_among_the_batch_item_failures_has_failed() {
    let queue = open(None);
    send(&queue, "named");
    let named = |event: &Value| {
        let id = &event["Records"][0]["messageId"];
        Ok(json!({ "batchItemFailures": [{ "itemIdentifier": id }] }))
    };
    assert_eq!(work(&queue, 100, named).await.len(), 3);
    assert_eq!(queue.dead_letters().len(), 1);
    send(&queue, "another");
    let another = |_: &Value| Ok(json!({ "batchItemFailures": [{ "itemIdentifier": "another" }] }));
    assert_eq!(work(&queue, 100, another).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_panics_has_failed() {
    let queue = open(None);
    send(&queue, "panics");
    let handler = Handler::new(|_| async { panic!("as this test wants") });
    queue.run(handler, tokio::time::sleep(Duration::from_secs(100))).await;
    assert_eq!(queue.dead_letters(), ["panics"]);
}

#[tokio::test(start_paused = true)]
async fn two_jobs_run_at_a_time() {
    let queue = open(None);
    for n in 0..5 {
        send(&queue, &n.to_string());
    }
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counter, peak) = (now.clone(), most.clone());
    let handler = Handler::new(move |_| {
        let (now, most) = (counter.clone(), peak.clone());
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(1)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Ok(Value::Null)
        }
    });
    queue.run(handler, tokio::time::sleep(Duration::from_secs(10))).await;
    assert_eq!(most.load(Ordering::Relaxed), 2);
    assert!(queue.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_interrupted_does_not_count() {
    let folder = tempfile::tempdir().expect("a folder");
    let queue = open(Some(folder.path()));
    send(&queue, "long");
    let handler = Handler::new(|_| std::future::pending());
    queue.run(handler, tokio::time::sleep(Duration::from_secs(1))).await;
    drop(queue);
    let jobs = work(&open(Some(folder.path())), 1, done).await;
    assert_eq!(receives(&jobs), [(0, "1".into())]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ends_soon_is_waited_for() {
    let queue = open(None);
    send(&queue, "short");
    let handler = Handler::new(|_| async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok(Value::Null)
    });
    queue.run(handler, tokio::time::sleep(Duration::from_secs(1))).await;
    assert!(queue.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_is_killed_loses_no_message_and_tries_no_job_forever() {
    let folder = tempfile::tempdir().expect("a folder");
    send(&open(Some(folder.path())), "deadly");
    std::fs::write(folder.path().join("half-written.json.next"), "{").expect("a file");
    for count in 1..=MAX_RECEIVES {
        // Dropped with its job, as when the process is killed.
        let killed = open(Some(folder.path()));
        let Ok(Next::Job(message)) = killed.take() else { panic!("a job") };
        assert_eq!((message.body.as_str(), message.receives), ("deadly", count));
    }
    let queue = open(Some(folder.path()));
    assert_eq!(work(&queue, 1, done).await.len(), 0);
    assert_eq!(queue.dead_letters(), ["deadly"]);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[tokio::test]
async fn what_the_sdk_sends_is_in_the_queue() {
    let queue = open(None);
    let reports = Queue::open(REPORTS, None, clock()).expect("it opens");
    let sqs = Sqs::start(vec![queue.clone(), reports.clone()]).expect("it starts");
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .http_client(aws::http_client().expect("a client"))
        .endpoint_url(format!("http://{}", sqs.address()));
    let client = Client::from_conf(config.build());
    let send = |body: &str, delay| {
        client.send_message().queue_url(sqs.queue_url(&queue)).message_body(body).delay_seconds(delay).send()
    };
    let sent = send("hello", 0).await.expect("sent");
    assert_eq!(sent.md5_of_message_body(), Some("5d41402abc4b2a76b9719d911017c592"));
    send("later", 900).await.expect("sent");
    let Ok(Next::Job(message)) = queue.take() else { panic!("a job") };
    assert_eq!(Some(message.id.to_string().as_str()), sent.message_id());
    assert_eq!(message.body, "hello");
    assert!(matches!(queue.take(), Ok(Next::At(_))));

    assert!(send("too late", 901).await.is_err());
    assert!(send("", 0).await.is_err());
    let elsewhere =
        client.send_message().queue_url("http://localhost/1/other").message_body("x").send().await;
    assert!(elsewhere.expect_err("refused").into_service_error().is_queue_does_not_exist());
    assert_eq!(queue.len(), 2);

    let report = client.send_message().queue_url(sqs.queue_url(&reports)).message_body("a report");
    report.send().await.expect("sent");
    assert_eq!((queue.len(), reports.bodies()), (2, vec!["a report".to_owned()]));
    let event = reports.take_event().expect("a message");
    assert_eq!(event["Records"][0]["eventSourceARN"], "arn:aws:sqs:us-east-1:000000000000:reports");
}
