//! A way to a server on which things go wrong.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{ADDRESSES, Kind, Server};

/// What becomes of what the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Way {
    /// It arrives.
    Open,
    /// It does not arrive.
    Hangs,
    /// Half of it arrives, and then the connection is closed.
    Breaks,
    /// Something else arrives, and then the connection is closed.
    Lies,
    /// The first row arrives, and again, without end. For connections without TLS.
    Floods,
    /// The server says that it has no TLS.
    HasNoTls,
}

const WAYS: [Way; 6] = [Way::Open, Way::Hangs, Way::Breaks, Way::Lies, Way::Floods, Way::HasNoTls];

/// Forwards connections to a server, in the way that it is told.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Where it listens, at 127.0.0.1.
    pub port: u16,
    way: Arc<AtomicU8>,
}

impl Proxy {
    /// Begins to forward.
    pub async fn start(server: &Server) -> Self {
        let listener = TcpListener::bind((ADDRESSES[0], 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let proxy = Self { port, way: Arc::new(AtomicU8::new(0)) };
        let (forward, kind, target) = (proxy.clone(), server.kind, server.port);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let proxy = forward.clone();
                // A connection ends when either side has had enough of it.
                tokio::spawn(async move { proxy.forward(client, kind, target).await.ok() });
            }
        });
        proxy
    }

    /// From now on, also for the connections that there are.
    pub fn set(&self, way: Way) {
        self.way.store(way as u8, Ordering::SeqCst);
    }

    fn way(&self) -> Way {
        WAYS[usize::from(self.way.load(Ordering::SeqCst))]
    }

    async fn forward(&self, mut client: TcpStream, kind: Kind, target: u16) -> io::Result<()> {
        if self.way() == Way::HasNoTls && kind == Kind::PostgreSql {
            // The length and the code of a request for TLS.
            client.read_exact(&mut [0; 8]).await?;
            client.write_all(b"N").await?;
        }
        let server = TcpStream::connect((ADDRESSES[0], target)).await?;
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let up = async { tokio::io::copy(&mut from_client, &mut to_server).await.map(drop) };
        let down = async {
            let mut buffer = vec![0; 64 << 10];
            let mut is_first = kind == Kind::MariaDb;
            loop {
                let count = from_server.read(&mut buffer).await?;
                if count == 0 {
                    return Ok(());
                }
                let sent = &mut buffer[..count];
                if std::mem::take(&mut is_first) && self.way() == Way::HasNoTls {
                    offer_no_tls(sent);
                }
                match self.way() {
                    Way::Open | Way::HasNoTls => to_client.write_all(sent).await?,
                    Way::Hangs => std::future::pending().await,
                    Way::Breaks => return to_client.write_all(&sent[..count / 2]).await,
                    Way::Lies => {
                        let noise = sent.iter().map(|byte| byte.wrapping_mul(167).wrapping_add(89));
                        return to_client.write_all(&noise.collect::<Vec<_>>()).await;
                    }
                    Way::Floods => {
                        let (before, row) = match kind {
                            Kind::PostgreSql => until_row(sent),
                            Kind::MariaDb => until_packet_of_row(sent),
                        };
                        to_client.write_all(before).await?;
                        // Of MySQL's packets, each has the number after the one before.
                        let numbered = |number: u8| {
                            let mut row = row.to_vec();
                            if kind == Kind::MariaDb {
                                row[3] = row[3].wrapping_add(number);
                            }
                            row
                        };
                        if !row.is_empty() {
                            let rows: Vec<u8> = (0..=u8::MAX).flat_map(numbered).collect();
                            loop {
                                to_client.write_all(&rows).await?;
                            }
                        }
                    }
                }
            }
        };
        tokio::select! { done = up => done, done = down => done }
    }
}

/// What comes before the first row among PostgreSQL's messages, and the row. Empty, if there is none.
fn until_row(messages: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(&[kind, a, b, c, d]) = messages.get(at..at + 5) {
        let end = at + 1 + u32::from_be_bytes([a, b, c, d]) as usize;
        if kind == b'D' && end <= messages.len() {
            return (&messages[..at], &messages[at..end]);
        }
        at = end;
    }
    (messages, &[])
}

/// Takes the flag for TLS out of the packet that MySQL begins with
/// ([its layout](https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html)).
fn offer_no_tls(greeting: &mut [u8]) {
    const CLIENT_SSL_IN_SECOND_BYTE: u8 = 0x08;
    let version = greeting.iter().skip(5).position(|byte| *byte == 0).expect("a version");
    // The number of the connection, half of a salt, and a zero come before the flags.
    let flags = 5 + version + 1 + 4 + 8 + 1;
    greeting[flags + 1] &= !CLIENT_SSL_IN_SECOND_BYTE;
}

/// What comes before the first row among MySQL's packets, and the row's. Empty, if there is none.
fn until_packet_of_row(packets: &[u8]) -> (&[u8], &[u8]) {
    let (mut at, mut columns) = (0, None);
    while let Some(&[a, b, c, _, kind]) = packets.get(at..at + 5) {
        let length = u32::from_le_bytes([a, b, c, 0]) as usize;
        let end = at + 4 + length;
        columns = match columns {
            // How many columns there are; MariaDB leaves out what they are where a statement was prepared.
            None if length == 2 && kind > 0 && packets.get(at + 5) == Some(&0) => Some(0),
            None if length <= 2 && kind > 0 => Some(usize::from(kind)),
            Some(0) if kind == 0 && end <= packets.len() => return (&packets[..at], &packets[at..end]),
            // What ends the columns.
            Some(0) => Some(0),
            Some(left) => Some(left - 1),
            None => None,
        };
        at = end;
    }
    (packets, &[])
}
