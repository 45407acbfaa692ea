//! Which deployment is acted on, and how it is reached.

use std::path::PathBuf;

use aws_config::BehaviorVersion;
use clap::Args;
use local::{Storage, Stores, demo, endpoints, tables};
use shared::store::aws;
use shared::store::{Store, Tables};

use crate::AnyError;

/// Where to act: on AWS, named by the stack's output `AdminEnvironment`, or locally.
#[derive(Args)]
pub(crate) struct Target {
    /// Act on the data of `cargo run` in place of AWS
    #[arg(long, global = true)]
    local: bool,
    /// The folder of that data
    #[arg(long, global = true, default_value = ".claribi")]
    data_dir: PathBuf,
    /// Name of the entities table
    #[arg(long, global = true, env = "ENTITIES_TABLE")]
    entities_table: Option<String>,
    /// Name of the counters table
    #[arg(long, global = true, env = "COUNTERS_TABLE")]
    counters_table: Option<String>,
    /// Name or ARN of the secret
    #[arg(long, global = true, env = "SECRET_ID")]
    secret_id: Option<String>,
}

/// A deployment, reached.
pub(crate) struct Deployment {
    pub(crate) store: Store,
    pub(crate) secrets_manager: aws_sdk_secretsmanager::Client,
    pub(crate) secret_id: String,
    /// Whether Secrets Manager rotates by itself.
    pub(crate) is_local: bool,
    // Kept running as long as they are used.
    _stores: Option<Stores>,
}

impl Target {
    pub(crate) async fn reach(&self) -> Result<Deployment, AnyError> {
        if self.local { self.reach_local().await } else { self.reach_aws().await }
    }

    async fn reach_aws(&self) -> Result<Deployment, AnyError> {
        let tables = Tables {
            entities: named(self.entities_table.as_ref(), "--entities-table", "ENTITIES_TABLE")?,
            counters: named(self.counters_table.as_ref(), "--counters-table", "COUNTERS_TABLE")?,
        };
        let secret_id = named(self.secret_id.as_ref(), "--secret-id", "SECRET_ID")?;
        let defaults = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(aws::http_client()?);
        let config = defaults.load().await;
        Ok(Deployment {
            store: Store::new(aws_sdk_dynamodb::Client::new(&config), tables),
            secrets_manager: aws_sdk_secretsmanager::Client::new(&config),
            secret_id,
            is_local: false,
            _stores: None,
        })
    }

    /// Reaches the stores of a running `cargo run`, or starts them on its data.
    async fn reach_local(&self) -> Result<Deployment, AnyError> {
        let (settings, stores) = if let Some(settings) = endpoints::read(&self.data_dir) {
            (settings, None)
        } else {
            let stores = Stores::start(Storage::Folder(self.data_dir.clone()))?;
            (stores.settings(), Some(stores))
        };
        let (dynamodb, secrets_manager) = aws::clients(&settings, aws::http_client()?);
        tables::create(&dynamodb, &tables::names()).await?;
        demo::create_secret(&secrets_manager, demo::SECRET_ID).await?;
        Ok(Deployment {
            store: Store::new(dynamodb, tables::names()),
            secrets_manager,
            secret_id: demo::SECRET_ID.to_owned(),
            is_local: true,
            _stores: stores,
        })
    }
}

fn named(value: Option<&String>, option: &str, variable: &str) -> Result<String, AnyError> {
    let missing = || {
        format!(
            "Say which deployment: {option} or {variable}, as in the stack's output AdminEnvironment; or --local."
        )
    };
    Ok(value.cloned().ok_or_else(missing)?)
}
