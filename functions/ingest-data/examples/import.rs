//! Imports one file, and prints seconds, bytes of Parquet and peak memory in MB, and what the tables are:
//! `import FILE [csv|json|xlsx|parquet [FOLDER]]`. The tables are put into the folder if one is named.

use std::path::PathBuf;
use std::time::Instant;

use ingest_data::{Limits, import};
use shared::model::data_source::engine::Engine;
use shared::model::data_source::file_options::FileOptions;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("import FILE [csv|json|xlsx|parquet]")?);
    let kind = arguments.next().or_else(|| Some(file.extension()?.to_str()?.to_owned()));
    let engine = match kind.as_deref() {
        Some("json" | "ndjson") => Engine::Json,
        Some("xlsx") => Engine::Xlsx,
        Some("parquet") => Engine::Parquet,
        _ => Engine::Csv,
    };
    let scratch = tempfile::tempdir()?;
    let folder = arguments.next().map_or_else(|| scratch.path().to_owned(), PathBuf::from);
    let start = Instant::now();
    let imported = import(&file, engine, &FileOptions::default(), &folder, &Limits::default())?;
    let seconds = start.elapsed().as_secs_f64();
    let mut bytes = 0;
    for written in &imported.tables {
        bytes += written.parquet.metadata()?.len();
    }
    println!("{seconds} {bytes} {}", peak_memory_mb()?);
    for written in &imported.tables {
        for column in &written.table.columns {
            println!("{}", serde_json::to_string(column)?);
        }
        println!("{:?} rows, {} shown", written.table.row_count, written.preview.rows.len());
    }
    println!("{:#?}", imported.warnings);
    Ok(())
}

/// The most memory that this process has had, as Linux tells it.
fn peak_memory_mb() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: u64 = peak.ok_or("no VmHWM")?.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024)
}
