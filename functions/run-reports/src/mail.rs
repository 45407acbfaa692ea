//! What the mail with a report says.

use shared::model::report::run::File;
use shared::model::user::User;
use shared::model::{Report, Run};
use shared::store::mail::{Attachment, Mailbox, Message};

/// The mail to a user: with the file, or with where it is.
pub(crate) fn message(
    report: &Report,
    run: &Run,
    file: &File,
    base_url: Option<&str>,
    user: &User,
    attachment: Option<Attachment>,
) -> Message {
    let name = report.name.as_str();
    let description = report.description.as_str();
    let url = format!("{}/api/reports/{}/runs/{}/", base_url.unwrap_or_default(), report.id, run.id);
    let note = match (&attachment, file.size_bytes / 100_000) {
        (Some(_), _) => format!("{} is attached.", file.name),
        (None, tenths) => format!(
            "{} has {}.{} MB, which is too large for a mail. Whoever signs in can download it: {url}download/",
            file.name,
            tenths / 10,
            tenths % 10
        ),
    };
    let missing = run.reason.as_ref().map(|reason| format!("Not all of it could be drawn: {reason}"));
    let lines: Vec<&str> = [Some(description), Some(&note), missing.as_deref()]
        .into_iter()
        .flatten()
        .filter(|line| !line.is_empty())
        .collect();
    let origin = format!("You get this because you are a recipient of report {}.", report.id);
    let text = format!("{name}\n\n{}\n\n-- \n{origin}\n{url}\n", lines.join("\n\n"));
    let paragraphs: Vec<_> = lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
    let paragraphs = paragraphs.concat();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<body style=\"font-family: sans-serif\">\n<h1>{}</h1>\n{paragraphs}\
         <p style=\"color: #666\">{origin}<br>{}</p>\n</body>\n</html>\n",
        escaped(name),
        escaped(&url),
    );
    let to = format!("{} {}", user.first_name, user.last_name).trim().to_owned();
    Message {
        to: Mailbox { name: (!to.is_empty()).then_some(to), address: user.email.clone() },
        subject: name.to_owned(),
        text,
        html,
        attachment,
    }
}

/// A text within HTML: what it has of markup is shown. Lines stay lines.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, character| {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\n' => html.push_str("<br>"),
            other => html.push(other),
        }
        html
    })
}
