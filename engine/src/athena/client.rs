//! The calls to Athena: each is tried again while it is throttled or fails on Athena's side, and ends in time, whatever hangs.

use std::time::Duration;

use aws_sdk_athena::Client as Sdk;
use aws_sdk_athena::config::retry::RetryConfig;
use aws_sdk_athena::config::timeout::TimeoutConfig;
use aws_sdk_athena::config::{BehaviorVersion, Config, Region, SharedCredentialsProvider};
use aws_sdk_athena::types::{TableMetadata, WorkGroup};
use shared::store::Cloud;

use super::error::AthenaError;
use super::target::{AthenaTarget, Settings};

/// Athena answers calls within a second or so; a page of rows may be a few megabytes.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);

/// For all attempts of one call.
const CALL_TIMEOUT: Duration = Duration::from_secs(9);

const ATTEMPTS: u32 = 4;

/// How many tables Athena lists at once, at most.
const LISTED_AT_ONCE: i32 = 50;

/// Athena, as a data source asks it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) sdk: Sdk,
    pub(super) settings: Settings,
}

impl Client {
    /// Acts as the target says.
    pub(super) async fn of(target: &AthenaTarget, cloud: &Cloud) -> Result<Self, AthenaError> {
        let credentials = target.credentials(cloud).await?;
        let settings = target.settings.clone();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(cloud.http_client())
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .operation_timeout(CALL_TIMEOUT)
                    .build(),
            )
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(ATTEMPTS)
                    .with_initial_backoff(Duration::from_millis(200))
                    .with_max_backoff(Duration::from_secs(2)),
            );
        config.set_endpoint_url(cloud.athena_endpoint().map(str::to_owned));
        Ok(Self { sdk: Sdk::from_conf(config.build()), settings })
    }

    /// The workgroup.
    pub(super) async fn workgroup(&self) -> Result<WorkGroup, AthenaError> {
        let name = &self.settings.workgroup;
        let output = self.sdk.get_work_group().work_group(name).send().await;
        let output = output.map_err(|error| AthenaError::of(&error, &self.settings.region))?;
        output.work_group.ok_or_else(|| AthenaError::NoWorkgroup(name.clone()))
    }

    /// Some of the database's tables, and the name of the next ones.
    pub(super) async fn tables(
        &self,
        next: Option<String>,
    ) -> Result<(Vec<TableMetadata>, Option<String>), AthenaError> {
        let Settings { catalog, database, workgroup, region, .. } = &self.settings;
        let list = self.sdk.list_table_metadata().catalog_name(catalog).database_name(database);
        let list = list.work_group(workgroup).max_results(LISTED_AT_ONCE).set_next_token(next);
        let output = list.send().await.map_err(|error| AthenaError::of(&error, region))?;
        Ok((output.table_metadata_list.unwrap_or_default(), output.next_token))
    }
}
