//! The local server under many connections: admitted requests by many API keys, so that none is at its limit.

use std::net::Ipv4Addr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use crate::AnyError;
use crate::functions::binary;
use crate::instance::memory;
use crate::statistics::Samples;

const CONNECTIONS: [usize; 4] = [1, 8, 64, 512];

/// The demo's users. Each may have 100 keys, and as many that were rotated and still work; each key is good for 100 requests a minute.
const USERS: [&str; 5] = ["you", "owner", "analyst", "member", "viewer"];
const KEYS_A_USER: usize = 90;

/// Prints throughput, latency, errors and memory.
pub(crate) async fn measure(seconds: u64) -> Result<(), AnyError> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?.port();
    let mut server = Command::new(binary("local")?)
        .args(["--in-memory", "--port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let pid = server.id().ok_or("the local server has ended")?;
    let keys = Arc::new(make_keys(port).await?);
    println!("\n## Load: GET /api/auth/status/ of the local server, {seconds} s each\n");
    println!(
        "| connections | requests/s | p50 (ms) | p99 (ms) | errors | memory (MB) |\n|---|---|---|---|---|---|"
    );
    let next_key = Arc::new(AtomicUsize::new(0));
    for connections in CONNECTIONS {
        let until = Instant::now() + Duration::from_secs(seconds);
        let clients: Vec<_> = (0..connections)
            .map(|_| tokio::spawn(client(port, keys.clone(), next_key.clone(), until)))
            .collect();
        let (mut times, mut errors) = (Vec::new(), 0);
        for client in clients {
            let (its_times, its_errors) = client.await??;
            times.extend(its_times);
            errors += its_errors;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let rate = times.len() as f64 / Duration::from_secs(seconds).as_secs_f64();
        let times = Samples::of_times(times);
        let (median, slowest) = (times.median(), times.quantile(0.99));
        let memory = memory(pid, "VmRSS:")?;
        println!("| {connections} | {rate:.0} | {median:.1} | {slowest:.1} | {errors} | {memory:.0} |");
    }
    server.kill().await?;
    Ok(())
}

/// Sends requests one after another; their times, and how many were not answered with a 200.
async fn client(
    port: u16,
    keys: Arc<Vec<String>>,
    next_key: Arc<AtomicUsize>,
    until: Instant,
) -> Result<(Vec<Duration>, usize), AnyError> {
    let mut connection = Connection::open(port).await?;
    let (mut times, mut errors) = (Vec::new(), 0);
    while Instant::now() < until {
        let key = &keys[next_key.fetch_add(1, Ordering::Relaxed) % keys.len()];
        let began = Instant::now();
        let (status, _) = connection.request("GET", "/api/auth/status/", ("X-API-Key", key), "").await?;
        times.push(began.elapsed());
        errors += usize::from(status != 200);
    }
    Ok((times, errors))
}

async fn make_keys(port: u16) -> Result<Vec<String>, AnyError> {
    let mut connection = Connection::open(port).await?;
    let mut keys = Vec::new();
    for user in USERS {
        let credentials =
            json!({ "email": format!("{user}@example.com"), "password": local::demo::PASSWORD });
        let json = ("Content-Type", "application/json");
        let (_, tokens) =
            connection.request("POST", "/api/auth/login/", json, &credentials.to_string()).await?;
        let bearer = format!("Bearer {}", tokens["access"].as_str().ok_or("not signed in")?);
        let authorization = ("Content-Type: application/json\r\nAuthorization", bearer.as_str());
        for _ in 0..KEYS_A_USER {
            let (_, key) =
                connection.request("POST", "/api/api-keys/", authorization, r#"{"name":"load"}"#).await?;
            let rotate = format!("/api/api-keys/{}/rotate/", key["id"]);
            let grace = r#"{"grace_period_seconds":3600}"#;
            let (_, rotated) = connection.request("POST", &rotate, authorization, grace).await?;
            for key in [key, rotated] {
                keys.push(key["key"].as_str().ok_or_else(|| key.to_string())?.to_owned());
            }
        }
    }
    Ok(keys)
}

/// A connection that is kept open, with no more HTTP than that takes, so that the client costs little beside the server.
struct Connection(BufReader<TcpStream>);

impl Connection {
    async fn open(port: u16) -> Result<Self, AnyError> {
        let began = Instant::now();
        loop {
            match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self(BufReader::new(stream)));
                }
                Err(error) if began.elapsed() > Duration::from_secs(10) => return Err(error.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    async fn request(
        &mut self,
        method: &str,
        path: &str,
        (name, value): (&str, &str),
        body: &str,
    ) -> Result<(u16, Value), AnyError> {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{name}: {value}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.0.get_mut().write_all(request.as_bytes()).await?;
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            } else if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest.get(..3).unwrap_or_default().parse()?;
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer).await?;
        Ok((status, serde_json::from_slice(&answer).unwrap_or_default()))
    }
}
