//! The three other forms that a table has.

use arrow::array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use shared::model::table::{Cell, ColumnType};

use crate::naive::table::{Column, Table, Value};

fn table() -> Table {
    let column = |name: &str, column_type, scale| Column { name: name.to_owned(), column_type, scale };
    Table {
        name: "data".to_owned(),
        columns: vec![
            column("text", ColumnType::Text, None),
            column("decimal", ColumnType::Number, Some(2)),
            column("wide", ColumnType::Number, Some(8)),
            column("float", ColumnType::Number, None),
            column("day", ColumnType::Date, None),
            column("at", ColumnType::Datetime, None),
            column("is", ColumnType::Boolean, None),
            column("none", ColumnType::Integer, None),
        ],
        rows: vec![
            vec![
                Value::Text("b".to_owned()),
                Value::Decimal(-1_050),
                Value::Decimal(123_456_789_012_345_678_901_234_567_890),
                Value::Float(0.0),
                Value::Date(0),
                Value::Datetime(1),
                Value::Boolean(true),
                Value::Null,
            ],
            vec![
                Value::Text("a".repeat(101)),
                Value::Decimal(7),
                Value::Null,
                Value::Float(-0.0),
                Value::Date(-1),
                Value::Datetime(0),
                Value::Boolean(true),
                Value::Null,
            ],
            vec![
                Value::Text("B".to_owned()),
                Value::Decimal(7),
                Value::Null,
                Value::Float(1e300),
                Value::Null,
                Value::Null,
                Value::Null,
                Value::Null,
            ],
        ],
    }
}

#[test]
fn columns_have_the_types_of_imports() {
    let types: Vec<_> =
        table().record_batch().columns().iter().map(|column| column.data_type().to_string()).collect();
    let expected = [
        "Utf8",
        "Decimal128(18, 2)",
        "Decimal128(38, 8)",
        "Float64",
        "Date32",
        "Timestamp(µs)",
        "Boolean",
        "Int64",
    ];
    assert_eq!(types, expected);
}

#[test]
fn a_parquet_file_has_the_same_rows() {
    let table = table();
    let read = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(table.parquet(2))).unwrap();
    assert_eq!(read.metadata().num_row_groups(), 2);
    let batches: Vec<RecordBatch> = read.build().unwrap().map(Result::unwrap).collect();
    let batch = arrow::compute::concat_batches(&batches[0].schema(), &batches).unwrap();
    assert_eq!(batch.columns(), table.record_batch().columns());
    let none = Table { rows: Vec::new(), ..table };
    let read = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(none.parquet(2))).unwrap();
    assert_eq!(read.metadata().file_metadata().num_rows(), 0);
}

#[test]
fn a_description_is_exact() {
    let described = table().described();
    let told: Vec<String> = described
        .columns
        .iter()
        .map(|column| {
            let shown = |cell: &Option<Cell>| cell.as_ref().map_or("-".to_owned(), ToString::to_string);
            let nullable = column.nullable.unwrap();
            let distinct = column.distinct_count.unwrap();
            format!("{nullable} {distinct} {} {}", shown(&column.min), shown(&column.max))
        })
        .collect();
    let expected = [
        r#"false 3 "B" "b""#,
        "false 2 -10.5 0.07",
        "true 1 1234567890123456789012.3456789 1234567890123456789012.3456789",
        "false 2 0.0 1e+300",
        r#"true 2 "1969-12-31" "1970-01-01""#,
        r#"true 2 "1970-01-01T00:00:00Z" "1970-01-01T00:00:00.000001Z""#,
        "true 1 true true",
        "true 0 - -",
    ];
    assert_eq!(told, expected);
}
