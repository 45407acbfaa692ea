//! An answer, as it comes.

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, LAST_MODIFIED, LINK};
use hyper::http::response::Parts;
use hyper::{Response, StatusCode};
use shared::model::data_source::data::Validators;
use tokio::time::timeout;

use crate::web::{Location, Patience, Trouble};

/// How much of a header is shown or kept, in characters.
const MAX_HEADER: usize = 200;

/// An answer whose head has come.
pub struct Answer {
    /// Where it is from, once redirects were followed.
    pub location: Location,
    head: Parts,
    body: Incoming,
    patience: Patience,
}

impl Answer {
    pub(super) fn new(location: Location, response: Response<Incoming>, patience: Patience) -> Self {
        let (head, body) = response.into_parts();
        Self { location, head, body, patience }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// A header that is text, and not too long to be kept.
    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    pub(super) fn short_header(&self, name: &HeaderName) -> Option<String> {
        self.header(name).filter(|value| value.len() <= MAX_HEADER).map(str::to_owned)
    }

    /// What tells later whether it has changed.
    pub fn validators(&self) -> Validators {
        Validators { etag: self.short_header(&ETAG), last_modified: self.short_header(&LAST_MODIFIED) }
    }

    /// What it says that it is.
    pub fn content_type(&self) -> Option<String> {
        self.short_header(&CONTENT_TYPE)
    }

    /// How it is compressed, if it is.
    pub fn encoding(&self) -> Option<String> {
        self.short_header(&CONTENT_ENCODING).filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    }

    /// How long it says that it is.
    pub fn length(&self) -> Option<u64> {
        self.header(&CONTENT_LENGTH)?.parse().ok()
    }

    /// The URL of the next page, as the header `Link` says ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).
    pub fn next_link(&self) -> Option<String> {
        let values = self.head.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(links).find(|(_, parameters)| is_next(parameters)).map(|(url, _)| url.to_owned())
    }

    /// The next bytes of the body; `None` at its end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Trouble> {
        loop {
            let frame = timeout(self.patience.more, self.body.frame()).await;
            match frame {
                Err(_) => {
                    let seconds = self.patience.more.as_secs();
                    return Err(self.passing(&format!("stopped answering: nothing came for {seconds} s")));
                }
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(self.passing("ended its answer before it was complete")),
                Ok(Some(Ok(frame))) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
            }
        }
    }

    fn passing(&self, what: &str) -> Trouble {
        Trouble::passing(format!("{} {what}.", self.location))
    }
}

/// The links of a header's value, each with its parameters.
fn links(value: &str) -> impl Iterator<Item = (&str, &str)> {
    // A URL in it may have commas and semicolons, but no `<`.
    value.split('<').skip(1).filter_map(|link| link.split_once('>'))
}

fn is_next(parameters: &str) -> bool {
    parameters.split(';').any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else { return false };
        let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel")
            && value.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_the_link_that_says_so() {
        let next = |value| links(value).find(|(_, parameters)| is_next(parameters)).map(|(url, _)| url);
        for (value, expected) in [
            (
                r#"<https://a.example/?page=2>; rel="next", <https://a.example/?page=9>; rel="last""#,
                Some("https://a.example/?page=2"),
            ),
            (r#"<?page=1>; rel="prev first", <?a=1,2;b=3>; title="x"; rel="up next""#, Some("?a=1,2;b=3")),
            ("<x>; REL=next", Some("x")),
            (r#"<x>; rel="nextish""#, None),
            (r#"<x>; title="rel=next""#, None),
            ("x; rel=next", None),
            ("<x", None),
            ("", None),
        ] {
            assert_eq!(next(value), expected, "{value}");
        }
    }
}
