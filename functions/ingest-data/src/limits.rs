//! How large things may be while a file is read, so that no file can ask for more memory than there is.

use shared::model::table::{MAX_COLUMNS, MAX_TABLES};

/// How large things may be. The default keeps an import within 1 GB of memory, whatever is in the file.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How much of a table is held in memory before it is sorted and put on disk, in bytes.
    pub sort_bytes: usize,
    /// How large one value may be, in bytes of UTF-8.
    pub value_bytes: usize,
    /// How large one row of a CSV file or one element of a JSON file may be, in bytes.
    pub record_bytes: usize,
    /// How much of a CSV or JSON file is read at a time, in bytes.
    pub block_bytes: usize,
    /// How deep arrays and objects of a JSON file may be in each other.
    pub depth: usize,
    /// How many columns a table may have.
    pub columns: usize,
    /// How many tables a file may have.
    pub tables: usize,
    /// How much all tables of a file may be in memory's form, in bytes: compressed files may hold any amount.
    pub total_bytes: u64,
    /// How large a spreadsheet may be when it is unpacked, in bytes.
    pub unpacked_bytes: u64,
    /// How large the texts that cells of a spreadsheet share may be when they are unpacked, in bytes, and ...
    pub shared_text_bytes: u64,
    /// ... how many.
    pub shared_texts: u64,
    /// How many rows a group of the written Parquet file has at most.
    pub group_rows: usize,
    /// How many bytes a group is made of at most, where the table did not fit into memory.
    pub group_bytes: usize,
    /// How many hashes of values are kept to count how many differ, for all columns together.
    pub hashes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sort_bytes: 224 << 20,
            value_bytes: 1 << 20,
            record_bytes: 16 << 20,
            block_bytes: 1 << 20,
            depth: 128,
            columns: MAX_COLUMNS,
            tables: MAX_TABLES,
            total_bytes: 32 << 30,
            unpacked_bytes: 2 << 30,
            shared_text_bytes: 256 << 20,
            shared_texts: 4_000_000,
            group_rows: 128 << 10,
            group_bytes: 64 << 20,
            hashes: 4_000_000,
        }
    }
}
