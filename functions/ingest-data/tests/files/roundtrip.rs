//! Random tables, written as CSV in every dialect and encoding, come back as they were.

use ingest_data::Limits;
use proptest::prelude::*;
use serde_json::{Value, json};
use shared::model::data_source::engine::Engine::Csv;

use super::{cells, import_with, options};

/// How a CSV file is written.
#[expect(clippy::struct_excessive_bools, reason = "each doubles the dialects that are tried")]
#[derive(Clone, Debug)]
struct Dialect {
    delimiter: char,
    /// Whether a file says its own delimiter.
    is_given: bool,
    line_end: &'static str,
    last_line_ends: bool,
    has_header: bool,
    quotes_all: bool,
    encoding: Encoding,
    block_bytes: usize,
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

impl Encoding {
    fn encode(self, text: &str) -> Option<Vec<u8>> {
        Some(match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Marked => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            Self::Utf16Le => {
                [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
            }
            Self::Utf16Be => {
                [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
            }
            Self::Windows1252 => {
                let (bytes, _, is_lossy) = encoding_rs::WINDOWS_1252.encode(text);
                // What happens to be UTF-8 as well is taken for that.
                if is_lossy || (std::str::from_utf8(&bytes).is_ok() && !text.is_ascii()) {
                    return None;
                }
                bytes.into_owned()
            }
        })
    }
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (
        prop::sample::select(vec![',', ';', '\t', '|']),
        any::<bool>(),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        prop::sample::select(vec![
            Encoding::Utf8,
            Encoding::Utf8Marked,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
            Encoding::Windows1252,
        ]),
        prop::sample::select(vec![5, 64, 1 << 20]),
    )
        .prop_map(
            |(
                delimiter,
                is_given,
                line_end,
                last_line_ends,
                has_header,
                quotes_all,
                encoding,
                block_bytes,
            )| Dialect {
                delimiter,
                is_given,
                line_end,
                last_line_ends,
                has_header,
                quotes_all,
                encoding,
                block_bytes,
            },
        )
}

/// Values of one column, as they are in the file, with what they are in JSON.
fn column(rows: usize) -> impl Strategy<Value = Vec<(String, Value)>> {
    let value = |text: String, value: Value| (text, value);
    let integers = any::<i64>().prop_map(move |number| value(number.to_string(), json!(number))).boxed();
    let decimals = (any::<i32>(), 0..100_u32)
        .prop_map(move |(whole, cents)| {
            let text = format!("{whole}.{cents:02}");
            // A column has one scale, and cells have no zeros at the end.
            let shown = text.trim_end_matches('0').trim_end_matches('.').to_owned();
            let shown = if shown == "-0" { "0".to_owned() } else { shown };
            value(text, serde_json::from_str(&shown).unwrap())
        })
        .boxed();
    let dates = (1..=9_999_u32, 1..=12_u32, 1..=28_u32)
        .prop_map(move |(year, month, day)| {
            let text = format!("{year:04}-{month:02}-{day:02}");
            value(text.clone(), json!(text))
        })
        .boxed();
    let booleans = any::<bool>().prop_map(move |is| value(is.to_string().to_uppercase(), json!(is))).boxed();
    let texts = "[a-zäöü€ ,;|\t\"'\n.:-]{1,12}"
        .prop_map(move |text| value(format!("{text}x"), json!(format!("{text}x"))))
        .boxed();
    let wide = "[😀-😏مرحب]{1,4}".prop_map(move |text| value(text.clone(), json!(text))).boxed();
    prop::sample::select(vec![integers, decimals, dates, booleans, texts, wide]).prop_flat_map(
        move |values| {
            let cell = prop_oneof![1 => Just((String::new(), Value::Null)), 4 => values];
            prop::collection::vec(cell, rows)
        },
    )
}

fn table() -> impl Strategy<Value = Vec<Vec<(String, Value)>>> {
    (1..6_usize, 1..12_usize).prop_flat_map(|(columns, rows)| prop::collection::vec(column(rows), columns))
}

fn write(table: &[Vec<(String, Value)>], dialect: &Dialect) -> String {
    let mut lines = Vec::new();
    if dialect.has_header {
        lines.push((0..table.len()).map(|index| format!("c{index}")).collect::<Vec<_>>());
    }
    for row in 0..table[0].len() {
        lines.push(table.iter().map(|column| column[row].0.clone()).collect());
    }
    let quoted = |field: &String| {
        let special = field.contains(['"', '\n', '\r', dialect.delimiter]);
        if special || dialect.quotes_all {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.clone()
        }
    };
    let delimiter = dialect.delimiter.to_string();
    let lines = lines.iter().map(|line| line.iter().map(quoted).collect::<Vec<_>>().join(&delimiter));
    let mut text = lines.collect::<Vec<_>>().join(dialect.line_end);
    if dialect.last_line_ends {
        text += dialect.line_end;
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn tables_come_back(table in table(), dialect in dialect()) {
        let text = write(&table, &dialect);
        let Some(bytes) = dialect.encoding.encode(&text) else { return Ok(()) };
        // An empty line at the end of a table with one column is no row, and an unquoted one at its beginning is none.
        prop_assume!(table.len() > 1 || table[0].iter().all(|(field, _)| !field.is_empty()));
        let mut settings = json!({"has_header": dialect.has_header});
        // A header with one column or rows of texts with other delimiters do not tell.
        if dialect.is_given || !dialect.has_header || table.len() == 1 {
            settings["delimiter"] = json!(dialect.delimiter);
        }
        let limits = Limits { block_bytes: dialect.block_bytes, ..Limits::default() };
        let done = import_with(Csv, &bytes, &options(settings), &limits)
            .map_err(|failure| TestCaseError::fail(format!("{failure}: {text:?}")))?;
        let read = cells(done.table());
        // Rows are sorted by the first column of dates.
        let types: Vec<_> = done.table().table.columns.iter().map(|column| column.column_type.as_str()).collect();
        let mut order: Vec<usize> = (0..table[0].len()).collect();
        if let Some(time) = types.iter().position(|name| *name == "date") {
            order.sort_by_key(|&row| match &table[time][row].1 {
                Value::String(date) => date.clone(),
                _ => "~".to_owned(),
            });
        }
        for (place, &row) in order.iter().enumerate() {
            for (index, column) in table.iter().enumerate() {
                let (field, value) = &column[row];
                let found: Value = serde_json::from_str(&read[place][index]).unwrap();
                // A column of texts that are something else, like one with nulls only, is what it is.
                prop_assert_eq!(&found, value, "row {}, column {}, {:?} of {:?}", row, index, field, text);
            }
        }
    }

    #[test]
    fn any_text_is_read_alike_whole_and_in_parts(
        rows in prop::collection::vec("([0-9.,]{0,6}|2025-0[1-9]-1[0-9]|[a\"\n\0\u{e4}]{0,3}|true)[,;]?([0-9.,]{0,6}|1e5|\"a,b\")", 0..30),
        has_header in any::<bool>(),
    ) {
        let text = rows.join("\n");
        let settings = options(json!({"has_header": has_header}));
        let whole = Limits { value_bytes: 100, record_bytes: 1_000, columns: 20, ..Limits::default() };
        let parts = Limits { block_bytes: 7, sort_bytes: 500, group_rows: 3, group_bytes: 100, ..whole.clone() };
        let [whole, parts] = [whole, parts].map(|limits| {
            match import_with(Csv, text.as_bytes(), &settings, &limits) {
                Ok(done) => Ok((cells(done.table()), serde_json::to_string(&done.table().table).unwrap())),
                Err(ingest_data::ImportFailure::Rejected { errors, count }) => Err((errors, count)),
                Err(failure) => panic!("{failure}"),
            }
        });
        prop_assert_eq!(whole, parts, "{:?}", text);
    }
}
