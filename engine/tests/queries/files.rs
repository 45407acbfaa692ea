//! Files in memory, for the engine to read.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use engine::{Engine, KeptLimits, Limits, RangeRead, ReadError};
use futures_util::future::BoxFuture;

/// Files by their keys.
#[derive(Debug, Default)]
pub(crate) struct Files(Mutex<HashMap<String, Bytes>>);

impl Files {
    pub(crate) fn put(&self, key: &str, bytes: Vec<u8>) {
        self.0.lock().unwrap().insert(key.to_owned(), bytes.into());
    }

    fn get(&self, key: &str) -> Result<Bytes, ReadError> {
        self.0
            .lock()
            .unwrap()
            .get(key)
            .cloned()
            .ok_or_else(|| ReadError(format!("{key} is not there").into()))
    }
}

impl RangeRead for Files {
    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        Box::pin(async move {
            let bytes = self.get(key)?;
            let end = usize::try_from(range.end).unwrap().min(bytes.len());
            Ok(bytes.slice(usize::try_from(range.start).unwrap()..end))
        })
    }

    fn read_end<'a>(&'a self, key: &'a str, count: u64) -> BoxFuture<'a, Result<(Bytes, u64), ReadError>> {
        Box::pin(async move {
            let bytes = self.get(key)?;
            let start = bytes.len().saturating_sub(usize::try_from(count).unwrap());
            Ok((bytes.slice(start..), bytes.len() as u64))
        })
    }
}

/// An engine over files, with little memory for what it keeps, so that some of it is read again.
pub(crate) fn engine(files: &Arc<Files>) -> Engine {
    let limits = Limits {
        query_bytes: 64 << 20,
        kept: KeptLimits { column_bytes: 1 << 20, files: 10 },
        deadline: Duration::from_secs(20),
        threads: 2,
    };
    Engine::new(Arc::clone(files) as Arc<dyn RangeRead>, limits).unwrap()
}
