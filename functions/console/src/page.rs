//! The page itself: it names the version of the files, so it is asked for each time.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::response::Response;
use sha2::{Digest as _, Sha256};
use shared::App;
use shared::http::RequestContext;
use shared::http::etag::IfNoneMatch;
use shared::service::app::DemoSignIn;

use crate::assets::{ASSETS, VERSION};
use crate::policy::policy;

const PAGE: &str = include_str!("../assets/index.html");

/// The folders whose modules, and nothing else is in them, every page needs.
const EVERY_PAGE: [&str; 3] = ["api/", "app/", "ui/"];

/// Keeps pages of other origins that open this one, or that it opens, from reaching into it.
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

pub(crate) async fn page(State(app): State<App>, context: RequestContext, known: IfNoneMatch) -> Response {
    let html = render(&path(&context.url("/")), app.config.demo_sign_in.as_ref());
    let tag = tag(&html);
    let response = Response::builder()
        .header(CACHE_CONTROL, "no-cache")
        .header(ETAG, format!("\"{tag}\""))
        .header(CONTENT_SECURITY_POLICY, policy(&app.files.origin()))
        .header(REFERRER_POLICY, "no-referrer")
        .header(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    let response = if known.has(&tag) {
        response.status(304).body(Body::empty())
    } else {
        response
            .header(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))
            .body(Body::from(html))
    };
    response.expect("the headers are visible ASCII")
}

/// The page, below that path.
fn render(root: &str, demo: Option<&DemoSignIn>) -> String {
    let assets = format!("{root}assets/{VERSION}");
    // All that every page needs is asked for at once, and not import by import.
    let mut preloads = String::new();
    let is_needed = |name: &str| EVERY_PAGE.iter().any(|folder| name.starts_with(folder));
    for module in ASSETS.iter().filter(|asset| is_needed(asset.name)) {
        // Writing to a string does not fail.
        let _ = write!(preloads, "\n    <link rel=\"modulepreload\" href=\"{assets}/{}\">", module.name);
    }
    PAGE.replace("{assets}", &assets)
        .replace("\n    {preloads}", &preloads)
        .replace("\n    {demo}", &demo.map(demo_sign_in).unwrap_or_default())
}

/// What the sign-in page offers to fill in.
fn demo_sign_in(DemoSignIn { email, password }: &DemoSignIn) -> String {
    format!(
        "\n    <meta name=\"demo-sign-in\" data-email=\"{}\" data-password=\"{}\">",
        escape(email),
        escape(password)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// The path of a URL: with the stage on API Gateway's default domain. A path has no characters that HTML minds.
fn path(url: &str) -> String {
    url.parse::<Uri>().map_or_else(|_| "/".to_owned(), |url| url.path().to_owned())
}

fn tag(html: &str) -> String {
    Sha256::digest(html).iter().take(8).fold(String::new(), |mut tag, byte| {
        // Writing to a string does not fail.
        let _ = write!(tag, "{byte:02x}");
        tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_inline_or_from_elsewhere() {
        let page = render("/", None);
        for forbidden in ["<style", "style=", "http:", "https:", "//", "onload", "{"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert_eq!(
            page.matches("<script").count(),
            page.matches("<script type=\"module\" src=\"/assets/").count()
        );
    }

    #[test]
    fn the_page_is_below_the_stage() {
        assert_eq!(path("https://x.execute-api.eu-central-1.amazonaws.com/production/"), "/production/");
        assert_eq!(path("/"), "/");
        assert!(
            render("/production/", None).contains(&format!("\"/production/assets/{VERSION}/app/main.js\""))
        );
    }

    #[test]
    fn the_demo_is_offered_where_there_is_one() {
        assert!(!render("/", None).contains("demo-sign-in"));
        let demo = DemoSignIn { email: "a@b.example".to_owned(), password: "\"<&".to_owned() };
        let expected =
            r#"<meta name="demo-sign-in" data-email="a@b.example" data-password="&quot;&lt;&amp;">"#;
        assert!(render("/", Some(&demo)).contains(expected));
    }
}
