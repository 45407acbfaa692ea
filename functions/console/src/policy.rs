//! What the page may load, run and call: its own files, the API, and the bucket that files go to and come from.

use axum::http::HeaderValue;

/// The Content-Security-Policy of the page, for a bucket at that origin.
///
/// Texts become markup in one place, which reads the API's pictures and keeps of them what draws (`assets/ui/svg.js`): the one Trusted
/// Types policy, `chart`, is its.
pub(crate) fn policy(files: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {files}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types chart"
    );
    HeaderValue::try_from(policy).expect("an origin is visible ASCII")
}
