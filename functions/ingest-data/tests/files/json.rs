//! JSON files.

use ingest_data::Limits;
use serde_json::json;
use shared::model::data_source::engine::Engine::Json;

use super::{import_file, import_with, options, refused};

#[test]
fn arrays_and_lines_of_objects_are_tables() {
    for text in [
        r#"[{"a":1,"b":"x"},{"b":"y","c":true}]"#,
        "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"c\":true}\n",
        " [ {\"a\" : 1, \"b\": \"\\u0078\"} ,\n {\"b\":\"y\",\"c\":true} ] \n",
        "\u{feff}{\"a\":1,\"b\":\"x\"}{\"b\":\"y\",\"c\":true}",
    ] {
        let done = import_file(Json, text.as_bytes());
        assert_eq!(done.types(), ["a integer?", "b text", "c boolean?"], "{text}");
        assert_eq!(done.rows(), [r#"[1,"x",null]"#, r#"[null,"y",true]"#], "{text}");
    }
}

#[test]
fn blocks_of_any_size_are_read_alike() {
    let text: String = (0..200).fold(String::new(), |text, number| {
        format!("{text}{{\"n\":{number},\"t\":\"{{\\\"}}]\",\"k{}\":null}}\n", number / 50)
    });
    let whole = import_file(Json, text.as_bytes());
    for block_bytes in [1, 7, 64, 1_000] {
        let limits = Limits { block_bytes, ..Limits::default() };
        let done = import_with(Json, text.as_bytes(), &options(json!({})), &limits).unwrap();
        assert_eq!(done.rows(), whole.rows());
        assert_eq!(done.types(), whole.types());
    }
}

#[test]
fn numbers_are_exact_and_texts_are_no_numbers() {
    let text = r#"[{"n":12.30,"s":"123","d":"2025-06-15","b":"true","e":""},{"n":0.005,"s":"5","d":"2025-06-14","b":"false","e":"x"}]"#;
    let done = import_file(Json, text.as_bytes());
    assert_eq!(done.types(), ["n number", "s text", "d date", "b text", "e text"]);
    assert_eq!(done.rows()[0], r#"[0.005,"5","2025-06-14","false","x"]"#);
    let mixed = import_file(Json, br#"[{"m":1},{"m":"a"},{"m":true}]"#);
    assert_eq!(mixed.rows(), [r#"["1"]"#, r#"["a"]"#, r#"["true"]"#]);
    let settings = options(json!({"columns": {"s": "integer"}}));
    let done = import_with(Json, text.as_bytes(), &settings, &Limits::default()).unwrap();
    assert_eq!(done.types()[1], "s integer");
}

#[test]
fn what_is_nested_is_kept_as_text_with_a_warning() {
    let done = import_file(Json, br#"[{"a":[1, 2],"b":{"c":"}"}},{"a":null,"b":"x"}]"#);
    assert_eq!(done.rows(), [r#"["[1, 2]","{\"c\":\"}\"}"]"#, r#"[null,"x"]"#]);
    assert_eq!(done.imported.warnings.len(), 2);
}

#[test]
fn other_json_is_refused_with_what_is_expected() {
    for text in ["12", "\"x\"", "{\"data\": [{\"a\": 1}]}", "{\n \"a\": 1\n}", "hello", "   "] {
        let reason = refused(Json, text.as_bytes()).reason;
        assert!(reason.contains("array of objects"), "{text}: {reason}");
    }
    assert!(refused(Json, b"").reason.contains("empty"));
    assert_eq!(refused(Json, b"[]").row, None);
}

#[test]
fn mistakes_are_named_by_their_element() {
    for (text, row) in [
        (r#"[{"a":1},{"a":1,"a":2}]"#, 2),
        (r#"[{"a":1},5]"#, 2),
        (r#"[{"a":1},{"a":tru}]"#, 2),
        (r#"[{"a":1} {"a":2}]"#, 2),
        (r#"[{"a":1},{"a":2}"#, 3),
        (r#"[{"a":1}]{}"#, 2),
        (r#"[{"a":1},{"a":"\u0000"}]"#, 2),
        (r#"[{"a":1},{"a":"\ud800"}]"#, 2),
        ("{\"a\":1}\n{\"a\":2", 2),
        ("{\"a\":1}\n,{\"a\":2}", 2),
    ] {
        assert_eq!(refused(Json, text.as_bytes()).row, Some(row), "{text}");
    }
    let deep = format!("[{{\"a\":{}{}}}]", "[".repeat(200), "]".repeat(200));
    assert!(refused(Json, deep.as_bytes()).reason.contains("128"));
    let long = format!("[{{\"a\":\"{}\"}}]", "x".repeat(2 << 20));
    assert_eq!(refused(Json, long.as_bytes()).column.as_deref(), Some("a"));
}
