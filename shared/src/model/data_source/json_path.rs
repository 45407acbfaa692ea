//! Paths into JSON: the names of members, one within the other.

use std::fmt;

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Invalid;

/// A path like `$.data.items`; `$` alone is the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 255, pattern = r"^\$(\.[^.\s\[\]*]+)*$", examples("$.data.items"))]
#[deserr(try_from(&String) = JsonPath::parse -> Invalid)]
pub struct JsonPath(Vec<String>);

impl JsonPath {
    const MAX_BYTES: usize = 255;

    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: &str =
            "Must be a path like $.data.items: names of members after a dot each, without [] and *.";
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid(format!("Must not be longer than {} bytes.", Self::MAX_BYTES).into()));
        }
        let rest = text.strip_prefix('$').ok_or(EXPECTED)?;
        let mut names = rest.split('.');
        if names.next() != Some("") {
            return Err(EXPECTED.into());
        }
        let is_name = |name: &str| {
            !name.is_empty()
                && !name
                    .contains(|c: char| matches!(c, '[' | ']' | '*') || c.is_whitespace() || c.is_control())
        };
        let names: Vec<_> = names.map(str::to_owned).collect();
        if names.iter().all(|name| is_name(name)) { Ok(Self(names)) } else { Err(EXPECTED.into()) }
    }

    /// The names of the members, the outermost first.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|name| write!(f, ".{name}"))
    }
}

impl TryFrom<String> for JsonPath {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<JsonPath> for String {
    fn from(path: JsonPath) -> Self {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_names_after_dots() {
        for (text, names) in [
            ("$", vec![]),
            ("$.a", vec!["a"]),
            ("$.data.items", vec!["data", "items"]),
            ("$.@odata-next.ü", vec!["@odata-next", "ü"]),
        ] {
            let path = JsonPath::parse(text).unwrap();
            assert_eq!(
                (path.names(), path.to_string().as_str()),
                (&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..], text)
            );
        }
        for bad in
            ["", "a", "data.items", "$data", "$.", "$.a.", "$..a", "$.a[0]", "$.*", "$. a", "$.a b", "$.a\n"]
        {
            assert!(JsonPath::parse(bad).is_err(), "{bad}");
        }
        assert!(JsonPath::parse(&format!("$.{}", "a".repeat(254))).is_err());
    }
}
