//! Clients for AWS, made to start fast.
//!
//! The SDK's usual start reads configuration files, the machine's certificate store and seeds a second crypto
//! library: some 40 ms before the first call. On Lambda all that is needed is in the environment, and AWS's roots
//! are known (`roots/README.md`): 4 ms.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};

use crate::store::connector::{self, UnreadableRoots};
use crate::store::meter::Metering;

/// The roots that AWS endpoints' certificates chain to.
const AMAZON_ROOTS: &[u8] = include_bytes!("../../roots/amazon.pem");

/// Both services answer in single-digit milliseconds. An attempt that has not in a second will not.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);

/// For all attempts of one call: two calls in a row end within five seconds, whatever AWS does.
const CALL_TIMEOUT: Duration = Duration::from_millis(2_400);

const ATTEMPTS: u32 = 3;

/// How to reach AWS.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The region.
    pub region: String,
    /// Whom to act as.
    pub credentials: Credentials,
    /// Where DynamoDB is, if not in the region.
    pub dynamodb_endpoint: Option<String>,
    /// Where Secrets Manager is, if not in the region.
    pub secrets_manager_endpoint: Option<String>,
    /// Where S3 is, if not in the region.
    pub s3_endpoint: Option<String>,
    /// Where SQS is, if not in the region.
    pub sqs_endpoint: Option<String>,
    /// Where EventBridge Scheduler is, if not in the region.
    pub scheduler_endpoint: Option<String>,
    /// Where SES is, if not in the region.
    pub ses_endpoint: Option<String>,
    /// Where STS is, if not in the region.
    pub sts_endpoint: Option<String>,
    /// Where Athena is, if not in the region that a data source names.
    pub athena_endpoint: Option<String>,
}

/// An environment variable that must be set is not.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {0} is not set")]
pub struct Unset(pub &'static str);

/// The value of an environment variable that must be set.
pub fn variable(name: &'static str) -> Result<String, Unset> {
    optional_variable(name).ok_or(Unset(name))
}

/// The value of an environment variable; an empty one counts as unset.
pub fn optional_variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Settings {
    /// As Lambda's environment says
    /// ([its variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime)),
    /// and `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_SECRETS_MANAGER`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL_SQS`,
    /// `AWS_ENDPOINT_URL_SCHEDULER`, `AWS_ENDPOINT_URL_SESV2`, `AWS_ENDPOINT_URL_STS` and `AWS_ENDPOINT_URL_ATHENA` where they are
    /// set.
    pub fn from_env() -> Result<Self, Unset> {
        Ok(Self {
            region: variable("AWS_REGION")?,
            credentials: Credentials::new(
                variable("AWS_ACCESS_KEY_ID")?,
                variable("AWS_SECRET_ACCESS_KEY")?,
                optional_variable("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            dynamodb_endpoint: optional_variable("AWS_ENDPOINT_URL_DYNAMODB"),
            secrets_manager_endpoint: optional_variable("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
            s3_endpoint: optional_variable("AWS_ENDPOINT_URL_S3"),
            sqs_endpoint: optional_variable("AWS_ENDPOINT_URL_SQS"),
            scheduler_endpoint: optional_variable("AWS_ENDPOINT_URL_SCHEDULER"),
            ses_endpoint: optional_variable("AWS_ENDPOINT_URL_SESV2"),
            sts_endpoint: optional_variable("AWS_ENDPOINT_URL_STS"),
            athena_endpoint: optional_variable("AWS_ENDPOINT_URL_ATHENA"),
        })
    }
}

/// The domain of AWS's endpoints in a region: China's has one of its own
/// ([endpoints](https://docs.aws.amazon.com/general/latest/gr/s3.html)).
pub(super) fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// Connects with whoever has a certificate of Amazon's, and speaks plain HTTP to an `http://` endpoint.
pub fn connector() -> Result<SharedHttpConnector, UnreadableRoots> {
    connector::connector(&[AMAZON_ROOTS])
}

/// The HTTP client of that connector. The SDK would make a connector for each of its clients, and read all the roots for it.
pub fn over(connector: SharedHttpConnector) -> SharedHttpClient {
    http_client_fn(move |_, _| connector.clone())
}

/// The HTTP client over [`connector()`].
pub fn http_client() -> Result<SharedHttpClient, UnreadableRoots> {
    Ok(over(connector()?))
}

/// Connects as [`connector()`] does, and with whoever has a certificate of those in the file `AWS_CA_BUNDLE`, where that is set: for
/// endpoints that are not Amazon's
/// ([the setting](https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html)).
pub fn connector_from_env() -> Result<SharedHttpConnector, Box<dyn Error + Send + Sync>> {
    let Some(path) = optional_variable("AWS_CA_BUNDLE") else { return Ok(connector()?) };
    let more = std::fs::read(&path).map_err(|error| format!("AWS_CA_BUNDLE: {path}: {error}"))?;
    Ok(connector::connector(&[AMAZON_ROOTS, &more])?)
}

/// What the configurations of all clients have in common: each service has a builder of its own type.
macro_rules! configured {
    ($sdk:ident, $settings:expr, $http_client:expr, $endpoint:expr) => {{
        let mut config = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new($settings.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new($settings.credentials.clone()))
            .http_client($http_client)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .retry_config(retries());
        config.set_endpoint_url($endpoint.clone());
        config
    }};
}

/// The clients of what every request needs, over one HTTP client.
pub fn clients(
    settings: &Settings,
    http_client: SharedHttpClient,
) -> (aws_sdk_dynamodb::Client, aws_sdk_secretsmanager::Client) {
    let dynamodb = configured!(aws_sdk_dynamodb, settings, http_client.clone(), settings.dynamodb_endpoint)
        .timeout_config(quick())
        .interceptor(Metering);
    let secrets_manager =
        configured!(aws_sdk_secretsmanager, settings, http_client, settings.secrets_manager_endpoint)
            .timeout_config(quick());
    (
        aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
        aws_sdk_secretsmanager::Client::from_conf(secrets_manager.build()),
    )
}

/// The client of S3. How long a call takes is up to the size of what is sent: one that stalls ends by itself
/// ([stalled streams](https://docs.aws.amazon.com/sdk-for-rust/latest/dg/timeouts.html)).
pub(super) fn s3(settings: &Settings, http_client: SharedHttpClient) -> aws_sdk_s3::Client {
    use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};

    let config = configured!(aws_sdk_s3, settings, http_client, settings.s3_endpoint)
        // A bucket of a local server is no host of its own.
        .force_path_style(settings.s3_endpoint.is_some())
        // A checksum among the signed headers would be one that clients have to send.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    aws_sdk_s3::Client::from_conf(config.build())
}

fn quick() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(CALL_TIMEOUT)
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_millis(200))
}
