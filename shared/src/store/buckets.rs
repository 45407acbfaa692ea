//! Buckets of customers, read as whom they let in.

use std::path::Path;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::io::AsyncWriteExt as _;

use crate::model::data_source::bucket::BucketName;
use crate::store::aws::{self, Settings};

/// How many objects of a bucket are listed.
const MAX_LISTED: usize = 20_000;

/// A bucket, as whoever reads it sees it.
#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    name: String,
    region: String,
}

/// An object of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// How large it is, in bytes.
    pub size: u64,
    /// What tells it from what was there before.
    pub revision: String,
}

/// Why a bucket was not read.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// In words for whoever made the data source.
    #[error("{0}")]
    Refused(String),
    /// It is not the bucket's fault.
    #[error("the function's own disk")]
    Disk(#[from] std::io::Error),
}

impl Bucket {
    /// One in that region. `settings` say where S3 is, if not there.
    pub(super) fn open(
        name: &BucketName,
        region: &str,
        credentials: Credentials,
        settings: &Settings,
        connector: SharedHttpConnector,
    ) -> Self {
        let region = region.to_owned();
        let settings = Settings { region: region.clone(), credentials, ..settings.clone() };
        let client = aws::s3(&settings, aws::over(connector));
        Self { client, name: name.as_str().to_owned(), region }
    }

    /// Looks at one object whose key begins with `prefix`: whether the access key may list and read. How long the list took.
    pub async fn greet(&self, prefix: &str) -> Result<Duration, BucketError> {
        let asked = Instant::now();
        let objects = self.page(prefix, None).await?.0;
        let latency = asked.elapsed();
        let Some(object) = objects.iter().find(|object| object.size > 0) else {
            return Err(BucketError::Refused(format!(
                "There is no object under {prefix:?} that has something in it."
            )));
        };
        let first = self.client.get_object().bucket(&self.name).key(&object.key).range("bytes=0-0");
        let read = first.send().await;
        read.map_err(|error| self.refused(&error, &format!("read {:?}", object.key), "s3:GetObject"))?;
        Ok(latency)
    }

    /// The objects whose keys begin with `prefix`, in the order of their keys.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Object>, BucketError> {
        let (mut objects, mut continuation) = (Vec::new(), None);
        loop {
            let (page, next) = self.page(prefix, continuation).await?;
            objects.extend(page);
            if objects.len() > MAX_LISTED {
                return Err(BucketError::Refused(format!(
                    "The bucket {} has more than {MAX_LISTED} objects there. Choose a prefix that fewer keys begin with.",
                    self.name
                )));
            }
            continuation = next;
            if continuation.is_none() {
                return Ok(objects);
            }
        }
    }

    /// Some of them, and where the others go on.
    async fn page(
        &self,
        prefix: &str,
        continuation: Option<String>,
    ) -> Result<(Vec<Object>, Option<String>), BucketError> {
        let list = self.client.list_objects_v2().bucket(&self.name).prefix(prefix);
        let output = list.set_continuation_token(continuation).send().await;
        let output = output.map_err(|error| self.refused(&error, "list its objects", "s3:ListBucket"))?;
        let objects = output.contents.unwrap_or_default().into_iter().filter_map(|object| {
            // Some servers list no ETags.
            let modified = || object.last_modified.map(|time| time.as_nanos().to_string());
            Some(Object {
                revision: object.e_tag.clone().or_else(modified).unwrap_or_default(),
                key: object.key?,
                size: object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            })
        });
        Ok((objects.collect(), output.next_continuation_token))
    }

    /// The bytes of an object, as they come. A stream that stalls ends with an error.
    pub async fn read(&self, key: &str) -> Result<ByteStream, BucketError> {
        let output = self.client.get_object().bucket(&self.name).key(key).send().await;
        let output =
            output.map_err(|error| self.refused(&error, &format!("read {key:?}"), "s3:GetObject"))?;
        Ok(output.body)
    }

    /// Writes an object to a file.
    pub async fn download(&self, object: &Object, path: &Path) -> Result<(), BucketError> {
        let Object { key, size, .. } = object;
        let mut body = self.read(key).await?;
        let mut file = tokio::fs::File::create(path).await?;
        let mut received = 0;
        while let Some(bytes) = body.next().await {
            let bytes = bytes.map_err(|_| {
                BucketError::Refused(format!(
                    "S3 ended its answer before {key:?} was complete. Import it again."
                ))
            })?;
            received += bytes.len() as u64;
            if received > *size {
                break;
            }
            file.write_all(&bytes).await?;
        }
        file.flush().await?;
        if received == *size {
            return Ok(());
        }
        Err(BucketError::Refused(format!("{key:?} was changed while it was read. Import it again.")))
    }

    /// What S3 says, in words
    /// ([its codes](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList)).
    fn refused<E: ProvideErrorMetadata>(
        &self,
        error: &SdkError<E, HttpResponse>,
        doing: &str,
        permission: &str,
    ) -> BucketError {
        let Self { name, region, .. } = self;
        let SdkError::ServiceError(service) = error else {
            return BucketError::Refused(match error {
                SdkError::ConstructionFailure(_) => {
                    "The request could not be signed: access_key_id or secret_access_key is no such key."
                        .to_owned()
                }
                _ => format!("S3 could not be reached in the region {region}, or did not answer in time."),
            });
        };
        let (code, status) = (service.err().code().unwrap_or_default(), service.raw().status().as_u16());
        let elsewhere = service.raw().headers().get("x-amz-bucket-region").filter(|there| there != region);
        BucketError::Refused(match code {
            "InvalidAccessKeyId" | "InvalidToken" | "ExpiredToken" | "NotSignedUp" => {
                "The access key is not known to AWS: check connection.access_key_id.".to_owned()
            }
            "SignatureDoesNotMatch" => {
                "The secret access key is not that of the access key: send connection.secret_access_key again.".to_owned()
            }
            "NoSuchBucket" => format!("There is no bucket {name}."),
            "NoSuchKey" => format!("It could not {doing}: the object was removed meanwhile. Import it again."),
            "InvalidObjectState" => format!("It could not {doing}: the object is archived. Restore it first."),
            "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" => {
                let there = elsewhere.map_or_else(|| "another one".to_owned(), |there| there.chars().take(32).collect());
                format!("The bucket {name} is not in the region {region}, but in {there}: change connection.region.")
            }
            "AccessDenied" | "AllAccessDisabled" | "AccountProblem" => format!(
                "The access key may not {doing} in the bucket {name}: it needs {permission}, and kms:Decrypt for objects that are \
                 encrypted with a key of one's own."
            ),
            _ if service.raw().status().is_server_error() => {
                format!("S3 has an error of its own ({status}) and could not {doing}. Import it again later.")
            }
            "" => format!("S3 answered {status} and did not {doing}."),
            code => format!("S3 refused to {doing}: {code}."),
        })
    }
}
