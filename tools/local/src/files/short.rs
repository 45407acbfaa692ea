//! The end of an object that is shorter than what is asked for: S3 answers with all of it, `s3s-fs` with an error.

use std::path::PathBuf;

use s3s::access::S3Access;
use s3s::dto::{GetObjectInput, Range};
use s3s::{S3Request, S3Result};

/// Asks for all of an object where more than that is asked for.
pub(super) struct ShortObjects {
    /// The folder that has a folder for each bucket.
    pub(super) root: PathBuf,
}

#[async_trait::async_trait]
impl S3Access for ShortObjects {
    async fn get_object(&self, request: &mut S3Request<GetObjectInput>) -> S3Result<()> {
        let GetObjectInput { bucket, key, range, .. } = &mut request.input;
        if let Some(Range::Suffix { length }) = range
            && let Ok(object) = tokio::fs::metadata(self.root.join(bucket).join(key)).await
            && object.len() < *length
        {
            *range = Some(Range::Int { first: 0, last: None });
        }
        Ok(())
    }
}
