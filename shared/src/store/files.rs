//! Files in S3: what clients upload, and the tables that are made of it.
//!
//! | key | object |
//! |---|---|
//! | `uploads/1/2/3` | what was sent for import 3 of data source 2 of organization 1 |
//! | `data/1/2/3-5f0a…/tables.json` | what the tables of that import are |
//! | `data/1/2/3-5f0a…/0.parquet` | the rows of the first of them |
//! | `data/1/2/3-5f0a…/0.preview.json` | its first rows |
//! | `results/1/2/3-5f0a…/9c1e….arrow` | what a query over them was answered |
//! | `reports/1/2/3-5f0a…` | the file of run 3 of report 2 |
//!
//! The organization comes first among what tells one object from another, as in every key. Objects under `data/` are written once,
//! before anything points at them, and never changed. Those under `results/` could be made again, and go after a week; those under
//! `reports/` are kept for 90 days (`template.yaml`).

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use axum::body::Bytes;
use axum::http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::AsyncWriteExt as _;

use crate::base::{DataSourceId, ImportId, OrganizationId, ReportId, RunId};
use crate::model::table::Table;
use crate::store::StoreError;
use crate::store::aws::{self, Settings};
use crate::store::signed_request::{Service, Signer};

/// What is escaped in a parameter of a header: all but the `attr-char` of RFC 5987, section 3.2.1.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The bucket. Cheap to clone; the client that jobs use is made by the first call.
#[derive(Clone, Debug)]
pub struct Files(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    settings: Settings,
    connector: SharedHttpConnector,
    bucket: String,
    /// What its objects' URLs begin with.
    url: String,
    signer: Signer,
    /// For what a job does with files.
    client: OnceLock<Client>,
}

/// How a client sends a file.
#[derive(Clone, Debug)]
pub struct UploadLink {
    /// Where to.
    pub url: String,
    /// The headers to send, as they are.
    pub headers: Vec<(String, String)>,
}

/// The part of a version that says what its tables are.
pub const TABLES: &str = "tables.json";

/// The part of a version that has the rows of a table.
pub fn rows_part(table: usize) -> String {
    format!("{table}.parquet")
}

/// The part of a version that has the first rows of a table.
pub fn preview_part(table: usize) -> String {
    format!("{table}.preview.json")
}

/// Where the file of an import is sent.
pub fn upload_key(organization: OrganizationId, data_source: DataSourceId, import: ImportId) -> String {
    format!("{}{import}", upload_prefix(organization, data_source))
}

/// What the keys of all files that are sent for a data source begin with.
pub fn upload_prefix(organization: OrganizationId, data_source: DataSourceId) -> String {
    format!("uploads/{organization}/{data_source}/")
}

/// What the keys of all data of a data source begin with.
pub fn data_prefix(organization: OrganizationId, data_source: DataSourceId) -> String {
    format!("data/{organization}/{data_source}/")
}

/// The key of a part of one version of a data source's data.
pub fn data_key(
    organization: OrganizationId,
    data_source: DataSourceId,
    version: &str,
    part: &str,
) -> String {
    format!("{}{version}/{part}", data_prefix(organization, data_source))
}

/// What the keys of all results of queries over a data source begin with.
pub fn results_prefix(organization: OrganizationId, data_source: DataSourceId) -> String {
    format!("results/{organization}/{data_source}/")
}

/// Where the result of a query over one version of a data source's data is kept.
pub fn result_key(
    organization: OrganizationId,
    data_source: DataSourceId,
    version: &str,
    digest: &str,
) -> String {
    format!("{}{version}/{digest}.arrow", results_prefix(organization, data_source))
}

/// What the keys of all files of a report begin with.
pub fn report_prefix(organization: OrganizationId, report: ReportId) -> String {
    format!("reports/{organization}/{report}/")
}

/// Where the file of one attempt at a run is.
pub fn report_key(organization: OrganizationId, report: ReportId, run: RunId, attempt: &str) -> String {
    format!("{}{run}-{attempt}", report_prefix(organization, report))
}

impl Files {
    /// The bucket of that name.
    pub fn new(settings: Settings, connector: SharedHttpConnector, bucket: String) -> Self {
        let signer = Signer::new(Service::S3, &settings, connector.clone());
        let url = match &settings.s3_endpoint {
            // A bucket of a local server is no host of its own.
            Some(endpoint) => format!("{endpoint}/{bucket}/"),
            None => format!("https://{bucket}.s3.{}.{}/", settings.region, aws::domain(&settings.region)),
        };
        Self(Arc::new(Parts { settings, connector, bucket, url, signer, client: OnceLock::new() }))
    }

    /// Where clients send files to and get them from: scheme and host, as browsers compare origins.
    pub fn origin(&self) -> String {
        let host = self.0.url.find("://").map_or(0, |scheme| scheme + "://".len());
        let end = self.0.url[host..].find('/').map_or(self.0.url.len(), |end| host + end);
        self.0.url[..end].to_owned()
    }

    fn client(&self) -> &Client {
        let Parts { settings, connector, client, .. } = &*self.0;
        client.get_or_init(|| aws::s3(settings, aws::over(connector.clone())))
    }

    /// A link for sending an object of exactly that size, good for that long. S3 refuses any other key or size: they are signed.
    pub fn upload_link(
        &self,
        key: &str,
        size_bytes: u64,
        good_for: Duration,
    ) -> Result<UploadLink, StoreError> {
        let size = size_bytes.to_string();
        let headers = [("content-length", size.as_str())];
        let url = self.0.signer.link("PUT", &self.url(key), &headers, good_for)?;
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Ok(UploadLink { url, headers })
    }

    /// A link for getting the object as a file of that name, good for that long.
    pub fn download_link(
        &self,
        key: &str,
        name: &str,
        media_type: &str,
        good_for: Duration,
    ) -> Result<String, StoreError> {
        let encoded = utf8_percent_encode(name, ATTRIBUTE);
        // Names of any characters: RFC 6266, section 4.3.
        let disposition = format!("attachment; filename*=UTF-8''{encoded}");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("response-content-disposition", &disposition);
        query.append_pair("response-content-type", media_type);
        // Signatures take a space for `%20`.
        let query = query.finish().replace('+', "%20");
        self.0.signer.link("GET", &format!("{}?{query}", self.url(key)), &[], good_for)
    }

    /// The object, if there is one: a small one, which is read whole.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let answer = self.0.signer.send("GET", &self.url(key), &[], &[]).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        answer.succeeded().map(Some)
    }

    /// The tables of one version of a data source's data, unless that is not there any more.
    pub async fn tables(
        &self,
        organization: OrganizationId,
        data_source: DataSourceId,
        version: &str,
    ) -> Result<Option<Vec<Table>>, StoreError> {
        let bytes = self.get(&data_key(organization, data_source, version, TABLES)).await?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(StoreError::unreadable)).transpose()
    }

    /// The bytes of an object in the range.
    pub async fn get_range(&self, key: &str, range: Range<u64>) -> Result<Bytes, StoreError> {
        let last = range.end.saturating_sub(1);
        self.get_bytes(key, format!("bytes={}-{last}", range.start)).await.map(|(bytes, _)| bytes)
    }

    /// At most the last `count` bytes of an object, and how large it is.
    pub async fn get_end(&self, key: &str, count: u64) -> Result<(Bytes, u64), StoreError> {
        self.get_bytes(key, format!("bytes=-{count}")).await
    }

    async fn get_bytes(&self, key: &str, range: String) -> Result<(Bytes, u64), StoreError> {
        let output = self.client().get_object().bucket(&self.0.bucket).key(key).range(range).send().await?;
        // As in `bytes 0-99/1234` (RFC 9110, section 14.4).
        let size = output.content_range().and_then(|range| range.rsplit_once('/')?.1.parse().ok());
        let bytes =
            output.body.collect().await.map_err(|error| StoreError::Unavailable(error.into()))?.into_bytes();
        let size = size.unwrap_or(bytes.len() as u64);
        Ok((bytes, size))
    }

    /// Where the object of that key is. Keys are of letters, digits and `/.-`, which URLs take as they are.
    fn url(&self, key: &str) -> String {
        format!("{}{key}", self.0.url)
    }

    /// Writes the object, in the given version where there is one, to a file. How many bytes it has, or `None` if it is not there.
    pub async fn download(
        &self,
        key: String,
        version: Option<String>,
        path: &Path,
    ) -> Result<Option<u64>, StoreError> {
        let get = self.client().get_object().bucket(&self.0.bucket).key(key).set_version_id(version);
        let mut output = match get.send().await {
            Ok(output) => output,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut file = tokio::fs::File::create(path).await.map_err(StoreError::unreadable)?;
        let mut size = 0;
        while let Some(bytes) = output.body.next().await {
            let bytes = bytes.map_err(|error| StoreError::Unavailable(error.into()))?;
            file.write_all(&bytes).await.map_err(StoreError::unreadable)?;
            size += bytes.len() as u64;
        }
        file.flush().await.map_err(StoreError::unreadable)?;
        Ok(Some(size))
    }

    /// Puts bytes at the key.
    pub async fn put(&self, key: String, content_type: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.put_stream(key, content_type, ByteStream::from(bytes)).await
    }

    /// Puts what is in a file at the key.
    pub async fn put_file(&self, key: String, content_type: &str, path: &Path) -> Result<(), StoreError> {
        let stream = ByteStream::from_path(path).await.map_err(StoreError::unreadable)?;
        self.put_stream(key, content_type, stream).await
    }

    async fn put_stream(
        &self,
        key: String,
        content_type: &str,
        stream: ByteStream,
    ) -> Result<(), StoreError> {
        let put = self.client().put_object().bucket(&self.0.bucket).key(key);
        put.content_type(content_type).body(stream).send().await?;
        Ok(())
    }

    /// Removes an object; one that is not there is none to remove.
    pub async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.client().delete_object().bucket(&self.0.bucket).key(key).send().await?;
        Ok(())
    }

    /// The keys that begin with `prefix`.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut keys = Vec::new();
        let mut continuation = None;
        loop {
            let list = self.client().list_objects_v2().bucket(&self.0.bucket).prefix(prefix);
            let output = list.set_continuation_token(continuation).send().await?;
            keys.extend(output.contents.unwrap_or_default().into_iter().filter_map(|object| object.key));
            continuation = output.next_continuation_token;
            if continuation.is_none() {
                return Ok(keys);
            }
        }
    }
}

fn is_missing<R>(error: &SdkError<aws_sdk_s3::operation::get_object::GetObjectError, R>) -> bool {
    let SdkError::ServiceError(service) = error else { return false };
    // With a version that does not exist any more, S3 says so by another code.
    service.err().is_no_such_key() || service.err().code() == Some("NoSuchVersion")
}
