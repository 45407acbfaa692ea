//! Mail as the job that does reports sends it: what is tried again is sent once, and what went wrong is told apart.

use std::time::Duration;

use shared::base::Email;
use shared::store::mail::{Attachment, MailError, Mailbox, Message};
use tests::{ServiceFault, TestApp};
use tokio::time::Instant;

fn message(to: &str) -> Message {
    Message {
        to: Mailbox { name: Some("Zoë Müller".to_owned()), address: Email::parse(to).unwrap() },
        subject: "Umsätze\r\nBcc: victim@example.com".to_owned(),
        text: "Here it is.".to_owned(),
        html: "<p>Here it is.</p>".to_owned(),
        attachment: Some(Attachment {
            file_name: "Umsätze.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: vec![7; 5 << 20].into(),
        }),
    }
}

/// What became of a message, and how often it was sent.
async fn send(app: &TestApp, to: &str) -> (Result<(), MailError>, usize) {
    app.ses.take_calls();
    let (_, mail) = app.of_reports();
    let result = mail.send(&message(to)).await;
    (result, app.ses.take_calls().len())
}

#[tokio::test]
async fn a_message_goes_to_its_recipient_and_nobody_else() {
    let app = TestApp::start().await;
    assert!(matches!(send(&app, "you@bücher.example").await, (Ok(()), 1)));
    let sent = app.outbox().sent();
    assert_eq!(sent[0].recipients, ["you@xn--bcher-kva.example"]);
    let (head, _) = sent[0].message.split_once("\r\n\r\n").unwrap();
    assert!(head.is_ascii());
    assert!(head.contains("From: \"claribi\" <reports@example.com>"), "{head}");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert_eq!(sent.len(), 1);
}

#[tokio::test]
async fn a_recipient_who_is_refused_fails_no_other() {
    let app = TestApp::start().await;
    for to in ["you@bounce.example", "a,b@example.com", "ä@example.com"] {
        let (result, _) = send(&app, to).await;
        assert!(matches!(result, Err(MailError::Refused(_))), "{to}: {result:?}");
    }
    assert!(send(&app, "you@example.com").await.0.is_ok());
    assert_eq!(app.outbox().sent().len(), 1);
}

#[tokio::test]
async fn what_is_throttled_is_sent_once_when_its_turn_comes() {
    let app = TestApp::start().await;
    tokio::time::pause();
    for throttled in 1..=3 {
        let mut calls = 0;
        app.ses.fail(move |_| {
            calls += 1;
            (calls <= throttled).then_some(ServiceFault::Refused(429, "TooManyRequestsException"))
        });
        let (result, calls) = send(&app, "you@example.com").await;
        assert!(result.is_ok() && calls == throttled + 1, "{throttled}: {result:?}, {calls}");
        assert_eq!(app.outbox().sent().len(), throttled);
    }
    app.ses.fail(|_| Some(ServiceFault::Refused(429, "TooManyRequestsException")));
    let (result, calls) = send(&app, "you@example.com").await;
    assert!(result.is_err_and(|error| error.is_transient()) && calls == 4);
}

#[tokio::test]
async fn what_may_have_been_sent_is_not_sent_again() {
    let app = TestApp::start().await;
    tokio::time::pause();
    for fault in
        [ServiceFault::LostAnswer, ServiceFault::Truncated, ServiceFault::Hang, ServiceFault::Unavailable]
    {
        app.ses.fail(move |_| Some(fault));
        let started = Instant::now();
        let (result, calls) = send(&app, "you@example.com").await;
        assert_eq!(calls, 1, "{fault:?}");
        let error = result.unwrap_err();
        match fault {
            ServiceFault::Hang | ServiceFault::Truncated => {
                assert!(matches!(error, MailError::Unconfirmed(_)), "{fault:?}: {error:?}");
            }
            _ => assert!(error.is_transient(), "{fault:?}: {error:?}"),
        }
        assert!(started.elapsed() <= Duration::from_secs(31), "{fault:?}");
    }
}

#[tokio::test]
async fn an_account_that_may_not_send_is_told_from_a_recipient_who_is_refused() {
    let app = TestApp::start().await;
    for (status, name) in [
        (400, "SendingPausedException"),
        (400, "AccountSuspendedException"),
        (400, "MailFromDomainNotVerifiedException"),
        (403, "AccessDeniedException"),
        (404, "NotFoundException"),
    ] {
        app.ses.fail(move |_| Some(ServiceFault::Refused(status, name)));
        let (result, calls) = send(&app, "you@example.com").await;
        assert!(matches!(result, Err(MailError::NotAllowed(_))), "{name}: {result:?}");
        assert_eq!(calls, 1);
    }
    for name in ["MessageRejected", "BadRequestException"] {
        app.ses.fail(move |_| Some(ServiceFault::Refused(400, name)));
        let (result, _) = send(&app, "you@example.com").await;
        assert!(matches!(result, Err(MailError::Refused(_))), "{name}: {result:?}");
    }
}
