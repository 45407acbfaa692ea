//! How long answers of what is asked live serve.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Invalid;

/// How long an answer serves.
#[derive(Clone, Copy, Debug, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = u32, minimum = 1, maximum = 86_400)]
#[deserr(try_from(u64) = CacheSeconds::parse -> Invalid)]
pub(super) struct CacheSeconds(u32);

impl Default for CacheSeconds {
    fn default() -> Self {
        Self(60)
    }
}

impl CacheSeconds {
    fn parse(seconds: u64) -> Result<Self, Invalid> {
        match u32::try_from(seconds) {
            Ok(seconds @ 1..=86_400) => Ok(Self(seconds)),
            _ => Err("Must be a number of seconds from 1 to 86400, a day.".into()),
        }
    }
}
