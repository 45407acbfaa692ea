//! A way to servers on which it is counted how long, and how often, they are waited for.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::AnyError;
use crate::statistics::Samples;

/// How often a wait is tried for what the detour takes, and how long lies between: as long as is waited for stores.
const TRIALS: usize = 200;
const PAUSE: Duration = Duration::from_millis(1);

/// Forwards connections, and counts.
#[derive(Default)]
pub(super) struct Stopwatch {
    waits: Arc<Mutex<Vec<Wait>>>,
}

/// From when something had come from the client until the server had something to say about it, or had more to say.
#[derive(Clone, Copy)]
pub(super) struct Wait {
    from: Instant,
    to: Instant,
    is_answer: bool,
}

/// How long, in all, one server or another was waited for.
#[derive(Clone, Copy, Default)]
pub(super) struct Waits {
    pub(super) time: Duration,
    /// How often a server had something to say: round trips, if they are asked one thing after another.
    pub(super) count: u32,
    /// How often something was waited for, where what is waited for at once counts once.
    pub(super) stops: u32,
}

impl Stopwatch {
    /// Begins to forward to a port of this machine. Returns the port to connect to.
    pub(super) async fn forward(&self, port: u16) -> Result<u16, AnyError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let listens = listener.local_addr()?.port();
        let waits = Arc::clone(&self.waits);
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A connection ends when either side ends it.
                tokio::spawn(forward(client, server, Arc::clone(&waits)));
            }
        });
        Ok(listens)
    }

    /// The waits since the last time that were over by then: what nobody waited for does not count.
    pub(super) fn take(&self, until: Instant) -> Vec<Wait> {
        let mut waits = std::mem::take(&mut *lock(&self.waits));
        waits.retain(|wait| wait.to <= until);
        waits
    }
}

impl Waits {
    /// All of these, of which what is waited for at once counts once.
    pub(super) fn of(waits: impl IntoIterator<Item = Wait>) -> Self {
        let mut waits: Vec<Wait> = waits.into_iter().collect();
        waits.sort_by_key(|wait| wait.from);
        let mut all = Self::default();
        let mut counted = None;
        for Wait { from, to, is_answer } in waits {
            all.time += to.saturating_duration_since(counted.map_or(from, |counted| from.max(counted)));
            all.count += u32::from(is_answer);
            all.stops += u32::from(counted.is_none_or(|counted| from > counted));
            counted = counted.max(Some(to));
        }
        all
    }
}

/// How long a wait takes beside what is counted of it, in ms: until what was sent is here, and until what is here has come back.
pub(super) async fn detour() -> Result<f64, AnyError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        let (server, _) = listener.accept().await?;
        server.set_nodelay(true)?;
        let (from, to) = server.into_split();
        copy(from, to, || {}).await
    });
    let stopwatch = Stopwatch::default();
    let port = stopwatch.forward(port).await?;
    // Another process has threads of its own: so has this client.
    let trials = tokio::task::spawn_blocking(move || {
        let mut client = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        client.set_nodelay(true)?;
        let mut detours = Vec::with_capacity(TRIALS);
        for _ in 0..TRIALS {
            std::thread::sleep(PAUSE);
            let began = Instant::now();
            client.write_all(b"?")?;
            client.read_exact(&mut [0])?;
            let ended = Instant::now();
            detours.push((ended - began).saturating_sub(Waits::of(stopwatch.take(ended)).time));
        }
        Ok::<_, io::Error>(detours)
    });
    Ok(Samples::of_times(trials.await??).median())
}

async fn forward(client: TcpStream, server: SocketAddr, waits: Arc<Mutex<Vec<Wait>>>) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // When something came last, and whether it came from the client.
    let last = Mutex::new((Instant::now(), true));
    let up = copy(from_client, to_server, || *lock(&last) = (Instant::now(), true));
    let down = copy(from_server, to_client, || {
        let to = Instant::now();
        let (from, is_answer) = std::mem::replace(&mut *lock(&last), (to, false));
        lock(&waits).push(Wait { from, to, is_answer });
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
