//! The page: an interactive reference (Swagger UI), all of it from here.
//!
//! Its Content-Security-Policy lets in nothing from elsewhere and nothing inline, since people paste credentials into it.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderName, Uri};
use shared::base::Code;
use shared::base::Error;
use shared::http::RequestContext;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("page.html");

/// The page's files: name, content type, text.
const FILES: [(&str, &str, &str); 4] = [
    ("page.css", "text/css; charset=utf-8", include_str!("page.css")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("page.js")),
    ("swagger-ui.css", "text/css; charset=utf-8", include_str!(concat!(env!("OUT_DIR"), "/swagger-ui.css"))),
    (
        "swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
        include_str!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js")),
    ),
];

pub(crate) async fn page(context: RequestContext) -> ([(HeaderName, &'static str); 4], String) {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, PAGE.replace("{api}", &path(&context.url("/api"))))
}

/// The path of a URL: with the stage on API Gateway's default domain. A path has no characters that HTML minds.
fn path(url: &str) -> String {
    url.parse::<Uri>().map_or_else(|_| "/api".to_owned(), |url| url.path().to_owned())
}

pub(crate) async fn file(
    name: Result<Path<String>, PathRejection>,
) -> Result<([(HeaderName, &'static str); 2], &'static str), Error> {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let found = FILES.iter().find(|(file, _, _)| *file == name);
    let (_, content_type, text) =
        found.ok_or_else(|| Error::new(Code::NotFound, "The documentation has no such file."))?;
    Ok(([(CONTENT_TYPE, content_type), (CACHE_CONTROL, "public, max-age=3600")], text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_inline_or_from_elsewhere() {
        for forbidden in ["<style", "style=", "http:", "https:", "//", "onload"] {
            assert!(!PAGE.contains(forbidden), "{forbidden}");
        }
        assert_eq!(PAGE.matches("<script").count(), PAGE.matches("<script src=\"{api}/docs/").count());
    }

    #[test]
    fn the_page_is_below_the_stage() {
        assert_eq!(
            path("https://x.execute-api.eu-central-1.amazonaws.com/production/api"),
            "/production/api"
        );
        assert_eq!(path("/api"), "/api");
    }
}
