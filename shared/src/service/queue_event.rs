//! What a queue hands over: messages, each with a job to do, and how Lambda is told which of them failed
//! ([partial batch responses](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html)).

use std::error::Error;

use serde::{Deserialize, Serialize};

use crate::base::error::chain;

/// Messages of the queue.
#[derive(Debug, Deserialize)]
pub struct QueueEvent {
    /// The messages.
    #[serde(rename = "Records")]
    pub records: Vec<Message>,
}

/// A message of the queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Tells it from all others.
    pub message_id: String,
    /// What S3 or we have sent.
    pub body: String,
}

/// Which messages are to be handed over again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueAnswer {
    /// Those that failed.
    pub batch_item_failures: Vec<Failure>,
}

/// A message that failed.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The message.
    pub item_identifier: String,
}

impl QueueEvent {
    /// Does what each of the messages asks for, one after another, and says which could not be done: they are handed over again, and put
    /// aside after the third time (`template.yaml`).
    pub async fn handle<F, E>(self, work: impl Fn(Message) -> F) -> QueueAnswer
    where
        F: Future<Output = Result<(), E>>,
        E: Error + 'static,
    {
        let mut answer = QueueAnswer::default();
        for message in self.records {
            let message_id = message.message_id.clone();
            if let Err(error) = work(message).await {
                tracing::error!(message_id, cause = chain(&error), "a job failed");
                answer.batch_item_failures.push(Failure { item_identifier: message_id });
            }
        }
        answer
    }
}
