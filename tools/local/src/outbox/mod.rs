//! An embedded SES: what is sent is a file in the outbox, or in memory, and goes no further.

mod endpoint;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use shared::base::Clock;

pub use self::endpoint::{Ses, router};
use crate::data_dir::{make_private_folder, replace_private};

/// Whom mail is from.
pub const FROM: &str = "claribi <reports@example.com>";

/// What is sent to an address of this domain is refused, for tests of that.
pub const REFUSED_DOMAIN: &str = "bounce.example";

/// Mail that was sent. Its clones are the same.
#[derive(Clone, Debug)]
pub struct Outbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: Option<PathBuf>,
    clock: Clock,
    /// Where there is no folder.
    sent: Mutex<Vec<Sent>>,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Whom to.
    pub recipients: Vec<String>,
    /// The whole message, headers first.
    pub message: String,
}

impl Outbox {
    /// Opens the folder, or makes it; or keeps mail in memory. The clock says when messages were sent.
    pub fn open(folder: Option<PathBuf>, clock: Clock) -> io::Result<Self> {
        if let Some(folder) = &folder {
            make_private_folder(folder)?;
        }
        Ok(Self(Arc::new(Inner { folder, clock, sent: Mutex::default() })))
    }

    /// The messages that were sent, in order, where they are kept in memory.
    pub fn sent(&self) -> Vec<Sent> {
        self.0.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, recipients: Vec<String>, message: &[u8]) -> io::Result<()> {
        let Some(folder) = &self.0.folder else {
            let message = String::from_utf8_lossy(message).into_owned();
            self.0.sent.lock().unwrap_or_else(PoisonError::into_inner).push(Sent { recipients, message });
            return Ok(());
        };
        let time = self.0.clock.now().to_string().replace(['-', ':'], "");
        let recipient = safe(recipients.first().map_or("nobody", String::as_str));
        let name = |number: u32| match number {
            1 => format!("{time}-{recipient}.eml"),
            _ => format!("{time}-{recipient}-{number}.eml"),
        };
        let mut paths = (1..=u32::MAX).map(|number| folder.join(name(number)));
        let path = paths.find(|path| !path.exists());
        replace_private(&path.ok_or(io::ErrorKind::AlreadyExists)?, message)
    }
}

/// How much of an address is in a file's name.
const MAX_NAME: usize = 100;

/// The address with `_` in place of what could mean something in a file's name. It follows a time, so it may begin with a dot.
fn safe(address: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "@-+.".contains(c);
    address.chars().take(MAX_NAME).map(|c| if is_safe(c) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests;
