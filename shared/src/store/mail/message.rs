//! A message, and how it is written (RFC 5322 and MIME).

use axum::body::Bytes;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;
use uuid::Uuid;

use super::address::Mailbox;

/// A message to one recipient.
#[derive(Clone, Debug)]
pub struct Message {
    /// Whom it is to.
    pub to: Mailbox,
    /// What it is about.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// What it says, as HTML.
    pub html: String,
    /// A file that goes with it.
    pub attachment: Option<Attachment>,
}

/// A file that goes with a message. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// What it is called.
    pub file_name: String,
    /// What kind of file it is: `application/pdf`.
    pub media_type: String,
    /// What is in it. A message may have 40 MB in all, of which a file takes four thirds of its size.
    pub bytes: Bytes,
}

impl Message {
    /// The message as it is sent. Whatever names and subject are, they make no header of their own.
    pub(super) fn to_mime(&self, from: &Mailbox, from_address: &str, to_address: &str) -> Vec<u8> {
        let domain = from_address.rsplit_once('@').map_or(from_address, |(_, domain)| domain);
        let mut message = MessageBuilder::new()
            .message_id(format!("{}@{domain}", Uuid::new_v4()))
            .from(Address::new_address(from.name.as_deref().map(one_line), from_address))
            .to(Address::new_address(self.to.name.as_deref().map(one_line), to_address))
            .subject(one_line(&self.subject))
            // Nobody's "out of office" is wanted in reply (RFC 3834, section 5).
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .text_body(self.text.as_str())
            .html_body(self.html.as_str());
        if let Some(Attachment { file_name, media_type, bytes }) = &self.attachment {
            message = message.attachment(media_type.as_str(), one_line(file_name), bytes.as_ref());
        }
        let mut mime = Vec::new();
        message.serialize(&mut mime);
        mime
    }
}

/// The text with a space in place of each control character, line breaks above all.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Email;

    fn mailbox(name: &str, address: &str) -> Mailbox {
        Mailbox { name: Some(name.to_owned()), address: Email::parse(address).unwrap() }
    }

    fn message(to_name: &str, subject: &str, file_name: &str) -> String {
        let message = Message {
            to: mailbox(to_name, "you@example.com"),
            subject: subject.to_owned(),
            text: "Here it is.\n.\nBcc: nobody@example.com\n".to_owned(),
            html: "<p>Here it is: «größer».</p>".to_owned(),
            attachment: Some(Attachment {
                file_name: file_name.to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: Bytes::from_static(b"%PDF-1.7\r\n\0\xff"),
            }),
        };
        let mime =
            message.to_mime(&mailbox("Reports", "me@example.com"), "me@example.com", "you@example.com");
        String::from_utf8(mime).unwrap()
    }

    /// The names of a part's headers: lines that go on begin with space.
    fn header_names(part: &str) -> Vec<&str> {
        let head = part.split("\r\n\r\n").next().unwrap().lines();
        head.filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect()
    }

    #[test]
    fn a_message_has_plain_text_html_and_a_file() {
        let message = message("Zoë", "Monday report", "report.pdf");
        assert!(message.is_ascii());
        assert!(message.lines().all(|line| line.len() <= 998));
        assert_eq!(
            header_names(&message),
            ["Message-ID", "From", "To", "Subject", "Auto-Submitted", "Date", "MIME-Version", "Content-Type"]
        );
        for part in [
            "From: \"Reports\" <me@example.com>\r\n",
            "Subject: Monday report\r\n",
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "Content-Type: application/pdf",
            "Content-Disposition: attachment; filename=\"report.pdf\"",
            "JVBERi0xLjcNCgD/",
        ] {
            assert!(message.contains(part), "{part} is not in {message}");
        }
        assert!(!message.contains("Zoë") && !message.contains("List-Unsubscribe"));
    }

    #[test]
    fn nothing_that_somebody_wrote_makes_a_header() {
        let evil = "x\r\nBcc: victim@example.com\r\n\r\n<script>\n\"; filename=y\0\u{85}";
        let message = message(evil, evil, evil);
        let expected =
            ["Message-ID", "From", "To", "Subject", "Auto-Submitted", "Date", "MIME-Version", "Content-Type"];
        assert_eq!(header_names(&message), expected);
        let file = message.split("\r\n--").find(|part| part.contains("application/pdf")).unwrap();
        let (_, file) = file.split_once("\r\n").unwrap();
        let mut names = header_names(file);
        names.sort_unstable();
        assert_eq!(names, ["Content-Disposition", "Content-Transfer-Encoding", "Content-Type"]);
        assert!(!message.lines().any(|line| line.starts_with("Bcc: victim")), "{message}");
    }
}
