//! Replies, and what holds for every one of them.

use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;
use shared::base::Code;

/// A reply, read whole.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; null if empty or neither JSON nor text, a string if it is a text.
    pub body: Value,
    /// The body as it came.
    pub bytes: axum::body::Bytes,
    headers: axum::http::HeaderMap,
}

impl Reply {
    /// Reads a response, and checks what the contract says of all.
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = match &*bytes {
            [] => Value::Null,
            bytes => match parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
                Some(text) if text.starts_with("text/") => String::from_utf8_lossy(bytes).into(),
                Some("image/svg+xml") => String::from_utf8_lossy(bytes).into(),
                Some("application/vnd.apache.arrow.stream" | "image/png") => Value::Null,
                _ => serde_json::from_slice(bytes).expect("a JSON body"),
            },
        };
        let reply = Self { status: parts.status.as_u16(), body, bytes, headers: parts.headers };
        reply.check();
        reply
    }

    fn check(&self) {
        assert!(self.header("x-request-id").is_some(), "no X-Request-Id: {self:?}");
        if self.body.is_object() {
            assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        }
        if self.status >= 400 && !self.body.is_null() {
            let code = Code::ALL.iter().find(|code| code.as_str() == self.text("error"));
            let code = code.unwrap_or_else(|| panic!("an unknown code: {self:?}"));
            assert_eq!(code.status(), self.status, "{self:?}");
            assert_eq!(code.message(), self.text("message"), "{self:?}");
            assert!(!self.text("detail").is_empty(), "{self:?}");
            assert_eq!(self.body.get("fields").is_some(), *code == Code::ValidationError, "{self:?}");
            assert_eq!(self.header("www-authenticate").is_some(), self.status == 401, "{self:?}");
            let waits = matches!(self.status, 429 | 503);
            assert_eq!(self.header("retry-after").is_some(), waits, "{self:?}");
        }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("an ASCII header"))
    }

    /// A text member of the body.
    pub fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {self:?}")).to_owned()
    }

    /// The ID of what was made or read.
    pub fn id(&self) -> u64 {
        self.body["id"].as_u64().unwrap_or_else(|| panic!("no id: {self:?}"))
    }

    /// The IDs of a page's results.
    pub fn ids(&self) -> Vec<u64> {
        let results = self.body["results"].as_array();
        let results = results.unwrap_or_else(|| panic!("no results: {self:?}"));
        results.iter().map(|row| row["id"].as_u64().expect("an ID")).collect()
    }

    /// The error's code.
    pub fn error(&self) -> String {
        self.text("error")
    }

    /// The reasons that a field was refused for.
    pub fn reasons(&self, field: &str) -> String {
        let reasons = self.body["fields"][field].as_array();
        let reasons = reasons.unwrap_or_else(|| panic!("{field} was not refused: {self:?}"));
        reasons.iter().map(|reason| reason.as_str().expect("a reason")).collect::<Vec<_>>().join(" ")
    }
}
