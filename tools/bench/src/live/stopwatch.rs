//! A way to a database on which it is counted how long, and how often, the database is waited for.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::AnyError;

/// Forwards connections, and counts.
pub(super) struct Stopwatch {
    /// Where it listens, at 127.0.0.1.
    pub(super) port: u16,
    waits: Arc<Mutex<Waits>>,
}

/// How long it was from when something had come from the client until all that the server had to say about it had come.
#[derive(Clone, Copy, Default)]
pub(super) struct Waits {
    pub(super) time: Duration,
    /// How often the server had something to say: round trips, if it is asked one thing after another.
    pub(super) count: u32,
}

impl Stopwatch {
    /// Begins to forward to a port of this machine.
    pub(super) async fn start(port: u16) -> Result<Self, AnyError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let stopwatch = Self { port: listener.local_addr()?.port(), waits: Arc::default() };
        let waits = Arc::clone(&stopwatch.waits);
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A connection ends when either side ends it.
                tokio::spawn(forward(client, server, Arc::clone(&waits)));
            }
        });
        Ok(stopwatch)
    }

    /// Those since the last time.
    pub(super) fn take(&self) -> Waits {
        std::mem::take(&mut *lock(&self.waits))
    }
}

async fn forward(client: TcpStream, server: SocketAddr, waits: Arc<Mutex<Waits>>) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // When something came last, and whether it came from the client.
    let last = Mutex::new((Instant::now(), true));
    let up = copy(from_client, to_server, || *lock(&last) = (Instant::now(), true));
    let down = copy(from_server, to_client, || {
        let now = Instant::now();
        let (since, is_answer) = std::mem::replace(&mut *lock(&last), (now, false));
        let mut waits = lock(&waits);
        waits.time += now - since;
        waits.count += u32::from(is_answer);
    });
    tokio::select! { done = up => done, done = down => done }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies until the end, and tells of everything that comes before it goes on.
async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut comes: impl FnMut()) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        comes();
        to.write_all(&buffer[..count]).await?;
    }
}
