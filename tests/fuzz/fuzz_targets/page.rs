//! The parameters of a list.

#![no_main]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::extract::FromRequestParts;
use axum::http::Request;
use deserr::Deserr;
use libfuzzer_sys::fuzz_target;
use shared::base::{Code, Fields};
use shared::http::Query;
use shared::http::page::{MAX_SIZE, PageNumber, PageRequest, PageSize};

#[derive(Deserr, Debug)]
#[deserr(error = Fields, deny_unknown_fields)]
struct List {
    #[deserr(default)]
    page: PageNumber,
    #[deserr(default)]
    page_size: PageSize,
}

fn read(query: &str) -> Option<Result<PageRequest, Code>> {
    let request = Request::builder().uri(format!("/api/dashboards/?{query}")).body(()).ok()?;
    let (mut parts, ()) = request.into_parts();
    let read = pin!(Query::<List>::from_request_parts(&mut parts, &()));
    let Poll::Ready(result) = read.poll(&mut Context::from_waker(Waker::noop())) else { return None };
    let page = result.map(|Query(List { page, page_size })| PageRequest { number: page, size: page_size });
    Some(page.map_err(|refusal| refusal.code()))
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
