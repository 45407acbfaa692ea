//! Services of AWS in accounts that need not be ours: as whom they are asked, and over which connections.
//!
//! A role of somebody else's is assumed only if it asks for an external ID: one that anybody may assume could be named by any
//! organization, and would be used in the name of all
//! ([what AWS says of it](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html)).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector};
use axum::http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};

use crate::model::data_source::bucket::{BucketName, BucketSettings};
use crate::store::StoreError;
use crate::store::aws::{self, Settings};
use crate::store::buckets::Bucket;
use crate::store::signed_request::{Service, Signer};

/// How long a role is assumed for: what any role allows.
const SESSION: Duration = Duration::from_hours(1);

/// How long before their end credentials are not used any more: longer than any query of ours takes.
const MARGIN: Duration = Duration::from_mins(10);

/// How many roles' credentials are kept.
const KEPT: usize = 200;

/// Services in other accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cloud(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    settings: Settings,
    connector: SharedHttpConnector,
    /// Whether data sources may be asked in our own name.
    own_role: bool,
    assumed: Mutex<HashMap<(String, String), (SystemTime, Credentials)>>,
}

/// Why a role is not assumed.
#[derive(Debug, thiserror::Error)]
pub enum AssumeError {
    /// It does not let us in, or we may not ask it to.
    #[error("{0}")]
    Denied(String),
    /// It lets us in without an external ID.
    #[error("the role asks for no external ID")]
    Open,
    /// Nobody answered.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What STS says of an attempt.
enum Attempt {
    Done(Credentials),
    Denied(String),
}

impl Cloud {
    /// Acts as these settings say. `own_role` is whether data sources may be asked in our own name.
    pub fn new(settings: Settings, connector: SharedHttpConnector, own_role: bool) -> Self {
        Self(Arc::new(Parts { settings, connector, own_role, assumed: Mutex::default() }))
    }

    /// What clients of services send with.
    pub fn http_client(&self) -> SharedHttpClient {
        aws::over(self.0.connector.clone())
    }

    /// A bucket, with the access key that its data source has for it.
    pub fn bucket(&self, bucket: &BucketSettings, secret_access_key: &SecretString) -> Bucket {
        let BucketSettings { access_key_id, region, bucket, .. } = bucket;
        self.bucket_as(access_key(access_key_id, secret_access_key), bucket, region.as_str())
    }

    /// A bucket in that region, as whoever the credentials are of.
    pub fn bucket_as(&self, credentials: Credentials, name: &BucketName, region: &str) -> Bucket {
        Bucket::open(name, region, credentials, &self.0.settings, self.0.connector.clone())
    }

    /// Where Athena is, if not in its region.
    pub fn athena_endpoint(&self) -> Option<&str> {
        self.0.settings.athena_endpoint.as_deref()
    }

    /// Our own credentials, where data sources may be asked in our name.
    pub fn own(&self) -> Option<Credentials> {
        self.0.own_role.then(|| self.0.settings.credentials.clone())
    }

    /// The credentials of a role that asks for this external ID. `session` is what its owner's log calls us.
    pub async fn assume(
        &self,
        role_arn: &str,
        external_id: &str,
        session: &str,
    ) -> Result<Credentials, AssumeError> {
        let key = (role_arn.to_owned(), external_id.to_owned());
        let kept = self.0.assumed.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((until, credentials)) = kept
            && SystemTime::now() + MARGIN < until
        {
            return Ok(credentials);
        }
        let asked_at = SystemTime::now();
        if let Attempt::Done(_) = self.ask(role_arn, None, session).await? {
            return Err(AssumeError::Open);
        }
        let credentials = match self.ask(role_arn, Some(external_id), session).await? {
            Attempt::Done(credentials) => credentials,
            Attempt::Denied(reason) => return Err(AssumeError::Denied(reason)),
        };
        let mut assumed = self.0.assumed.lock().unwrap_or_else(PoisonError::into_inner);
        if assumed.len() >= KEPT {
            assumed.clear();
        }
        assumed.insert(key, (asked_at + SESSION, credentials.clone()));
        Ok(credentials)
    }

    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    async fn ask(
        &self,
        role_arn: &str,
        external_id: Option<&str>,
        session: &str,
    ) -> Result<Attempt, StoreError> {
        let Parts { settings, connector, .. } = &*self.0;
        let region = &settings.region;
        let url = settings.sts_endpoint.as_ref().map_or_else(
            || format!("https://sts.{region}.{}/", aws::domain(region)),
            |endpoint| format!("{endpoint}/"),
        );
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let signer = Signer::new(Service::Sts, settings, connector.clone());
        let answer =
            signer.send("POST", &url, &headers, form(role_arn, external_id, session).as_bytes()).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.status == StatusCode::FORBIDDEN {
            let reason = element(&text, "Message").unwrap_or("AWS denies it");
            return Ok(Attempt::Denied(reason.chars().take(300).collect()));
        }
        answer.succeeded()?;
        let part = |name| element(&text, name).map(str::to_owned);
        match (part("AccessKeyId"), part("SecretAccessKey"), part("SessionToken")) {
            (Some(id), Some(secret), token @ Some(_)) => {
                Ok(Attempt::Done(Credentials::new(id, secret, token, None, "role")))
            }
            _ => Err(StoreError::unreadable("STS answered without credentials")),
        }
    }
}

/// What an access key of a data source's is to the SDK.
pub fn access_key(id: &str, secret: &SecretString) -> Credentials {
    Credentials::new(id, secret.expose_secret(), None, None, "data source")
}

/// The body of a call to assume a role.
fn form(role_arn: &str, external_id: Option<&str>, session: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", "AssumeRole").append_pair("Version", "2011-06-15");
    form.append_pair("RoleArn", role_arn).append_pair("RoleSessionName", session);
    form.append_pair("DurationSeconds", &SESSION.as_secs().to_string());
    if let Some(id) = external_id {
        form.append_pair("ExternalId", id);
    }
    form.finish()
}

/// The text of the first element of that name. What STS says here has no nested elements and nothing escaped.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_name() {
        let xml = "<A><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>a/b+c=</SecretAccessKey></A>";
        assert_eq!(element(xml, "SecretAccessKey"), Some("a/b+c="));
        assert_eq!(element(xml, "SessionToken"), None);
    }
}
