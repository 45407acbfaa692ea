//! The connection to Amazon Athena.

use deserr::{Deserr, ValuePointerRef};
use serde::Serialize;
use utoipa::ToSchema;

use super::cache::CacheSeconds;
use super::secret::Secret;
use super::{Setting, Settings};
use crate::base::Fields;
use crate::model::data_source::athena::{AccessKeyId, Catalog, RoleArn, Workgroup};
use crate::model::data_source::bucket::Region;
use crate::model::data_source::refresh::Refresh;

/// Of Amazon Athena.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields, validate = Athena::check -> Fields)]
#[schema(as = AthenaConnection)]
pub struct Athena {
    /// The workgroup whose limits hold, and which says where results are put.
    #[deserr(default)]
    #[schema(required = false, default = "primary")]
    workgroup: Workgroup,
    /// The data catalog.
    #[deserr(default)]
    #[schema(required = false, default = "AwsDataCatalog")]
    catalog: Catalog,
    /// The database whose tables are there.
    database: Setting,
    region: Region,
    /// The role that is assumed. Its trust policy must ask for the external ID that the data source shows as
    /// `connection.external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    role_arn: Option<RoleArn>,
    /// With `secret_access_key`, in place of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    access_key_id: Option<AccessKeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    secret_access_key: Option<Secret>,
    /// How long an answer serves before Athena is asked again, in seconds.
    #[deserr(default)]
    #[schema(required = false, default = 60)]
    cache_seconds: CacheSeconds,
    /// How often the catalog is imported again by itself.
    #[deserr(default)]
    #[schema(required = false, default = "manual")]
    refresh: Refresh,
}

impl Athena {
    fn check(self, _: ValuePointerRef) -> Result<Self, Fields> {
        let mut fields = Fields::default();
        if self.role_arn.is_some() && self.access_key_id.is_some() {
            let reason = "Must not be set beside access_key_id: it is one or the other.";
            fields.add("connection.role_arn", reason);
        }
        if self.secret_access_key.is_some() && self.access_key_id.is_none() {
            fields.add("connection.access_key_id", "Must be set with secret_access_key.");
        }
        if fields.is_empty() { Ok(self) } else { Err(fields) }
    }
}

impl Settings for Athena {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("secret_access_key", self.secret_access_key.take())]
    }
}
