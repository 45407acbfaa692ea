//! What the embedded S3 does and refuses, through the SDK.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use axum::body::Bytes;
use axum::http::Request;
use shared::store::aws;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::http_client::{Answer, HttpClient};

struct Bucket {
    files: Files,
    client: Client,
    created: Receiver<ObjectCreated>,
}

fn start(folder: Option<&Path>) -> Bucket {
    let (sender, created) = channel();
    let sender = Mutex::new(sender);
    let tell = move |object| sender.lock().expect("no panic").send(object).map_err(io::Error::other);
    Bucket::of(Files::start(folder, tell).expect("it starts"), created)
}

impl Bucket {
    fn of(files: Files, created: Receiver<ObjectCreated>) -> Self {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"))
            .http_client(aws::http_client().expect("a client"))
            .endpoint_url(format!("http://{}", files.address()))
            .force_path_style(true)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .build();
        Self { files, client: Client::from_conf(config), created }
    }

    async fn put(&self, key: &str, content: &'static [u8]) {
        let put = self.client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(content));
        put.send().await.expect("it is put");
    }

    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let object = self.client.get_object().bucket(BUCKET).key(key).send().await;
        Some(object.ok()?.body.collect().await.expect("a body").to_vec())
    }

    /// A link to put an object of that size.
    async fn link(&self, key: &str, size: i64) -> PresignedRequest {
        let lifetime = PresigningConfig::expires_in(Duration::from_mins(5)).expect("a lifetime");
        let put = self.client.put_object().bucket(BUCKET).key(key).content_length(size);
        put.presigned(lifetime).await.expect("a link")
    }
}

async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &'static str) -> Answer {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::from_static(body.as_bytes())).expect("a request");
    HttpClient::new().send(request).await.expect("an answer")
}

#[tokio::test]
async fn an_object_is_put_and_read_whole_and_in_parts() {
    let bucket = start(None);
    bucket.put("data/1/a.parquet", b"0123456789").await;
    assert_eq!(bucket.get("data/1/a.parquet").await.as_deref(), Some(&b"0123456789"[..]));
    for (range, expected) in
        [("bytes=2-4", "234"), ("bytes=-3", "789"), ("bytes=-20", "0123456789"), ("bytes=8-", "89")]
    {
        let get = bucket.client.get_object().bucket(BUCKET).key("data/1/a.parquet").range(range);
        let body = get.send().await.expect("an answer").body.collect().await.expect("a body");
        assert_eq!(body.into_bytes(), expected, "{range}");
    }
    let head = bucket.client.head_object().bucket(BUCKET).key("data/1/a.parquet").send().await;
    assert_eq!(head.expect("an answer").content_length, Some(10));
    bucket.client.delete_object().bucket(BUCKET).key("data/1/a.parquet").send().await.expect("deleted");
    assert_eq!(bucket.get("data/1/a.parquet").await, None);
}

#[tokio::test]
async fn an_object_that_must_not_be_there_is_not_overwritten() {
    let bucket = start(None);
    bucket.put("data/1/a", b"first").await;
    let put = bucket.client.put_object().bucket(BUCKET).key("data/1/a").if_none_match("*");
    let error = put.body(ByteStream::from_static(b"second")).send().await.expect_err("refused");
    assert_eq!(error.raw_response().map(|response| response.status().as_u16()), Some(412));
    assert_eq!(bucket.get("data/1/a").await.as_deref(), Some(&b"first"[..]));
}

#[tokio::test]
async fn an_upload_is_announced_and_other_objects_are_not() {
    let bucket = start(None);
    bucket.put("data/1/a", b"12345").await;
    bucket.put("uploads/1/2/3 ü", b"12345").await;
    let object = bucket.created.try_recv().expect("announced before the answer");
    assert_eq!(object.bucket, BUCKET);
    assert_eq!((object.key.as_str(), object.size), ("uploads/1/2/3 ü", 5));
    assert_eq!(object.operation, Operation::Put);
    assert_eq!(object.e_tag.as_deref(), Some("827ccb0eea8a706c4c34a16891f84e7b"));
    assert!(bucket.created.try_recv().is_err());
}

#[tokio::test]
async fn an_upload_that_cannot_be_announced_is_not_confirmed() {
    let files = Files::start(None, |_| Err(io::Error::other("no queue"))).expect("it starts");
    let bucket = Bucket::of(files, channel().1);
    let link = bucket.link("uploads/1/2/3", 5).await;
    let answer = send("PUT", link.uri(), &[], "12345").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_upload_in_parts_is_announced_once_it_is_whole() {
    let bucket = start(None);
    let key = "uploads/1/2/4";
    let upload = bucket.client.create_multipart_upload().bucket(BUCKET).key(key).send().await;
    let upload = upload.expect("begun").upload_id.expect("an id");
    let mut parts = CompletedMultipartUpload::builder();
    for (number, size) in [(1, 5 << 20), (2, 3)] {
        let part = bucket.client.upload_part().bucket(BUCKET).key(key).upload_id(&upload).part_number(number);
        let part = part.body(vec![b'x'; size].into()).send().await.expect("it is put");
        let part = CompletedPart::builder().part_number(number).set_e_tag(part.e_tag);
        parts = parts.parts(part.build());
    }
    assert!(bucket.created.try_recv().is_err());
    let complete = bucket.client.complete_multipart_upload().bucket(BUCKET).key(key).upload_id(upload);
    complete.multipart_upload(parts.build()).send().await.expect("it is whole");
    let object = bucket.created.try_recv().expect("announced");
    assert_eq!((object.size, object.operation), ((5 << 20) + 3, Operation::CompleteMultipartUpload));
}

#[tokio::test]
async fn a_link_takes_its_object_and_no_other() {
    let bucket = start(None);
    let link = bucket.link("uploads/1/2/3", 5).await;
    let signed = link.uri().contains("X-Amz-SignedHeaders=content-length%3Bhost");
    assert!(signed, "{}", link.uri());

    let too_long = send("PUT", link.uri(), &[], "123456").await;
    assert_eq!(too_long.status, StatusCode::FORBIDDEN, "{:?}", too_long.body);
    let too_short = send("PUT", link.uri(), &[], "1234").await;
    assert_eq!(too_short.status, StatusCode::FORBIDDEN);
    let elsewhere = send("PUT", &link.uri().replace("uploads/1/2/3", "uploads/1/2/4"), &[], "12345").await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    let read = send("GET", link.uri(), &[], "").await;
    assert_eq!(read.status, StatusCode::FORBIDDEN);
    assert_eq!(bucket.get("uploads/1/2/3").await, None);
    assert!(bucket.created.try_recv().is_err());

    let put = send("PUT", link.uri(), &[], "12345").await;
    assert_eq!(put.status, StatusCode::OK, "{:?}", put.body);
    assert_eq!(bucket.get("uploads/1/2/3").await.as_deref(), Some(&b"12345"[..]));
    assert!(bucket.created.try_recv().is_ok());
}

#[tokio::test]
async fn a_link_refuses_a_body_that_does_not_say_its_size() {
    let bucket = start(None);
    let link = bucket.link("uploads/1/2/3", 5).await;
    let address = bucket.files.address().to_string();
    let path = link.uri().split_once(&address).expect("its address").1;
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    let request = format!(
        "PUT {path} HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
         5\r\n12345\r\n3\r\n678\r\n0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(bucket.get("uploads/1/2/3").await, None);
}

#[tokio::test]
async fn a_request_without_a_signature_or_with_another_secret_is_refused() {
    let bucket = start(None);
    bucket.put("data/1/a", b"secret").await;
    let url = format!("http://{}/{BUCKET}/data/1/a", bucket.files.address());
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(send(method, &url, &[], "").await.status, StatusCode::FORBIDDEN, "{method}");
    }
    let config = bucket.client.config().to_builder();
    let config = config.credentials_provider(Credentials::new("local", "guessed", None, None, "test"));
    let stranger = Client::from_conf(config.build());
    let error = stranger.get_object().bucket(BUCKET).key("data/1/a").send().await.expect_err("refused");
    assert_eq!(error.raw_response().map(|response| response.status().as_u16()), Some(403));
}

#[tokio::test]
async fn a_page_of_another_origin_may_put_and_get() {
    let bucket = start(None);
    let link = bucket.link("uploads/1/2/3", 5).await;
    let preflight = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "content-type"),
    ];
    let answer = send("OPTIONS", link.uri(), &preflight, "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert_eq!(answer.headers["access-control-allow-methods"], "GET,PUT");
    assert_eq!(answer.headers["access-control-allow-headers"], "content-type");

    let origin = [("origin", "https://app.example.com")];
    let answer = send("PUT", link.uri(), &origin, "12345").await;
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert_eq!(answer.headers["access-control-expose-headers"], "etag");
    assert!(answer.headers.contains_key("etag"));
    let refused = send("PUT", link.uri(), &origin, "1234").await;
    assert_eq!(refused.headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn objects_outlive_the_process_in_a_folder_that_nobody_else_can_look_into() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("files");
    start(Some(&path)).put("data/1/a", b"kept").await;
    let bucket = start(Some(&path));
    assert_eq!(bucket.get("data/1/a").await.as_deref(), Some(&b"kept"[..]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = path.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
#[expect(clippy::used_underscore_binding, reason = "nothing else needs it")]
fn a_temporary_folder_goes_with_it() {
    let bucket = start(None);
    let path = bucket.files._scratch.as_ref().expect("a folder").path().to_owned();
    assert!(path.join(BUCKET).exists());
    drop(bucket);
    assert!(!path.exists());
}
