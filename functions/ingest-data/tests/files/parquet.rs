//! Parquet files.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int8Array, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray, Time64MicrosecondArray,
    TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::{Int32Type, Int64Type};
use ingest_data::Limits;
use serde_json::json;
use shared::model::data_source::engine::Engine::Parquet;

use super::{import_file, import_with, options, refused, refused_with};

fn file(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn types_become_those_of_tables() {
    let words: DictionaryArray<Int32Type> = ["x", "y", "x"].into_iter().collect();
    let instants = TimestampNanosecondArray::from(vec![3_000, 1_000, 2_000]).with_timezone("Europe/Berlin");
    let cents = Decimal128Array::from(vec![150, 5, 300]).with_precision_and_scale(10, 2).unwrap();
    let bytes = file(vec![
        ("small", Arc::new(Int8Array::from(vec![Some(1), None, Some(3)]))),
        ("large", Arc::new(UInt64Array::from(vec![u64::MAX, 1, 2]))),
        ("float", Arc::new(Float32Array::from(vec![0.5, 1.5, -0.25]))),
        ("cents", Arc::new(cents)),
        ("word", Arc::new(words)),
        ("text", Arc::new(LargeStringArray::from(vec!["a", "", "c"]))),
        ("at", Arc::new(instants)),
    ]);
    let done = import_file(Parquet, &bytes);
    assert_eq!(
        done.types(),
        [
            "small integer?",
            "large number",
            "float number",
            "cents number",
            "word text",
            "text text",
            "at datetime"
        ]
    );
    assert_eq!(
        done.rows(),
        [
            r#"[null,1,1.5,0.05,"y","","1970-01-01T00:00:00.000001Z"]"#,
            r#"[3,2,-0.25,3,"x","c","1970-01-01T00:00:00.000002Z"]"#,
            r#"[1,18446744073709551615,0.5,1.5,"x","a","1970-01-01T00:00:00.000003Z"]"#
        ]
    );
}

#[test]
fn columns_that_tables_do_not_hold_are_refused_by_name() {
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some([Some(1)])]);
    let bytes = file(vec![
        ("ok", Arc::new(Int64Array::from(vec![1]))),
        ("list", Arc::new(list)),
        ("bytes", Arc::new(BinaryArray::from(vec![&b"x"[..]]))),
        ("clock", Arc::new(Time64MicrosecondArray::from(vec![1]))),
    ]);
    let (errors, count) = refused_with(Parquet, &bytes, &options(json!({})));
    let columns: Vec<_> = errors.iter().map(|error| error.column.as_deref().unwrap()).collect();
    assert_eq!((columns, count), (vec!["list", "bytes", "clock"], 3));
}

#[test]
fn values_that_json_cannot_say_are_refused_by_row() {
    let bytes = file(vec![
        ("float", Arc::new(Float64Array::from(vec![1.0, f64::NAN, f64::INFINITY]))),
        ("day", Arc::new(Date32Array::from(vec![0, 1, 100_000_000]))),
    ]);
    let (errors, _) = refused_with(Parquet, &bytes, &options(json!({})));
    let places: Vec<_> =
        errors.iter().map(|error| (error.row.unwrap(), error.column.clone().unwrap())).collect();
    assert_eq!(places, [(2, "float".into()), (3, "float".into()), (3, "day".into())]);
}

#[test]
fn given_types_are_read_from_the_values() {
    let bytes = file(vec![
        ("id", Arc::new(Int64Array::from(vec![7, 8]))),
        ("n", Arc::new(StringArray::from(vec!["1.5", "2"]))),
        ("day", Arc::new(Date32Array::from(vec![0, 1]))),
    ]);
    let settings = options(json!({"columns": {"id": "text", "n": "number", "day": "datetime"}}));
    let done = import_with(Parquet, &bytes, &settings, &Limits::default()).unwrap();
    assert_eq!(done.types(), ["id text", "n number", "day datetime"]);
    assert_eq!(done.rows()[0], r#"["7",1.5,"1970-01-01T00:00:00Z"]"#);
}

#[test]
fn damaged_files_are_refused() {
    let whole = file(vec![("a", Arc::new(Int64Array::from_iter_values(0..1_000)))]);
    assert!(refused(Parquet, b"").reason.contains("empty"));
    refused(Parquet, b"a,b\n1,2\n");
    refused(Parquet, &whole[..whole.len() / 2]);
    for at in (4..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let outcome = import_with(Parquet, &bytes, &options(json!({})), &Limits::default());
        assert!(!matches!(outcome, Err(ingest_data::ImportFailure::Internal(_))), "byte {at}");
    }
}
