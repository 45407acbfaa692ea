//! An instance of a function: its process, started as Lambda does it.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::process::{Child, Command};

use crate::AnyError;
use crate::lambda::RuntimeApi;

/// A running instance, ended when dropped.
pub(crate) struct Instance {
    process: Child,
    runtime: RuntimeApi,
    started: Instant,
    /// From its start until it asked for its first event.
    pub(crate) until_ready: Duration,
}

impl Instance {
    /// Starts a binary, and waits until it asks for an event.
    pub(crate) async fn start(binary: &Path, environment: &[(String, String)]) -> Result<Self, AnyError> {
        Self::spawn(Command::new(binary), environment).await
    }

    /// Starts a binary by a command that runs it, and waits until it asks for an event.
    pub(crate) async fn spawn(
        mut command: Command,
        environment: &[(String, String)],
    ) -> Result<Self, AnyError> {
        let mut runtime = RuntimeApi::start().await?;
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "bench")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "bench")
            .envs(environment.iter().cloned())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let started = Instant::now();
        let process = command.spawn()?;
        let ready = tokio::time::timeout(Duration::from_secs(10), runtime.ready()).await??;
        Ok(Self { process, runtime, started, until_ready: ready - started })
    }

    /// Hands over a first event. Returns the time since the start.
    pub(crate) async fn first(&mut self, event: &str) -> Result<Duration, AnyError> {
        let (answered, answer) = self.runtime.invoke(event.to_owned()).await?;
        check(&answer)?;
        self.runtime.ready().await?;
        Ok(answered - self.started)
    }

    /// Hands over another event. Returns how long the answer took.
    pub(crate) async fn another(&mut self, event: &str) -> Result<Duration, AnyError> {
        let (time, answer) = self.ask(event).await?;
        check(&answer)?;
        Ok(time)
    }

    /// Hands over another event. Returns how long the answer took, and the answer, whatever its status is.
    pub(crate) async fn ask(&mut self, event: &str) -> Result<(Duration, Value), AnyError> {
        let began = Instant::now();
        let (answered, answer) = self.runtime.invoke(event.to_owned()).await?;
        self.runtime.ready().await?;
        Ok((answered - began, answer))
    }

    /// The CPU time of all its threads so far (`/proc/PID/task/*/schedstat`: nanoseconds on a CPU come first).
    pub(crate) fn cpu(&self) -> Result<Duration, AnyError> {
        let mut nanoseconds = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.pid()?))? {
            let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            nanoseconds += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The most memory it has used so far, in MB (`/proc/PID/status`).
    pub(crate) fn peak_memory(&self) -> Result<f64, AnyError> {
        memory(self.pid()?, "VmHWM:")
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn end(mut self) -> Result<(), AnyError> {
        Command::new("kill").arg(self.pid()?.to_string()).status().await?;
        self.process.wait().await?;
        Ok(())
    }

    fn pid(&self) -> Result<u32, AnyError> {
        self.process.id().ok_or_else(|| "it has ended".into())
    }
}

/// A line of `/proc/PID/status`, in MB.
pub(crate) fn memory(pid: u32, name: &str) -> Result<f64, AnyError> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes: f64 = line.ok_or(format!("no {name}"))?.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes * 1024.0 / 1e6)
}

fn check(answer: &Value) -> Result<(), AnyError> {
    if answer["statusCode"] == 200 { Ok(()) } else { Err(answer.to_string().into()) }
}
