//! Types that columns are given, whatever they look like.

use std::collections::BTreeMap;

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Invalid;
use crate::model::table::ColumnType;

/// How many columns a connection may give types to, and how long their names may be together: they are kept in the source's item.
const MAX_TYPED_COLUMNS: usize = 500;
const TYPED_COLUMNS_MAX_BYTES: usize = 50_000;

/// Types of columns by their names.
#[derive(Default, Serialize, Deserr, ToSchema)]
#[serde(transparent)]
#[schema(value_type = BTreeMap<String, ColumnType>)]
#[deserr(try_from(BTreeMap<String, ColumnType>) = ColumnTypes::parse -> Invalid)]
pub struct ColumnTypes(BTreeMap<String, ColumnType>);

impl ColumnTypes {
    fn parse(columns: BTreeMap<String, ColumnType>) -> Result<Self, Invalid> {
        if columns.len() > MAX_TYPED_COLUMNS {
            return Err(Invalid(format!("Must not name more than {MAX_TYPED_COLUMNS} columns.").into()));
        }
        if columns.keys().map(String::len).sum::<usize>() > TYPED_COLUMNS_MAX_BYTES {
            let reason =
                format!("The names of the columns must not take more than {TYPED_COLUMNS_MAX_BYTES} bytes.");
            return Err(Invalid(reason.into()));
        }
        Ok(Self(columns))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
