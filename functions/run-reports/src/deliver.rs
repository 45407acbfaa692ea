//! Mailing a run's file to its recipients.
//!
//! What became of each mail is written down before the next one is sent. One that fails fails alone; one that may help to be tried
//! again is, with the next attempt at the run.

use std::path::Path;

use shared::App;
use shared::base::UserId;
use shared::model::report::run::{Delivery, DeliveryStatus, File};
use shared::model::user::{Status, User};
use shared::model::{Report, Run};
use shared::store::mail::{Attachment, MailError};
use shared::store::{Mail, users};

use crate::error::JobError;
use crate::mail::message;
use crate::outside::Outside;
use crate::publish;
use crate::work::Work;

/// The largest file that goes with a mail, in bytes. Many servers take no more.
const MAX_ATTACHED_BYTES: u64 = 5_000_000;

/// Mails the run's file to whoever has not got it. `path` is where the file is on this machine, if it is.
pub(crate) async fn deliver(
    app: &App,
    outside: &Outside,
    work: &Work,
    path: Option<&Path>,
) -> Result<(), JobError> {
    let Some(file) = &work.run.file else { return Ok(()) };
    let attached = attached(app, file, path).await?;
    let mut later = None;
    for user in work.run.undelivered() {
        let (status, reason) = match send(app, outside, work, file, attached.as_ref(), user).await? {
            Sent::Yes => (DeliveryStatus::Sent, None),
            Sent::No(reason) => (DeliveryStatus::Failed, Some(reason)),
            Sent::Later(reason) => {
                later = Some(reason);
                continue;
            }
        };
        let delivery = Delivery { user, status, reason };
        let noted = publish::modify(app, work, |run| {
            let mut run = run.clone();
            run.deliveries.push(delivery.clone());
            Ok((run, Vec::new()))
        });
        if noted.await?.is_none() {
            // It is another attempt's now.
            return Ok(());
        }
    }
    match later {
        Some(reason) => Err(JobError::Mail(reason)),
        None => publish::modify(app, work, |run| Ok((Run { attempt: None, ..run.clone() }, Vec::new())))
            .await
            .map(|_| ()),
    }
}

/// The file, where it is small enough to go with the mail.
async fn attached(app: &App, file: &File, path: Option<&Path>) -> Result<Option<Attachment>, JobError> {
    if file.size_bytes > MAX_ATTACHED_BYTES {
        return Ok(None);
    }
    let bytes = match path {
        Some(path) => Some(tokio::fs::read(path).await?),
        None => app.files.get(&file.key).await?,
    };
    Ok(bytes.map(|bytes| Attachment {
        file_name: file.name.clone(),
        media_type: file.media_type.clone(),
        bytes: bytes.into(),
    }))
}

enum Sent {
    Yes,
    /// It was not, and will not be, for this reason.
    No(String),
    /// It was not, but may be later.
    Later(String),
}

async fn send(
    app: &App,
    outside: &Outside,
    work: &Work,
    file: &File,
    attachment: Option<&Attachment>,
    user: UserId,
) -> Result<Sent, JobError> {
    let Some(mail) = &outside.mail else {
        return Ok(Sent::No("No address to send mail from is set for this deployment.".to_owned()));
    };
    match users::find(&app.store, work.organization, user).await? {
        None => Ok(Sent::No("The user is not there any more.".to_owned())),
        Some(user) if user.status != Status::Active => Ok(Sent::No("The user is deactivated.".to_owned())),
        Some(user) => Ok(send_to(app, mail, &work.report, &work.run, file, attachment, &user).await),
    }
}

async fn send_to(
    app: &App,
    mail: &Mail,
    report: &Report,
    run: &Run,
    file: &File,
    attachment: Option<&Attachment>,
    user: &User,
) -> Sent {
    let base = app.config.public_base_url.as_deref();
    match mail.send(&message(report, run, file, base, user, attachment.cloned())).await {
        Ok(()) => Sent::Yes,
        Err(error) if error.is_transient() => Sent::Later(error.to_string()),
        Err(error) => {
            // Services repeat the address; the log has none.
            let cause = error.to_string().replace(&user.email.to_string(), "the recipient");
            tracing::warn!(user = u64::from(user.id), cause, "a report was not mailed");
            Sent::No(
                match error {
                    MailError::Refused(_) => "The mail service refuses this recipient.",
                    MailError::NotAllowed(_) => "The mail service does not let this deployment send mail.",
                    MailError::Unavailable(_) | MailError::Unconfirmed(_) => {
                        "The mail service did not answer: the mail may have been sent."
                    }
                }
                .to_owned(),
            )
        }
    }
}
