//! Names of AWS endpoints, looked up once for connections that are opened together.
//!
//! The system's look-up takes a thread for as long as it lasts. A first request opens all its connections at once, and
//! would start as many threads for the same answer.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower::Service;

/// How long an answer serves: less than DynamoDB's own say on it, which is some seconds.
const REMEMBERED: Duration = Duration::from_secs(1);

/// Looks names up as the system does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    /// Held while looking up, so that who asks meanwhile gets the same answer.
    answers: Arc<Mutex<HashMap<String, Answer>>>,
}

#[derive(Debug)]
struct Answer {
    at: Instant,
    addresses: Vec<IpAddr>,
}

impl Resolver {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.answers.lock().await;
        if let Some(answer) = answers.get(name).filter(|answer| answer.at.elapsed() < REMEMBERED) {
            return Ok(answer.addresses.clone());
        }
        #[expect(clippy::disallowed_methods, reason = "hosts of AWS, as we have configured them")]
        let found = tokio::net::lookup_host((name, 0)).await?;
        let addresses: Vec<_> = found.map(|address| address.ip()).collect();
        answers.insert(name.to_owned(), Answer { at: Instant::now(), addresses: addresses.clone() });
        Ok(addresses)
    }
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?.into_iter();
            // The port is the connection's to say.
            let addresses: Vec<_> = addresses.map(|address| SocketAddr::new(address, 0)).collect();
            Ok(addresses.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_serves_those_who_ask_together_and_not_for_long() {
        let resolver = Resolver::default();
        let stale = vec![IpAddr::from([192, 0, 2, 1])];
        let at = Instant::now();
        let answer = Answer { at, addresses: stale.clone() };
        resolver.answers.lock().await.insert("localhost".to_owned(), answer);
        assert_eq!(resolver.addresses("localhost").await.unwrap(), stale);

        let at = at.checked_sub(REMEMBERED).unwrap();
        let answer = Answer { at, addresses: stale.clone() };
        resolver.answers.lock().await.insert("localhost".to_owned(), answer);
        let fresh = resolver.addresses("localhost").await.unwrap();
        assert!(fresh.iter().all(IpAddr::is_loopback) && fresh != stale, "{fresh:?}");
    }
}
