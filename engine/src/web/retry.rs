//! Fetching a page to the disk: waiting as asked, and trying again what may pass.

use std::path::Path;
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep as _, SharedAsyncSleep};
use hyper::StatusCode;
use shared::base::Timestamp;
use shared::model::data_source::data::Validators;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout_at};

use crate::web::refusal::check;
use crate::web::{Answer, Client, Location, Trouble};

/// How often a page is asked for.
const ATTEMPTS: u32 = 4;

/// A page on the disk.
pub struct Page {
    /// Where it is from, once redirects were followed.
    pub location: Location,
    /// How large it is.
    pub bytes: u64,
    /// What it says that it is.
    pub content_type: Option<String>,
    /// What tells later whether it has changed.
    pub validators: Validators,
    /// The page after it, as its header `Link` says.
    pub next_link: Option<String>,
}

/// How pages are fetched.
pub struct Download<'a> {
    /// When all of them must be there.
    pub deadline: Instant,
    /// The same, for people.
    pub limit: Duration,
    /// The first pause before something is tried again; each further one is twice as long.
    pub pause: Duration,
    /// How to wait.
    pub sleep: &'a SharedAsyncSleep,
    /// The time, as far as a server names one.
    pub now: Timestamp,
}

impl Download<'_> {
    /// Fetches what is at a location into a file, in at most `room` bytes. `None` if that is `known` already.
    pub async fn page(
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
            // A server may name a wait that no clock can add.
            if wait >= self.deadline.saturating_duration_since(Instant::now()) {
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
        check(client, &answer, self.now)?;
        let bytes = save(&mut answer, path, room).await?;
        Ok(Some(Page {
            bytes,
            content_type: answer.content_type(),
            validators: answer.validators(),
            next_link: answer.next_link(),
            location: answer.location,
        }))
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
