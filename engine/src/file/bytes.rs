//! Ranges of bytes of files, wherever these rest.

use std::fmt::Debug;
use std::ops::Range;

use bytes::{Buf as _, Bytes};
use futures_util::future::BoxFuture;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

/// Why bytes could not be read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ReadError(#[from] pub Box<dyn std::error::Error + Send + Sync>);

/// What reads ranges of files that do not change while anybody knows their keys.
pub trait RangeRead: Debug + Send + Sync {
    /// The bytes in the range; those up to the end, where the file ends before.
    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> BoxFuture<'a, Result<Bytes, ReadError>>;

    /// At most the last `count` bytes, and how large the file is.
    fn read_end<'a>(&'a self, key: &'a str, count: u64) -> BoxFuture<'a, Result<(Bytes, u64), ReadError>>;
}

/// A file of which only one range is there, for Parquet's readers, which read where they are told.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) start: u64,
    pub(crate) bytes: Bytes,
}

impl Part {
    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let skipped = start.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok());
        match skipped.filter(|skipped| *skipped <= self.bytes.len()) {
            Some(skipped) => Ok(self.bytes.slice(skipped..)),
            None => Err(ParquetError::EOF(format!("byte {start} is not in the part that was read"))),
        }
    }
}

impl Length for Part {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Part {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!(
                "{length} bytes from {start} are not in the part that was read"
            )));
        }
        Ok(bytes.slice(..length))
    }
}
