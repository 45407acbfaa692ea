//! The parameters of a list.

#![no_main]

use axum::http::Uri;
use libfuzzer_sys::fuzz_target;
use shared::base::Code;
use shared::http::page::{MAX_SIZE, Paging};
use shared::model::dashboard::DashboardStatus;
use shared::service::fuzzing::read_list;

shared::filters! {
    /// As dashboards have them.
    struct Filters {
        /// One of two.
        status: DashboardStatus = "status",
    }
}

fn read(query: &str) -> Option<Result<Paging, Code>> {
    let uri: Uri = format!("/api/dashboards/?{query}").parse().ok()?;
    Some(read_list::<Filters>(&uri).map_err(|refusal| refusal.code()))
}

/// The same query with every byte of its values percent-encoded.
fn encoded(query: &str) -> Option<String> {
    let pairs: Option<Vec<_>> = query
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let plain = value.bytes().all(|byte| byte.is_ascii_digit());
            let value: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
            plain.then(|| format!("{name}={value}"))
        })
        .collect();
    Some(pairs?.join("&"))
}

fuzz_target!(|query: &str| {
    match read(query) {
        None => {}
        Some(Err(code)) => assert!(matches!(code, Code::ValidationError | Code::BadRequest)),
        Some(Ok(page)) => {
            assert!((1..=MAX_SIZE).contains(&page.limit()));
            let before = page.offset().is_multiple_of(page.limit() as u64) || page.offset() == u64::MAX;
            assert!(before, "{page:?} begins within another page");
            if let Some(query) = encoded(query) {
                assert_eq!(read(&query), Some(Ok(page)));
            }
        }
    }
});
