//! A bucket of S3, as a connection names it.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::base::{Error, Invalid};
use crate::string_enum;

/// The name of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 3, max_length = 63, pattern = "^[a-z0-9][a-z0-9.-]*[a-z0-9]$", examples("exports"))]
#[deserr(try_from(&String) = BucketName::parse -> Invalid)]
pub struct BucketName(String);

impl BucketName {
    /// Refuses what is no name of a bucket, as it would become part of a host's name
    /// ([rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_end =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let bytes = text.as_bytes();
        let is_name = (3..=63).contains(&bytes.len())
            && bytes.iter().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
            })
            && is_end(bytes.first())
            && is_end(bytes.last())
            && !text.contains("..");
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err("Must be the name of a bucket: 3 to 63 lowercase letters, digits, dots and hyphens, without s3://.".into())
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A region of AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 32, pattern = "^[a-z]{2,}(-[a-z]+)+-[0-9]+$", examples("eu-central-1"))]
#[deserr(try_from(&String) = Region::parse -> Invalid)]
pub struct Region(String);

impl Region {
    /// Refuses what does not look like a region, as it would become part of a host's name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let mut parts = text.split('-');
        let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_first = parts.next().is_some_and(|part| part.len() > 1 && is_word(part));
        let is_last = parts.next_back().is_some_and(is_number);
        let between: Vec<_> = parts.collect();
        if text.len() <= 32 && is_first && is_last && !between.is_empty() && between.into_iter().all(is_word)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err("Must be a region of AWS, like eu-central-1.".into())
        }
    }

    /// The region.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

string_enum! {
    /// What kind of objects are read.
    #[schema(as = ObjectFormat)]
    pub enum ObjectFormat {
        /// `.csv`, and its relative with tabs, `.tsv`.
        Csv = "csv",
        /// `.ndjson` and `.jsonl`, and `.json` whose first character is a bracket or a brace.
        Ndjson = "ndjson",
        /// `.parquet`.
        Parquet = "parquet",
    }
}

impl ObjectFormat {
    /// The format of an object, as its key's ending says.
    pub fn of_key(key: &str) -> Option<Self> {
        let name = key.rsplit('/').next().unwrap_or_default();
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "ndjson" | "jsonl" | "json" => Some(Self::Ndjson),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// The settings of a bucket, as they are stored.
#[derive(Clone, Debug, Deserialize)]
pub struct BucketSettings {
    /// The bucket.
    pub bucket: BucketName,
    /// Where it is.
    pub region: Region,
    /// What the keys of the objects begin with.
    #[serde(default)]
    pub prefix: String,
    /// Whom to act as.
    pub access_key_id: String,
    /// What kind of objects are read; by default the one that there is.
    pub format: Option<ObjectFormat>,
}

impl BucketSettings {
    /// Reads what a connection says.
    pub fn of(settings: &Map<String, Value>) -> Result<Self, Error> {
        serde_json::from_value(Value::Object(settings.clone())).map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_part_of_a_hosts_name_is_a_name() {
        for good in ["abc", "my-bucket.example", "0a0"] {
            assert!(BucketName::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ab",
            "Abc",
            "a_b",
            "-ab",
            "ab-",
            "a..b",
            "a/b",
            "s3://abc",
            "evil.example/#abc",
            "a@b",
            "arn:aws:s3:::abc",
        ] {
            assert!(BucketName::parse(bad).is_err(), "{bad}");
        }
        for good in ["eu-central-1", "us-gov-west-1", "cn-north-1", "ap-southeast-12"] {
            assert!(Region::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "eu",
            "eu-1",
            "eu-central",
            "eu-central-1.evil.example",
            "EU-CENTRAL-1",
            "eu-central-1/",
            "eu--central-1",
            "a-b-1",
        ] {
            assert!(Region::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_ending_of_a_key_says_the_format() {
        for (key, format) in [
            ("a/b.csv", Some(ObjectFormat::Csv)),
            ("b.TSV", Some(ObjectFormat::Csv)),
            ("b.jsonl", Some(ObjectFormat::Ndjson)),
            ("x.y/z.parquet", Some(ObjectFormat::Parquet)),
            ("a.csv/b", None),
            ("a.csv.gz", None),
            ("csv", None),
            ("", None),
        ] {
            assert_eq!(ObjectFormat::of_key(key), format, "{key}");
        }
    }
}
