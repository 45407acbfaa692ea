//! Fetching a page to the disk: waiting as asked, and trying again what may pass.

use std::path::Path;
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep as _, SharedAsyncSleep};
use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use jiff::fmt::rfc2822;
use shared::base::Timestamp;
use shared::model::data_source::data::Validators;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout_at};

use crate::web::{Answer, Client, Location, Trouble};

/// How often a page is asked for.
const ATTEMPTS: u32 = 4;

/// A page on the disk.
pub(crate) struct Page {
    /// Where it is from, once redirects were followed.
    pub(crate) location: Location,
    /// How large it is.
    pub(crate) bytes: u64,
    /// What it says that it is.
    pub(crate) content_type: Option<String>,
    /// What tells later whether it has changed.
    pub(crate) validators: Validators,
    /// The page after it, as its header `Link` says.
    pub(crate) next_link: Option<String>,
}

/// How pages are fetched.
pub(crate) struct Download<'a> {
    /// When all of them must be there.
    pub(crate) deadline: Instant,
    /// The same, for people.
    pub(crate) limit: Duration,
    /// The first pause before something is tried again; each further one is twice as long.
    pub(crate) pause: Duration,
    /// How to wait.
    pub(crate) sleep: &'a SharedAsyncSleep,
    /// The time, as far as a server names one.
    pub(crate) now: Timestamp,
}

impl Download<'_> {
    /// Fetches what is at a location into a file, in at most `room` bytes. `None` if that is `known` already.
    pub(crate) async fn page(
        &self,
        client: &mut Client<'_>,
        location: &Location,
        known: Option<&Validators>,
        path: &Path,
        room: u64,
    ) -> Result<Option<Page>, Trouble> {
        let mut pause = self.pause;
        for attempt in 1.. {
            let fetched = timeout_at(self.deadline, self.attempt(client, location, known, path, room)).await;
            let (reason, after) = match fetched {
                Ok(Err(Trouble::Passing { reason, after })) => (reason, after),
                Ok(done) => return done,
                Err(_) => return Err(self.late(location)),
            };
            if attempt == ATTEMPTS {
                return Err(Trouble::Lasting(format!("{reason} It was tried {ATTEMPTS} times.")));
            }
            let wait = after.unwrap_or(pause);
            if Instant::now() + wait >= self.deadline {
                let (wait, limit) = (wait.as_secs(), self.limit.as_secs());
                let what = format!(
                    "{reason} To try again in {wait} s would be too late: all must be fetched within {limit} s."
                );
                return Err(Trouble::Lasting(what));
            }
            self.sleep.sleep(wait).await;
            pause *= 2;
        }
        unreachable!("the last attempt returns")
    }

    fn late(&self, location: &Location) -> Trouble {
        let limit = self.limit.as_secs();
        Trouble::Lasting(format!(
            "All must be fetched within {limit} s, and then {location} was still being fetched."
        ))
    }

    async fn attempt(
        &self,
        client: &mut Client<'_>,
        location: &Location,
        known: Option<&Validators>,
        path: &Path,
        room: u64,
    ) -> Result<Option<Page>, Trouble> {
        let mut answer = client.get(location, known).await?;
        if answer.status() == StatusCode::NOT_MODIFIED && known.is_some() {
            return Ok(None);
        }
        self.check_status(&answer, client)?;
        if let Some(encoding) = answer.encoding() {
            let what =
                format!("{} is compressed ({encoding}), although that was not asked for.", answer.location);
            return Err(Trouble::Lasting(what));
        }
        let bytes = save(&mut answer, path, room).await?;
        Ok(Some(Page {
            bytes,
            content_type: answer.content_type(),
            validators: answer.validators(),
            next_link: answer.next_link(),
            location: answer.location,
        }))
    }

    fn check_status(&self, answer: &Answer, client: &Client<'_>) -> Result<(), Trouble> {
        let (status, location) = (answer.status(), &answer.location);
        let what = match status {
            status if status.is_success() => return Ok(()),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if client.has_token_for(location) => {
                "the token is not accepted, or may not read this"
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "no token was sent, as none is set for this host"
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => "there is nothing at this URL",
            StatusCode::TOO_MANY_REQUESTS => "there were too many requests",
            status if status.is_server_error() => "it has an error of its own",
            status if status.is_redirection() => "it redirects to nowhere",
            _ => "it does not take the request",
        };
        let reason = format!("{location} answered {}: {what}.", status.as_u16());
        let may_pass = status.is_server_error()
            || matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY
            );
        if may_pass {
            let after = answer.header(&RETRY_AFTER).and_then(|text| wait(text, self.now));
            Err(Trouble::Passing { reason, after })
        } else {
            Err(Trouble::Lasting(reason))
        }
    }
}

/// Writes the body to a file. How large it is.
async fn save(answer: &mut Answer, path: &Path, room: u64) -> Result<u64, Trouble> {
    if answer.length().is_some_and(|length| length > room) {
        return Err(Trouble::TooLarge);
    }
    let mut file = File::create(path).await?;
    let mut size = 0;
    while let Some(bytes) = answer.next().await? {
        size += bytes.len() as u64;
        if size > room {
            return Err(Trouble::TooLarge);
        }
        file.write_all(&bytes).await?;
    }
    file.flush().await?;
    Ok(size)
}

/// How long to wait, as [`Retry-After`](https://www.rfc-editor.org/rfc/rfc9110#name-retry-after) says it: seconds, or a time.
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::parse(text).ok()?.timestamp().as_second();
    Some(Duration::from_secs(u64::try_from(at - now.as_second()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_time() {
        let now: Timestamp = "2027-01-15T08:00:00Z".parse().unwrap();
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Fri, 15 Jan 2027 08:01:30 GMT", Some(90)),
            ("Fri, 15 Jan 2027 07:00:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(wait(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
