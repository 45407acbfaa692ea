//! Imports one file and says how long that took and how much memory: `import FILE [csv|json|xlsx|parquet [FOLDER]]`. The tables are put
//! into the folder if one is named.

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
    let outcome = import(&file, engine, &FileOptions::default(), &folder, &Limits::default());
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{seconds:.3} s, {peak}");
    let imported = outcome?;
    for table in &imported.tables {
        let size = std::fs::metadata(&table.parquet)?.len();
        println!("{size} bytes of Parquet");
        for column in &table.table.columns {
            println!("{}", serde_json::to_string(column)?);
        }
        println!("{:?} rows, {} shown", table.table.row_count, table.preview.rows.len());
    }
    println!("{:#?}", imported.warnings);
    Ok(())
}
