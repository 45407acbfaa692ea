//! Notifications of new objects, as S3 sends them.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use shared::base::Timestamp;
use uuid::Uuid;

use super::BUCKET;

/// The keys that are watched begin with this.
const WATCHED: &str = "uploads/";

/// How an object was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// By one request.
    Put,
    /// From parts.
    CompleteMultipartUpload,
}

/// An object that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCreated {
    /// The bucket that it is in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// How large it is, in bytes.
    pub size: u64,
    /// The digest that S3 tells it by, where the answer's head says it.
    pub e_tag: Option<String>,
    /// How it was made.
    pub operation: Operation,
}

impl ObjectCreated {
    /// The notification: [its structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
    pub fn to_event(&self, region: &str, now: Timestamp) -> Value {
        let request_id = Uuid::new_v4().simple().to_string();
        let name = match self.operation {
            Operation::Put => "ObjectCreated:Put",
            Operation::CompleteMultipartUpload => "ObjectCreated:CompleteMultipartUpload",
        };
        let mut object = json!({
            "key": encode_key(&self.key),
            "size": self.size,
            "sequencer": format!("{:018X}", now.as_second()),
        });
        if let Some(e_tag) = &self.e_tag {
            object["eTag"] = e_tag.as_str().into();
        }
        json!({ "Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": region,
            "eventTime": now,
            "eventName": name,
            "userIdentity": { "principalId": "local" },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" },
            "responseElements": { "x-amz-request-id": request_id, "x-amz-id-2": request_id },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "uploads",
                "bucket": {
                    "name": self.bucket,
                    "ownerIdentity": { "principalId": "local" },
                    "arn": format!("arn:aws:s3:::{}", self.bucket),
                },
                "object": object,
            },
        }] })
    }
}

/// A key as notifications have it: encoded as in a form, but for its slashes.
fn encode_key(key: &str) -> String {
    let parts: Vec<String> =
        key.split('/').map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect()).collect();
    parts.join("/")
}

/// Who is told of new objects.
type Created = Box<dyn Fn(ObjectCreated) -> io::Result<()> + Send + Sync>;

/// Whom to tell, and what of.
pub(super) struct Watch {
    /// Where the bucket's objects are.
    folder: PathBuf,
    created: Created,
}

impl Watch {
    pub(super) fn new(folder: PathBuf, created: Created) -> Self {
        Self { folder, created }
    }

    async fn tell(&self, key: String, operation: Operation, answer: &HeaderMap) -> io::Result<()> {
        let size = tokio::fs::metadata(self.folder.join(&key)).await?.len();
        let e_tag = answer.get(ETAG).and_then(|tag| Some(tag.to_str().ok()?.trim_matches('"').to_owned()));
        (self.created)(ObjectCreated { bucket: BUCKET.to_owned(), key, size, e_tag, operation })
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Tells of each object that was made below `uploads/`, before the answer is out.
pub(super) async fn announce(State(watch): State<Arc<Watch>>, request: Request, next: Next) -> Response {
    let created = created_by(request.method(), request.uri());
    let response = next.run(request).await;
    let Some((key, operation)) = created.filter(|_| response.status() == StatusCode::OK) else {
        return response;
    };
    match watch.tell(key, operation, response.headers()).await {
        Ok(()) => response,
        Err(error) => {
            eprintln!("a new object was not announced: {error}");
            let body = "<Error><Code>InternalError</Code><Message>Try again.</Message></Error>";
            (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, "application/xml")], body).into_response()
        }
    }
}

/// The key of the watched object that the request makes, if it does, and how.
fn created_by(method: &Method, uri: &Uri) -> Option<(String, Operation)> {
    let query: Vec<_> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect();
    let operation = match *method {
        // Other parameters make it another operation: a part of an upload, tags, …
        Method::PUT if query.iter().all(|(name, _)| name.starts_with("X-Amz-") || name == "x-id") => {
            Operation::Put
        }
        Method::POST if query.iter().any(|(name, _)| name == "uploadId") => {
            Operation::CompleteMultipartUpload
        }
        _ => return None,
    };
    let path = percent_decode_str(uri.path()).decode_utf8().ok()?;
    let key = path.strip_prefix('/')?.strip_prefix(BUCKET)?.strip_prefix('/')?;
    (key.starts_with(WATCHED) && !key.ends_with('/')).then(|| (key.to_owned(), operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_encoded_as_s3_does() {
        assert_eq!(encode_key("uploads/1/a b+ü.csv"), "uploads/1/a+b%2B%C3%BC.csv");
    }

    #[test]
    fn only_what_makes_a_whole_object_below_uploads_is_told() {
        let made = |method: Method, uri: &'static str| created_by(&method, &Uri::from_static(uri));
        let a = || "uploads/1/a b".to_owned();
        assert_eq!(
            made(Method::PUT, "/claribi-files/uploads/1/a%20b?x-id=PutObject"),
            Some((a(), Operation::Put))
        );
        assert_eq!(
            made(Method::PUT, "/claribi-files/uploads%2F1/a%20b?X-Amz-Date=1"),
            Some((a(), Operation::Put))
        );
        assert_eq!(
            made(Method::POST, "/claribi-files/uploads/1/a%20b?uploadId=1"),
            Some((a(), Operation::CompleteMultipartUpload))
        );
        assert_eq!(made(Method::PUT, "/claribi-files/uploads/1/a?partNumber=1&uploadId=1"), None);
        assert_eq!(made(Method::POST, "/claribi-files/uploads/1/a?uploads"), None);
        assert_eq!(made(Method::PUT, "/claribi-files/data/1/a"), None);
        assert_eq!(made(Method::PUT, "/another/uploads/1/a"), None);
        assert_eq!(made(Method::GET, "/claribi-files/uploads/1/a"), None);
    }
}
