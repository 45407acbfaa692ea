//! Reads all that the suite logs, and fails whatever logs what must not be: the log outlives the request, and more
//! people read it.

use std::io::{self, Write};
use std::sync::Once;

use tracing_subscriber::fmt::MakeWriter;

/// What no log line may have in it: the beginnings of tokens and keys, the password of every test user, the passwords
/// of data sources in tests, any email, signatures of links, and what is in files or their names.
const FORBIDDEN: &[&str] = &[
    "eyJ",
    "claribi_sk_",
    crate::PASSWORD,
    "hunter",
    "@example.com",
    "argon2id",
    "BEGIN ",
    "X-Amz-Signature",
    "confidential",
];

/// Starts reading. Later calls do nothing.
pub(crate) fn start() {
    static START: Once = Once::new();
    START.call_once(|| {
        let subscriber = shared::base::log::subscriber().with_writer(Guard).finish();
        tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
    });
}

#[derive(Clone, Copy, Debug)]
struct Guard;

impl MakeWriter<'_> for Guard {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

impl Write for Guard {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        for forbidden in FORBIDDEN {
            assert!(!text.contains(forbidden), "{forbidden} was logged: {text}");
        }
        let line: serde_json::Value = serde_json::from_str(&text).expect("a line is one JSON object");
        if line["message"] == "request" {
            let known = [
                "request_id",
                "method",
                "status",
                "duration_ms",
                "rounds",
                "read_units",
                "write_units",
                "bytes_scanned",
            ];
            assert!(known.iter().all(|field| !line[field].is_null()), "{text}");
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
