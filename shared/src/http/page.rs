//! Lists, a page at a time: `?page=` from 1 and `?page_size=` up to 100, answered with the exact count and links.

use axum::http::Uri;
use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::base::{Code, Error, Fields, Invalid};
use crate::http::{RequestContext, canonical};

const DEFAULT_SIZE: usize = 20;

/// The largest page. What is above is refused: a silent cut would lose data.
pub const MAX_SIZE: usize = 100;

/// A page's number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[schema(value_type = u64, minimum = 1, default = 1)]
#[deserr(try_from(&String) = PageNumber::parse -> Invalid)]
pub struct PageNumber(u64);

/// How many results a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserr, ToSchema)]
#[schema(value_type = u32, minimum = 1, maximum = 100, default = 20)]
#[deserr(try_from(&String) = PageSize::parse -> Invalid)]
pub struct PageSize(usize);

impl Default for PageNumber {
    fn default() -> Self {
        Self(1)
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(DEFAULT_SIZE)
    }
}

impl PageNumber {
    /// A positive number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match digits(text) {
            Some(0) | None => Err("Must be a page number: 1 or more.".into()),
            Some(number) => Ok(Self(number)),
        }
    }
}

impl PageSize {
    /// A number from 1 to [`MAX_SIZE`].
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match digits(text).and_then(|size| usize::try_from(size).ok()) {
            Some(size @ 1..=MAX_SIZE) => Ok(Self(size)),
            _ => Err(Invalid(format!("Must be a number from 1 to {MAX_SIZE}.").into())),
        }
    }
}

fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Which page is asked for: the parameters that every list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserr, IntoParams)]
#[deserr(error = Fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Which page, from 1.
    #[deserr(default)]
    #[param(inline, required = false)]
    pub page: PageNumber,
    /// How many results a page has, up to 100.
    #[deserr(default)]
    #[param(inline, required = false)]
    pub page_size: PageSize,
}

impl Paging {
    /// The names of the parameters.
    pub const NAMES: [&str; 2] = ["page", "page_size"];

    /// How many results come before the page.
    pub fn offset(self) -> u64 {
        (self.page.0 - 1).saturating_mul(self.page_size.0 as u64)
    }

    /// How many results the page has at most.
    pub fn limit(self) -> usize {
        self.page_size.0
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// How many there are on all pages together.
    count: u64,
    /// The URL of the next page; null on the last.
    #[schema(required, format = "uri")]
    next: Option<String>,
    /// The URL of the previous page; null on the first.
    #[schema(required, format = "uri")]
    previous: Option<String>,
    /// The page, in ascending order of ID.
    results: Vec<T>,
}

impl<T> Page<T> {
    /// The page with each result turned into another.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        let Self { count, next, previous, results } = self;
        Page { count, next, previous, results: results.into_iter().map(turn).collect() }
    }
}

/// Where a page stands in its list; made before its rows are read, so that a page past the last costs no read.
#[derive(Debug)]
pub struct PageLinks {
    count: u64,
    next: Option<String>,
    previous: Option<String>,
}

impl PageLinks {
    /// The links of a page of a list of `count` results. They keep the request's other parameters.
    pub fn new(request: Paging, count: u64, context: &RequestContext, uri: &Uri) -> Result<Self, Error> {
        let number = request.page.0;
        let pages = count.div_ceil(request.page_size.0 as u64).max(1);
        if number > pages {
            return Err(Error::new(
                Code::NotFound,
                format!("Page {number} does not exist; the last page is {pages}."),
            ));
        }
        let link = |number: u64| link(context, uri, number);
        Ok(Self {
            count,
            next: (number < pages).then(|| link(number + 1)),
            previous: (number > 1).then(|| link(number - 1)),
        })
    }

    /// The page with its rows.
    pub fn with<T>(self, results: Vec<T>) -> Page<T> {
        let Self { count, next, previous } = self;
        Page { count, next, previous, results }
    }
}

fn link(context: &RequestContext, uri: &Uri, number: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let others = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.extend_pairs(others.filter(|(name, _)| name != "page"));
    query.append_pair("page", &number.to_string());
    format!("{}?{}", context.url(&canonical(uri.path())), query.finish())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        for text in ["0", "-1", "x", "", "1.5", "+1", " 1", "99999999999999999999", "٣"] {
            assert!(PageNumber::parse(text).is_err(), "{text}");
            assert!(PageSize::parse(text).is_err(), "{text}");
        }
        assert!(PageSize::parse("101").is_err());
        assert_eq!(PageSize::parse("100"), Ok(PageSize(100)));
        assert_eq!(PageNumber::parse("99999999999999999"), Ok(PageNumber(99_999_999_999_999_999)));
    }

    proptest! {
        #[test]
        fn pages_cover_a_list_without_gap_or_overlap(count in 0..5_000_u64, size in 1..=MAX_SIZE) {
            let pages = count.div_ceil(size as u64).max(1);
            let mut seen = 0;
            for number in 1..=pages {
                let page = Paging { page: PageNumber(number), page_size: PageSize(size) };
                prop_assert_eq!(page.offset(), seen);
                seen += (count - seen).min(page.limit() as u64);
            }
            prop_assert_eq!(seen, count);
        }
    }
}
