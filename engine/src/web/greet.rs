//! Asking whether a REST API answers: once, and without reading all of it.

use std::time::{Duration, Instant};

use hyper::header::SERVER;
use secrecy::SecretString;
use shared::base::Timestamp;
use shared::model::data_source::Networks;
use tokio::time::timeout;

use crate::greeting::Greeting;
use crate::web::refusal::check;
use crate::web::{Client, Location, Trouble, Web};

/// How much of a body is looked at before it is taken for JSON, in bytes: spaces may come first.
const LOOKED_AT: usize = 65_536;

/// Asks for what is at a URL, with a token if there is one, within so long.
pub async fn greet(
    web: &Web,
    networks: &Networks,
    url: &str,
    token: Option<SecretString>,
    limit: Duration,
    now: Timestamp,
) -> Result<Greeting, Trouble> {
    let greet = async {
        let location = Location::parse(url, networks, "connection.url")?;
        let mut client = Client::new(&web.trust, networks, &web.patience, &location, token);
        let asked = Instant::now();
        let mut answer = client.get(&location, None).await?;
        let latency = asked.elapsed();
        check(&client, &answer, now)?;
        let mut looked_at = 0;
        while let Some(bytes) = answer.next().await? {
            let first =
                bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(byte));
            match first {
                Some(b'[' | b'{') => return Ok(Greeting { server: answer.short_header(&SERVER), latency }),
                Some(_) => break,
                None => looked_at += bytes.len(),
            }
            if looked_at > LOOKED_AT {
                break;
            }
        }
        let kind =
            answer.content_type().map(|kind| format!(" It says that it is {kind}.")).unwrap_or_default();
        Err(Trouble::Lasting(format!("{} is neither an array nor an object in JSON.{kind}", answer.location)))
    };
    let late = || Trouble::passing(format!("It was not answered within {} s.", limit.as_secs()));
    timeout(limit, greet).await.unwrap_or_else(|_| Err(late()))
}
