//! The OpenAPI document, for the server at hand.

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use shared::http::RequestContext;

const DOCUMENT: &str = include_str!("../../../openapi.json");

/// What the committed document has in the place of the server's URL.
const SERVER: &str = r#""url": "http://127.0.0.1:3000""#;

pub(crate) async fn document(context: RequestContext) -> ([(HeaderName, &'static str); 2], String) {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, for_server(&context.url("")))
}

/// A URL has no quotes: they are percent-encoded, and a host has none.
fn for_server(url: &str) -> String {
    let url: String = url.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()).collect();
    DOCUMENT.replacen(SERVER, &format!(r#""url": "{url}""#), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_server_and_nothing_else_changes() {
        assert_eq!(DOCUMENT.matches(SERVER).count(), 1);
        let document = for_server("https://api.example.com");
        assert!(document.contains(r#""url": "https://api.example.com""#));
        assert_eq!(
            document.len() - "https://api.example.com".len(),
            DOCUMENT.len() - "http://127.0.0.1:3000".len()
        );
        assert!(for_server("https://x\"},{\"").contains(r#""url": "https://x},{""#));
    }
}
