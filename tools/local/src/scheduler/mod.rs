//! An embedded EventBridge Scheduler: schedules in a file, or in memory, that send to the embedded queues when they are due.
//!
//! A schedule sends once for each time that it is due. What was due while the process was down, or while the machine slept, is sent once,
//! for the last of the times.

mod endpoint;
mod schedule;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::base::{Clock, Timestamp};
use shared::store::schedules::Target;

pub use self::endpoint::{SchedulerServer, router};
use self::schedule::{Refusal, Schedule};
use crate::data_dir::replace_private;
use crate::queue::{ACCOUNT, Queue};

/// The group that there is. On AWS, `template.yaml` makes it.
pub const GROUP: &str = "reports";

/// How often it looks whether something is due.
const INTERVAL: Duration = Duration::from_secs(1);

/// Schedules that send to a queue.
pub fn target(queue: &Queue) -> Target {
    Target {
        group: GROUP.to_owned(),
        role_arn: format!("arn:aws:iam::{ACCOUNT}:role/scheduler"),
        queue_arn: queue.arn(),
        dead_letters_arn: format!("{}-dead-letters", queue.arn()),
    }
}

/// The schedules. Its clones are the same.
#[derive(Clone, Debug)]
pub struct Scheduler(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: Option<PathBuf>,
    clock: Clock,
    queues: Vec<Queue>,
    schedules: Mutex<BTreeMap<String, Schedule>>,
}

impl Scheduler {
    /// Opens what is in the file, or begins one there, or in memory. The clock says what is due; it is sent to one of the queues.
    pub fn open(file: Option<PathBuf>, clock: Clock, queues: Vec<Queue>) -> io::Result<Self> {
        let schedules = match &file {
            Some(file) if file.exists() => serde_json::from_slice(&fs::read(file)?)?,
            _ => BTreeMap::new(),
        };
        Ok(Self(Arc::new(Inner { file, clock, queues, schedules: Mutex::new(schedules) })))
    }

    /// Sends what is due, each second, until `stop` resolves.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            self.fire_due();
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    /// Sends what is due.
    pub fn fire_due(&self) {
        let mut schedules = self.schedules();
        let mut sent = false;
        for (name, schedule) in &mut *schedules {
            sent |= self.fire(name, schedule);
        }
        if sent && let Err(error) = self.save(&schedules) {
            tracing::error!(%error, "that schedules were due could not be saved");
        }
    }

    /// The names of the schedules.
    pub fn names(&self) -> Vec<String> {
        self.schedules().keys().cloned().collect()
    }

    /// When a schedule is due next.
    pub fn next(&self, name: &str) -> Option<Timestamp> {
        self.schedules().get(name).and_then(|schedule| schedule.next_after(self.0.clock.now()))
    }

    /// Sends for a schedule, if it is due. Whether it was.
    fn fire(&self, name: &str, schedule: &mut Schedule) -> bool {
        let now = self.0.clock.now();
        let Some(due) = schedule.last_due(now) else { return false };
        let Some(queue) = self.0.queues.iter().find(|queue| queue.arn() == schedule.queue_arn()) else {
            return false;
        };
        // Sent before it is noted: a process that is killed in between sends twice, as AWS may.
        if let Err(error) = queue.send(schedule.message(due), Duration::ZERO) {
            tracing::error!(name, %error, "what a schedule sends could not be saved");
            return false;
        }
        schedule.fired(due);
        true
    }

    fn create(&self, name: &str, mut schedule: Schedule) -> Result<(), Refusal> {
        self.check(name, &schedule)?;
        let mut schedules = self.schedules();
        if schedules.contains_key(name) {
            return Err(Refusal::conflict(name));
        }
        schedule.begin(self.0.clock.now());
        schedules.insert(name.to_owned(), schedule);
        self.save(&schedules).map_err(|error| Refusal::not_saved(&error))
    }

    fn update(&self, name: &str, mut schedule: Schedule) -> Result<(), Refusal> {
        self.check(name, &schedule)?;
        let mut schedules = self.schedules();
        let Some(present) = schedules.get_mut(name) else { return Err(Refusal::missing(name)) };
        // What is due already is sent as it was.
        self.fire(name, present);
        schedule.begin(self.0.clock.now());
        schedule.keep_creation(present);
        *present = schedule;
        self.save(&schedules).map_err(|error| Refusal::not_saved(&error))
    }

    fn get(&self, name: &str) -> Result<Schedule, Refusal> {
        self.schedules().get(name).cloned().ok_or_else(|| Refusal::missing(name))
    }

    fn delete(&self, name: &str) -> Result<(), Refusal> {
        let mut schedules = self.schedules();
        if schedules.remove(name).is_none() {
            return Err(Refusal::missing(name));
        }
        self.save(&schedules).map_err(|error| Refusal::not_saved(&error))
    }

    fn check(&self, name: &str, schedule: &Schedule) -> Result<(), Refusal> {
        schedule::check_name(name)?;
        schedule.check()?;
        if !self.0.queues.iter().any(|queue| queue.arn() == schedule.queue_arn()) {
            return Err(Refusal::invalid("Target.Arn is no queue that is there."));
        }
        Ok(())
    }

    fn save(&self, schedules: &BTreeMap<String, Schedule>) -> io::Result<()> {
        match &self.0.file {
            Some(file) => replace_private(file, &serde_json::to_vec_pretty(schedules)?),
            None => Ok(()),
        }
    }

    fn schedules(&self) -> MutexGuard<'_, BTreeMap<String, Schedule>> {
        self.0.schedules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
