//! The formats of results: JSON, CSV and Arrow, as `Accept` asks for.

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::{Answer, Question};
use shared::http::Input;
use shared::http::etag::{IfNoneMatch, REVALIDATE};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::answers::{self, Answered};
use crate::running::{Again, running};

/// The format that a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
    Arrow,
}

impl Format {
    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }

    /// The first that a header of `Accept` names, whatever its weights; JSON if it names none. Arrow must come before all else.
    fn of(accept: &str) -> Self {
        let named = accept.split(',').enumerate().filter_map(|(place, range)| {
            let media_type = range.split(';').next().unwrap_or_default().trim();
            let format = [Self::Json, Self::Csv, Self::Arrow]
                .into_iter()
                .find(|format| media_type.eq_ignore_ascii_case(format.media_type()))?;
            (format != Self::Arrow || place == 0).then_some(format)
        });
        named.into_iter().next().unwrap_or(Self::Json)
    }

    /// The tag of an answer in this format. `version` names the answer.
    pub(crate) fn tag(self, version: &str) -> String {
        let form = match self {
            Self::Json => "",
            Self::Csv => "-csv",
            Self::Arrow => "-arrow",
        };
        format!("{version}{form}")
    }
}

impl Input for Format {}

/// Rows as [Arrow's streaming format](https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format), in one batch.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(crate) struct ArrowStream(#[expect(dead_code, reason = "only its description is used")] Vec<u8>);

impl<S: Send + Sync> FromRequestParts<S> for Format {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let accept = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        Ok(accept.map_or(Self::Json, Self::of))
    }
}

/// Says of rows that are no JSON, which has it among the rest, that there are more.
const TRUNCATED: HeaderName = HeaderName::from_static("x-truncated");

/// The answer to one query, unless the client has it: then nothing is computed, and where it is live, nothing that is kept.
pub(crate) async fn respond(
    app: &App,
    question: &Question,
    path: &str,
    format: Format,
    known: &IfNoneMatch,
    again: &Again<'_>,
) -> Result<Response, Error> {
    let tag = format.tag(&question.digest);
    if !question.is_live() && known.has(&tag) {
        return not_modified(&tag);
    }
    let (answer, cached) = match answers::answer(app, question, path).await? {
        Answered::Done(answer, cached) => (answer, cached),
        Answered::Running(id) => return running(&id, again),
    };
    let tag = format.tag(&question.version(&answer));
    if known.has(&tag) {
        return not_modified(&tag);
    }
    let mut headers = tagged(&tag)?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if format != Format::Json {
        headers.insert(TRUNCATED, HeaderValue::from_static(if answer.truncated { "true" } else { "false" }));
    }
    Ok((headers, body(question, &answer, cached, format)?).into_response())
}

fn body(question: &Question, answer: &Answer, cached: bool, format: Format) -> Result<Vec<u8>, Error> {
    match format {
        Format::Json => {
            serde_json::to_vec(&answers::result(question, answer, cached)).map_err(Error::internal)
        }
        Format::Csv => csv(question, answer),
        Format::Arrow => answer.to_arrow().map_err(Error::internal),
    }
}

fn csv(question: &Question, answer: &Answer) -> Result<Vec<u8>, Error> {
    let mut csv = Vec::new();
    let data = answers::data(question, answer);
    // What programs read is as it is: nothing is quoted against spreadsheets.
    picture::csv::write(&data, picture::csv::Options::default(), &mut csv).map_err(Error::internal)?;
    Ok(csv)
}

/// The answer to a client that has what is tagged so.
pub(crate) fn not_modified(tag: &str) -> Result<Response, Error> {
    Ok((StatusCode::NOT_MODIFIED, tagged(tag)?).into_response())
}

/// The headers of what may be asked again with `If-None-Match`.
pub(crate) fn tagged(tag: &str) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, HeaderValue::try_from(format!("\"{tag}\"")).map_err(Error::internal)?);
    headers.insert(CACHE_CONTROL, REVALIDATE);
    headers.insert(VARY, HeaderValue::from_static("accept"));
    Ok(headers)
}
