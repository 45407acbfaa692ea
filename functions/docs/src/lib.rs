//! `/api/docs/` and `/api/openapi.json`: the API, explained.
//!
//! The document is the committed one, which a test keeps current; so this function knows no other, and no other carries what
//! describes it. Its own pages are not in the document: they are for people.

mod document;
mod page;

use axum::http::Method;
use shared::access::Access::Public;
use shared::service::Routes;

/// The group's routes. API Gateway also sends here what is at nobody's path, for the 404 that the router answers.
pub fn routes() -> Routes {
    Routes::new()
        .add(Method::GET, "/api/openapi.json/", Public, document::document)
        .add(Method::GET, "/api/docs/", Public, page::page)
        .add(Method::GET, "/api/docs/{file}/", Public, page::file)
}
