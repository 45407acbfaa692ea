//! The page's files, under a version that changes with any of them: a browser never asks for one again.

use axum::RequestPartsExt as _;
use axum::extract::{FromRequestParts, Path};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use shared::base::{Code, Error};
use shared::http::Input;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file, as it is and compressed.
pub(crate) struct Asset {
    /// Its folder and name: `app/main.js`.
    pub(crate) name: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
}

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The file that a path names, and whether it may be sent compressed.
pub(crate) struct Asked {
    asset: &'static Asset,
    takes_gzip: bool,
}

impl Input for Asked {
    const PATH_VARIABLES: &'static [&'static str] = &["version", "folder", "file"];
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let path = parts.extract::<Path<(String, String, String)>>().await;
        // What is no text is the name of no file.
        let asset =
            path.ok().and_then(|Path((version, folder, file))| find(&version, &format!("{folder}/{file}")));
        let missing =
            || Error::new(Code::NotFound, "The console has no such file in this version. Load it again.");
        Ok(Self { asset: asset.ok_or_else(missing)?, takes_gzip: takes_gzip(&parts.headers) })
    }
}

pub(crate) async fn asset(Asked { asset, takes_gzip }: Asked) -> (HeaderMap, &'static [u8]) {
    let mut headers = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (CACHE_CONTROL, IMMUTABLE),
        (VARY, HeaderValue::from_static("accept-encoding")),
    ]);
    if !takes_gzip {
        return (headers, asset.plain);
    }
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    (headers, asset.gzip)
}

fn find(version: &str, name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| version == VERSION && asset.name == name)
}

/// Whether the client names gzip, and not to refuse it (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let is_refused = parts.filter_map(|part| part.strip_prefix("q=")).any(|q| q.parse() == Ok(0.0));
        is_gzip && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_type(content_type: &str) -> impl Iterator<Item = &'static Asset> {
        let found = ASSETS.iter().filter(|asset| asset.content_type.starts_with(content_type));
        let found: Vec<_> = found.collect();
        assert!(!found.is_empty(), "{content_type}");
        found.into_iter()
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (value, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br", false),
            ("identity", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            assert_eq!(takes_gzip(&headers), expected, "{value:?}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    /// Without the charts and the data: what a browser loads to show any page.
    #[test]
    fn the_whole_console_is_small() {
        let bytes: usize = ASSETS.iter().map(|asset| asset.gzip.len()).sum();
        assert!(bytes <= 150_000, "{bytes} bytes compressed");
    }

    /// Lines that look like comments are left out (`build.rs`), which a text of several lines might have.
    #[test]
    fn no_text_has_several_lines() {
        for asset in of_type("text/javascript") {
            for (line, number) in std::str::from_utf8(asset.plain).unwrap().lines().zip(1..) {
                assert!(line.matches('`').count().is_multiple_of(2), "{}:{number}: {line}", asset.name);
            }
        }
    }

    #[test]
    fn nothing_is_from_elsewhere_or_made_of_texts() {
        let scripts = of_type("text/javascript");
        for asset in scripts {
            let text = std::str::from_utf8(asset.plain).unwrap();
            for forbidden in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
            {
                assert!(!text.contains(forbidden), "{}: {forbidden}", asset.name);
            }
        }
        let styles = of_type("text/css");
        for asset in styles {
            let text = std::str::from_utf8(asset.plain).unwrap();
            for forbidden in ["@import", "url("] {
                assert!(!text.contains(forbidden), "{}: {forbidden}", asset.name);
            }
        }
    }
}
