//! The loop that hands messages to whoever does the jobs, as Lambda does.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use shared::base::error::chain;
use tokio::task::{Id, JoinError, JoinSet};
use uuid::Uuid;

use super::{Next, Queue};

/// How many jobs run at a time.
const CONCURRENCY: usize = 2;

/// How long jobs may still run once it is to stop.
const GRACE: Duration = Duration::from_secs(3);

/// How long it waits after the disk refused something.
const AFTER_DISK_ERROR: Duration = Duration::from_secs(1);

/// Why a job failed.
pub type JobError = Box<dyn Error + Send + Sync>;

type Job = Pin<Box<dyn Future<Output = Result<Value, JobError>> + Send>>;

/// Does a job: takes an SQS event with one message, and answers as a Lambda function does that reports batch item failures.
#[derive(Clone)]
pub struct Handler(Arc<dyn Fn(Value) -> Job + Send + Sync>);

impl Handler {
    /// What calls the function for each event.
    pub fn new<F>(handle: impl Fn(Value) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Value, JobError>> + Send + 'static,
    {
        Self(Arc::new(move |event| Box::pin(handle(event))))
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handler").finish_non_exhaustive()
    }
}

/// The jobs that run, and the messages that they are for.
struct Running {
    jobs: JoinSet<Result<Value, JobError>>,
    messages: HashMap<Id, Uuid>,
}

impl Queue {
    /// Hands each message that is due to the handler, two at a time, until `stop` resolves. Jobs that then do not end within three
    /// seconds are dropped, and their messages are as if they had not been handed out.
    pub async fn run(&self, handler: Handler, stop: impl Future<Output = ()>) {
        let mut running = Running { jobs: JoinSet::new(), messages: HashMap::new() };
        let mut stop = std::pin::pin!(stop);
        loop {
            let until_next = self.start_jobs(&handler, &mut running);
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(ended) = running.jobs.join_next_with_id() => self.end_job(ended, &mut running),
                () = self.0.changed.notified() => {}
                () = sleep(until_next) => {}
            }
        }
        self.stop_jobs(running).await;
    }

    /// Hands each message that is due to the handler, one after the other, until none is.
    pub async fn run_due(&self, handler: &Handler) {
        while let Ok(Next::Job(message)) = self.take() {
            let mut running = Running { jobs: JoinSet::new(), messages: HashMap::new() };
            running
                .messages
                .insert(running.jobs.spawn((handler.0)(message.to_event(&self.arn()))).id(), message.id);
            if let Some(ended) = running.jobs.join_next_with_id().await {
                self.end_job(ended, &mut running);
            }
        }
    }

    /// Takes the message that has been due for longest out of the queue, as the event that its job is given.
    pub fn take_event(&self) -> Option<Value> {
        let Ok(Next::Job(message)) = self.take() else { return None };
        Some(message.to_event(&self.arn()))
    }

    /// Starts what is due and may run. How long there is nothing else to start, if not forever.
    fn start_jobs(&self, handler: &Handler, running: &mut Running) -> Option<Duration> {
        while running.jobs.len() < CONCURRENCY {
            match self.take() {
                Ok(Next::Job(message)) => {
                    let (id, job) = (message.id, (handler.0)(message.to_event(&self.arn())));
                    running.messages.insert(running.jobs.spawn(job).id(), id);
                }
                Ok(Next::At(due)) => {
                    let seconds = due.as_second() - self.0.clock.now().as_second();
                    return Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
                }
                Ok(Next::Nothing) => return None,
                Err(error) => {
                    tracing::error!(%error, "a message could not be handed out");
                    return Some(AFTER_DISK_ERROR);
                }
            }
        }
        None
    }

    fn end_job(&self, ended: Result<(Id, Result<Value, JobError>), JoinError>, running: &mut Running) {
        let (task, result) = match ended {
            Ok((task, result)) => (task, result),
            Err(error) => (error.id(), Err(error.into())),
        };
        let Some(id) = running.messages.remove(&task) else { return };
        let failure = match result {
            Ok(answer) if !names_failure(&answer, id) => None,
            Ok(_) => Some("it is among the batch item failures".to_owned()),
            Err(error) => Some(chain(&*error)),
        };
        log_unsaved(match failure {
            None => self.remove(id),
            Some(failure) => {
                tracing::warn!(message_id = %id, failure, "a job failed");
                self.give_up(id)
            }
        });
    }

    async fn stop_jobs(&self, mut running: Running) {
        let all_ended = async {
            while let Some(ended) = running.jobs.join_next_with_id().await {
                self.end_job(ended, &mut running);
            }
        };
        // Those that have not ended are dealt with below.
        let _ = tokio::time::timeout(GRACE, all_ended).await;
        running.jobs.shutdown().await;
        for id in running.messages.into_values() {
            log_unsaved(self.return_unread(id));
        }
    }
}

async fn sleep(duration: Option<Duration>) {
    match duration {
        Some(duration) => tokio::time::sleep(duration).await,
        None => std::future::pending().await,
    }
}

/// Whether the answer says that the message's job failed:
/// [its structure](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
fn names_failure(answer: &Value, id: Uuid) -> bool {
    let failures = answer.get("batchItemFailures").and_then(Value::as_array);
    let id = id.to_string();
    failures.is_some_and(|failures| failures.iter().any(|failure| failure["itemIdentifier"] == id.as_str()))
}

fn log_unsaved(saved: io::Result<()>) {
    if let Err(error) = saved {
        tracing::error!(%error, "what became of a message could not be saved");
    }
}
