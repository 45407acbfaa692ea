//! A million rows are written in memory that does not grow with them.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, StringArray};
use picture::csv::{self, Options};
use picture::xlsx::Workbook;
use picture::{Content, Data, Part, Report};
use serde_json::json;
use shared::base::Timestamp;
use shared::model::dashboard::Widget;
use shared::model::query::ZoneName;
use shared::model::result::{ResultColumn, Role};
use shared::model::table::ColumnType;

const ROWS: usize = 1_000_000;

/// What writers may take beside the rows, in MB: buffers, and what they compress with.
const MOST: u64 = 32;

/// The most memory that the process has had since it was last asked to forget that, in MB.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

/// How much more memory than before `work` takes, in MB.
fn taken(work: impl FnOnce()) -> u64 {
    // <https://docs.kernel.org/filesystems/proc.html>: 5 resets the peak.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = most_memory();
    work();
    most_memory() - before
}

fn column(name: &str, column_type: ColumnType, role: Role) -> ResultColumn {
    ResultColumn { name: name.to_owned(), column_type, role, grain: None }
}

#[test]
fn a_million_rows_take_no_more_memory_than_a_few() {
    let columns = [
        column("customer", ColumnType::Text, Role::Dimension),
        column("amount", ColumnType::Number, Role::Measure),
    ];
    let customers: StringArray = (0..ROWS).map(|row| Some(format!("Customer {}", row % 1_000))).collect();
    let amounts: Decimal128Array = (0..ROWS).map(|row| Some(row as i128 * 13)).collect();
    let amounts = amounts.with_precision_and_scale(18, 2).unwrap();
    let values: [ArrayRef; 2] = [Arc::new(customers), Arc::new(amounts)];
    let zone = ZoneName::utc();
    let data = Data {
        columns: &columns,
        values: &values,
        row_count: ROWS,
        totals: None,
        other_row: None,
        truncated: false,
        zone: &zone,
    };

    let csv = taken(|| {
        assert_eq!(csv::write(&data, Options::default(), io::sink()).unwrap(), ROWS as u64);
    });
    assert!(csv <= MOST, "{csv} MB for CSV");

    let widget: Widget = serde_json::from_value(json!({
        "id": 1, "title": "All", "type": "table", "options": {},
        "position": { "x": 0, "y": 0, "width": 12, "height": 4 },
    }))
    .unwrap();
    let report = Report {
        title: "All",
        description: "",
        dashboard: "All",
        time_range: None,
        filters: &[],
        made_at: Timestamp::from_second(1_800_000_000).unwrap(),
        made_by: "",
        zone: &zone,
    };
    let xlsx = taken(|| {
        let mut workbook = Workbook::new(report, tempfile::tempfile().unwrap()).unwrap();
        workbook.add(Part { widget: &widget, content: Content::Data(data) }).unwrap();
        let (outcome, _) = workbook.finish().unwrap();
        assert_eq!((outcome.rows, outcome.truncated), (ROWS as u64, false));
    });
    assert!(xlsx <= MOST, "{xlsx} MB for XLSX");
}
