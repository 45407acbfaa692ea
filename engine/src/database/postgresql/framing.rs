//! What a server of PostgreSQL sends, checked before it is read: whoever answers may be no such server, or lie about how much follows.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The largest message that is read: a row has no more.
const MAX_MESSAGE_BYTES: usize = 64 << 20;

/// The [messages of a server](https://www.postgresql.org/docs/current/protocol-message-formats.html), but for those of replication.
const MESSAGES: &[u8] = b"123ACDEGHIKNRSTVWZcdnstv";

/// A stream on which only messages of PostgreSQL arrive.
pub(super) struct Framed<S> {
    stream: S,
    /// The type and the length of the message that begins, as far as they are there.
    head: Vec<u8>,
    /// How many bytes of the message are still to come.
    rest: usize,
}

impl<S> Framed<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, head: Vec::with_capacity(5), rest: 0 }
    }

    fn check(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.rest > 0 {
                let count = self.rest.min(bytes.len());
                self.rest -= count;
                bytes = &bytes[count..];
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            let no_message = || io::Error::from(io::ErrorKind::InvalidData);
            match *self.head.as_slice() {
                [kind] if !MESSAGES.contains(&kind) => return Err(no_message()),
                [_, a, b, c, d] => {
                    // The length counts itself.
                    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
                    self.rest = length.checked_sub(4).ok_or_else(no_message)?;
                    if length > MAX_MESSAGE_BYTES {
                        return Err(no_message());
                    }
                    self.head.clear();
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Framed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        Poll::Ready(self.check(&buffer.filled()[before..]))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Framed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_pass_however_they_are_cut() {
        let bytes = b"Z\0\0\0\x05IC\0\0\0\x0dSELECT 1\0";
        for size in 1..bytes.len() {
            let mut framed = Framed::new(());
            assert!(bytes.chunks(size).all(|chunk| framed.check(chunk).is_ok()), "{size}");
            assert_eq!((framed.rest, framed.head.len()), (0, 0));
        }
    }

    #[test]
    fn what_is_no_message_or_too_large_a_one_is_refused() {
        for bytes in [&b"HTTP/1.1 400 Bad Request"[..], b"\0", b"D\0\0\0\x03", b"D\x7f\xff\xff\xff"] {
            assert!(Framed::new(()).check(bytes).is_err(), "{bytes:?}");
        }
    }
}
