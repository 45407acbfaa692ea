//! An embedded SQS: queues whose messages are files, or in memory.
//!
//! What was sent is on disk before the sender has an answer, and there until its job is done: a process that is killed loses no
//! message, and may do a job twice, as on AWS.

mod consumer;
mod endpoint;
mod message;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::base::{Clock, Timestamp};
use tokio::sync::Notify;
use uuid::Uuid;

pub use self::consumer::{Handler, JobError};
pub use self::endpoint::{Sqs, router};
use self::message::Message;
use crate::data_dir::{make_private_folder, replace_private};

/// The queue of jobs for data sources.
pub const JOBS: &str = "jobs";

/// The queue of jobs for reports.
pub const REPORTS: &str = "reports";

/// The account that everything local belongs to.
pub const ACCOUNT: &str = "000000000000";

/// The region that everything local is in.
pub const REGION: &str = "us-east-1";

/// How often a message is handed out before it is a dead letter.
pub const MAX_RECEIVES: u32 = 3;

/// How long a message rests after its first, its second failure, in seconds.
const PAUSES: [i64; MAX_RECEIVES as usize - 1] = [1, 10];

/// Where dead letters are, within the queue's folder.
const DEAD_LETTERS: &str = "dead-letters";

/// A queue of jobs. Its clones are the same queue.
#[derive(Clone, Debug)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    folder: Option<PathBuf>,
    clock: Clock,
    messages: Mutex<Messages>,
    /// Told when a message comes, or may be handed out earlier than was known.
    changed: Notify,
}

#[derive(Debug, Default)]
struct Messages {
    waiting: BTreeMap<Uuid, Message>,
    handed_out: BTreeMap<Uuid, Message>,
    dead_letters: BTreeMap<Uuid, Message>,
}

/// The path of the URL of the queue of that name.
pub fn path(name: &str) -> String {
    format!("{ACCOUNT}/{name}")
}

/// What there is to do.
enum Next {
    /// A job.
    Job(Message),
    /// Nothing until then.
    At(Timestamp),
    /// Nothing.
    Nothing,
}

impl Queue {
    /// Opens the queue that is in the folder, or makes one there, or in memory. The clock says when messages are due.
    pub fn open(name: &'static str, folder: Option<PathBuf>, clock: Clock) -> io::Result<Self> {
        let mut messages = Messages::default();
        if let Some(folder) = &folder {
            let dead_letters = folder.join(DEAD_LETTERS);
            make_private_folder(folder)?;
            make_private_folder(&dead_letters)?;
            messages.waiting = message::read_all(folder)?;
            messages.dead_letters = message::read_all(&dead_letters)?;
        }
        let messages = Mutex::new(messages);
        Ok(Self(Arc::new(Inner { name, folder, clock, messages, changed: Notify::new() })))
    }

    /// The path of its URL: whose it is, and its name.
    pub fn path(&self) -> String {
        path(self.0.name)
    }

    /// What it is called in the whole of AWS.
    pub fn arn(&self) -> String {
        format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{}", self.0.name)
    }

    /// Adds a message that is due after the delay, in whole seconds. It is on disk when this returns.
    pub fn send(&self, body: String, delay: Duration) -> io::Result<Uuid> {
        let id = Uuid::new_v4();
        let now = self.0.clock.now();
        let delay = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
        let message = Message { id, body, sent_at: now, due_at: now.plus_seconds(delay), receives: 0 };
        self.save(&message)?;
        self.messages().waiting.insert(id, message);
        self.0.changed.notify_one();
        Ok(id)
    }

    /// The bodies of the messages whose jobs failed too often.
    pub fn dead_letters(&self) -> Vec<String> {
        self.messages().dead_letters.values().map(|message| message.body.clone()).collect()
    }

    /// The bodies of the messages that wait.
    pub fn bodies(&self) -> Vec<String> {
        self.messages().waiting.values().map(|message| message.body.clone()).collect()
    }

    /// How many messages wait, or are being worked on.
    pub fn len(&self) -> usize {
        let messages = self.messages();
        messages.waiting.len() + messages.handed_out.len()
    }

    /// Whether there is nothing to do, now or later.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands out the message that has been due for longest.
    fn take(&self) -> io::Result<Next> {
        loop {
            let mut messages = self.messages();
            let first = messages.waiting.values().min_by_key(|message| (message.due_at, message.sent_at));
            let Some(first) = first else { return Ok(Next::Nothing) };
            if first.due_at > self.0.clock.now() {
                return Ok(Next::At(first.due_at));
            }
            let message = Message { receives: first.receives + 1, ..first.clone() };
            if message.receives > MAX_RECEIVES {
                // Its last job ended the process.
                self.bury(&mut messages, message.id)?;
                continue;
            }
            // Counted before it is handed out: a job that ends the process is not tried forever.
            self.save(&message)?;
            messages.waiting.remove(&message.id);
            messages.handed_out.insert(message.id, message.clone());
            return Ok(Next::Job(message));
        }
    }

    /// Forgets a message whose job is done.
    fn remove(&self, id: Uuid) -> io::Result<()> {
        self.messages().handed_out.remove(&id);
        match &self.0.folder {
            Some(folder) => fs::remove_file(message::path(folder, id)),
            None => Ok(()),
        }
    }

    /// Puts a message back whose job failed, to be due after a pause; or with the dead letters.
    fn give_up(&self, id: Uuid) -> io::Result<()> {
        let mut messages = self.messages();
        let Some(mut message) = messages.handed_out.remove(&id) else { return Ok(()) };
        let receives = usize::try_from(message.receives).unwrap_or(usize::MAX);
        let pause = PAUSES.get(receives.saturating_sub(1));
        message.due_at = self.0.clock.now().plus_seconds(pause.copied().unwrap_or(0));
        messages.waiting.insert(id, message.clone());
        self.0.changed.notify_one();
        match pause {
            Some(_) => self.save(&message),
            None => self.bury(&mut messages, id),
        }
    }

    /// Puts a waiting message with the dead letters.
    fn bury(&self, messages: &mut Messages, id: Uuid) -> io::Result<()> {
        if let Some(folder) = &self.0.folder {
            fs::rename(message::path(folder, id), message::path(&folder.join(DEAD_LETTERS), id))?;
        }
        if let Some(message) = messages.waiting.remove(&id) {
            messages.dead_letters.insert(id, message);
        }
        tracing::error!(queue = self.0.name, message_id = %id, "a message is a dead letter: its job failed {MAX_RECEIVES} times");
        Ok(())
    }

    /// Puts a message back whose job was interrupted, as if it had not been handed out.
    fn return_unread(&self, id: Uuid) -> io::Result<()> {
        let mut messages = self.messages();
        let Some(mut message) = messages.handed_out.remove(&id) else { return Ok(()) };
        message.receives -= 1;
        messages.waiting.insert(id, message.clone());
        self.save(&message)
    }

    fn save(&self, message: &Message) -> io::Result<()> {
        match &self.0.folder {
            Some(folder) => {
                replace_private(&message::path(folder, message.id), &serde_json::to_vec(message)?)
            }
            None => Ok(()),
        }
    }

    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.0.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
