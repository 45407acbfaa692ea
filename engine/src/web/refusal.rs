//! What an answer says that is none of what was asked for.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use jiff::fmt::rfc2822;
use shared::base::Timestamp;

use crate::web::{Answer, Client, Trouble};

/// Refuses an answer that is not what was asked for. `now` is the time, as far as a server names one.
pub(super) fn check(client: &Client<'_>, answer: &Answer, now: Timestamp) -> Result<(), Trouble> {
    let (status, location) = (answer.status(), &answer.location);
    let what = match status {
        status if status.is_success() => return check_encoding(answer),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if client.has_token_for(location) => {
            "the token is not accepted, or may not read this"
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "no token was sent, as none is set for this host",
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
        let after = answer.header(&RETRY_AFTER).and_then(|text| wait(text, now));
        Err(Trouble::Passing { reason, after })
    } else {
        Err(Trouble::Lasting(reason))
    }
}

fn check_encoding(answer: &Answer) -> Result<(), Trouble> {
    let Some(encoding) = answer.encoding() else { return Ok(()) };
    let what = format!("{} is compressed ({encoding}), although that was not asked for.", answer.location);
    Err(Trouble::Lasting(what))
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
