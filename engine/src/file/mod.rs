//! Tables that rest in Parquet files: their footers and columns, read by ranges of bytes and kept in memory.

pub(crate) mod bytes;
pub(crate) mod column;
pub(crate) mod dictionary;
pub(crate) mod kept;
pub(crate) mod table;

pub use bytes::{RangeRead, ReadError};
pub(crate) use kept::Kept;
pub use kept::KeptLimits;
