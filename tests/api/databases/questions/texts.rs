//! Texts: equality, order and parts of them, whatever the collation.

use serde_json::json;

use super::super::sources::start;
use super::{Question, Which, agree, columns, condition, count, everything, left};

/// Parts to look for: wildcards, escapes, cases, what folds to several characters, and nothing.
const PARTS: [&str; 30] = [
    "", " ", "a", "A", "S", "ss", "ß", "ẞ", "ſ", "i", "I", "İ", "ı", "i\u{307}", "\u{307}", "k", "K",
    "\u{212a}", "σ", "Σ", "ς", "é", "É", "e\u{301}", "%", "_", "\\", "'", "\"", "😀",
];

const TEXT_COLUMNS: [&str; 12] =
    ["name", "tag", "nick", "code", "western", "length", "mood", "uuid", "json", "address", "parts", "long"];

#[tokio::test]
async fn a_text_is_equal_to_itself_only() {
    let names = columns().find(|column| column.name == "name").unwrap();
    let each =
        |text: &str| ["name", "tag"].map(|field| left(&json!([condition(field, "eq", json!([text]))])));
    agree(names.texts().flat_map(each).collect()).await;
}

#[tokio::test]
async fn texts_are_in_the_order_of_their_bytes() {
    let names = columns().find(|column| column.name == "name").unwrap();
    let mut questions: Vec<Question> = names
        .texts()
        .step_by(3)
        .flat_map(|text| [("name", "gt"), ("tag", "lte")].map(|(field, operator)| (field, operator, text)))
        .map(|(field, operator, text)| left(&json!([condition(field, operator, json!([text]))])))
        .collect();
    for field in TEXT_COLUMNS {
        let by = |direction: &str| {
            everything(json!({
                "dimensions": [{ "field": field }], "measures": [count()], "order_by": [{ "field": field, "direction": direction }],
            }))
        };
        questions.extend([by("asc"), by("desc")]);
    }
    agree(questions).await;
}

#[tokio::test]
async fn parts_of_texts_are_found_in_any_case() {
    let mut questions = Vec::new();
    for part in PARTS {
        for field in ["name", "tag"] {
            questions.push(left(&json!([condition(field, "contains", json!([part]))])));
        }
    }
    for field in TEXT_COLUMNS {
        for part in ["A", "e", "ß", " ", "1", "\\", "%"] {
            questions.push(left(&json!([condition(field, "contains", json!([part]))])));
        }
    }
    agree(questions).await;
}

/// MySQL 8, which is not here, refuses an empty pattern.
#[tokio::test]
async fn an_empty_part_needs_no_pattern() {
    let (_app, sources) = start().await;
    let query = left(&json!([condition("name", "contains", json!([""]))])).query;
    for source in sources.iter().skip(1) {
        let explained = source.explain(Which::Everything, &query).await;
        let sql = explained.text("plan");
        assert!(sql.contains("IS NOT NULL") && !sql.contains("REGEXP") && !sql.contains('~'), "{sql}");
    }
}

#[tokio::test]
async fn what_looks_like_a_statement_or_a_parameter_is_text() {
    let texts = [
        "'; DROP TABLE \"Order\"; --",
        "\\",
        "\\'",
        "''",
        "`",
        "$1",
        "$$",
        "?",
        "%s",
        ":name",
        "/*",
        "--",
        "\u{1}",
        "null",
        "\n",
        "\\u0041",
        "😀",
        "{\"a\": 1}",
        "CURRENT_USER",
        "0x41",
        "a'b\\'c",
    ];
    let each = |text: &str| {
        [("name", "eq"), ("name", "contains"), ("tag", "ne"), ("code", "gte"), ("western", "eq")]
            .map(|(field, operator)| left(&json!([condition(field, operator, json!([text]))])))
    };
    agree(texts.iter().flat_map(|text| each(text)).collect()).await;
}
