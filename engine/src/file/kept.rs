//! What is kept in memory of files, for as long as there is room: footers, and columns as they are held.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use shared::model::table::Table;

use super::bytes::{Part, RangeRead, ReadError};
use super::column::ColumnPart;
use super::table::{TableFile, unreadable};

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub struct KeptLimits {
    /// How many bytes columns may take.
    pub column_bytes: u64,
    /// How many files' footers are kept.
    pub files: usize,
}

/// What is kept. Files never change while their key is known, so nothing of it can be outdated.
#[derive(Debug)]
pub(crate) struct Kept {
    files: Cache<String, Arc<TableFile>>,
    columns: Cache<(String, usize, usize), ColumnPart, ByBytes>,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<(String, usize, usize), ColumnPart> for ByBytes {
    fn weight(&self, _key: &(String, usize, usize), part: &ColumnPart) -> u64 {
        part.bytes() as u64
    }
}

impl Kept {
    /// Nothing yet.
    pub(crate) fn new(limits: KeptLimits) -> Self {
        /// About how large a column of a row group is.
        const PART_BYTES: u64 = 1 << 20;
        let parts = usize::try_from(limits.column_bytes / PART_BYTES).unwrap_or(usize::MAX);
        Self {
            files: Cache::new(limits.files),
            columns: Cache::with_weighter(parts.max(1), limits.column_bytes, ByBytes),
        }
    }

    /// A table's file. Those who ask at once wait for one who reads.
    pub(crate) async fn file(
        &self,
        files: &dyn RangeRead,
        key: &str,
        table: &Table,
    ) -> Result<Arc<TableFile>, ReadError> {
        let open = async { TableFile::open(files, key.to_owned(), table).await.map(Arc::new) };
        self.files.get_or_insert_async(key, open).await
    }

    /// Whether these columns of row groups are kept.
    pub(crate) fn has(&self, file: &TableFile, groups: &[usize], columns: &[usize]) -> bool {
        groups.iter().all(|group| {
            columns.iter().all(|column| self.columns.contains_key(&(file.key.clone(), *group, *column)))
        })
    }

    /// A table's file, if it is kept.
    pub(crate) fn known_file(&self, key: &str) -> Option<Arc<TableFile>> {
        self.files.get(key)
    }

    /// Columns of a row group, which are named in ascending order. What is not kept is read, once for all who need it at a time, and in
    /// one range where columns are close to each other.
    pub(crate) async fn columns(
        &self,
        files: &dyn RangeRead,
        file: &TableFile,
        group: usize,
        columns: &[usize],
    ) -> Result<Vec<ColumnPart>, ReadError> {
        let mut parts: Vec<Option<ColumnPart>> = Vec::with_capacity(columns.len());
        // Who needs a column while somebody reads it waits for that. Columns are in order, so nobody waits for one who waits for them.
        let mut missing = BTreeMap::new();
        for (index, column) in columns.iter().enumerate() {
            let place = self.columns.get_value_or_guard_async(&(file.key.clone(), group, *column)).await;
            parts.push(place.map_err(|guard| missing.insert(index, guard)).ok());
        }
        let ranges =
            together(missing.keys().map(|index| (*index, file.range(group, columns[*index]))).collect());
        let reads = ranges.iter().map(|(range, _)| files.read(&file.key, range.clone()));
        let read = futures_util::future::try_join_all(reads).await?;
        for ((range, indexes), bytes) in ranges.iter().zip(read) {
            let part = Part { start: range.start, bytes };
            for index in indexes {
                let decoded =
                    ColumnPart::decode(file, group, columns[*index], part.clone()).map_err(unreadable)?;
                if let Some(guard) = missing.remove(index) {
                    // Fails where there is no room for it: then it is read again.
                    let _ = guard.insert(decoded.clone());
                }
                parts[*index] = Some(decoded);
            }
        }
        Ok(parts.into_iter().flatten().collect())
    }
}

type Together = Vec<(std::ops::Range<u64>, Vec<usize>)>;

/// Ranges that are close to each other as one: a request takes longer than what lies between.
fn together(mut ranges: Vec<(usize, std::ops::Range<u64>)>) -> Together {
    const GAP_BYTES: u64 = 64 << 10;
    ranges.sort_unstable_by_key(|(_, range)| range.start);
    let mut joined: Together = Vec::new();
    for (index, range) in ranges {
        match joined.last_mut() {
            Some((last, indexes)) if range.start <= last.end + GAP_BYTES => {
                last.end = last.end.max(range.end);
                indexes.push(index);
            }
            _ => joined.push((range, vec![index])),
        }
    }
    joined
}
