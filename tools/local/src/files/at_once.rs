//! Ranges of tables, read in one piece: s3s-fs reads 4 KB at a time, each on another thread, which takes 6 ms a megabyte.
//!
//! It has looked at who asks for what, and its answer is let out with the same bytes. Objects below `data/` never change, so these are
//! the same whoever reads them.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::BUCKET;

/// What is longer is streamed, so that it need not be in memory.
const MAX_BYTES: u64 = 16 << 20;

/// Answers with the bytes of a table as they are in the folder, if the request may have them.
pub(super) async fn read_at_once(State(root): State<Arc<Path>>, request: Request, next: Next) -> Response {
    let file = if request.method() == Method::GET { table(&root, request.uri().path()) } else { None };
    let response = next.run(request).await;
    let range = range(response.headers()).filter(|(_, length)| *length <= MAX_BYTES);
    let (Some(file), Some((start, length)), true) = (file, range, response.status().is_success()) else {
        return response;
    };
    let (head, streamed) = response.into_parts();
    let read = tokio::task::spawn_blocking(move || read(&file, start, length)).await;
    let body = match read {
        Ok(Ok(bytes)) => Body::from(bytes),
        // It will fail again, as s3s-fs tells it.
        _ => streamed,
    };
    Response::from_parts(head, body)
}

/// The file of an object below `data/`.
fn table(root: &Path, path: &str) -> Option<PathBuf> {
    let key = path.strip_prefix('/')?.strip_prefix(BUCKET)?.strip_prefix('/')?;
    let is_plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let is_table = key.starts_with("data/") && key.split('/').all(is_plain);
    is_table.then(|| root.join(BUCKET).join(key))
}

/// Where the bytes of an answer begin in the object, and how many there are.
fn range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let length = headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    let Some(range) = headers.get(CONTENT_RANGE) else { return Some((0, length)) };
    let start = range.to_str().ok()?.strip_prefix("bytes ")?.split('-').next()?;
    Some((start.parse().ok()?, length))
}

fn read(file: &Path, start: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
