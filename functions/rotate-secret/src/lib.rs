//! Replaces the key that signs tokens, in the four steps that
//! [Secrets Manager calls](https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html).
//!
//! The new version keeps all data keys, and the signing key that was current, which still verifies tokens: nobody is logged out as
//! long as rotations are further apart than a refresh token lives. Each step can be called again: what is done stays done.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use serde::Deserialize;
use shared::store::{SecretValue, StoreError};

const CURRENT: &str = "AWSCURRENT";
const PENDING: &str = "AWSPENDING";

/// What Secrets Manager sends.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rotation {
    /// Which step to do.
    pub step: Step,
    /// The secret.
    pub secret_id: String,
    /// The id of the version to be made.
    pub client_request_token: String,
}

/// A step of a rotation. The documentation spells them in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Make the new version.
    #[serde(alias = "create_secret")]
    CreateSecret,
    /// Tell whoever checks the secret of the new version. Nobody does: functions read it themselves.
    #[serde(alias = "set_secret")]
    SetSecret,
    /// See whether the new version works.
    #[serde(alias = "test_secret")]
    TestSecret,
    /// Make the new version the current one.
    #[serde(alias = "finish_secret")]
    FinishSecret,
}

/// Why a step was not done. Secrets Manager tries again, and the alarm on the function's errors tells.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum RotationError {
    #[error("version {0} is not among the secret's versions that are to be rotated in")]
    UnknownVersion(String),
    #[error("the secret has no version with the stage {0}")]
    NoVersion(&'static str),
    #[error("the new version lacks a data key or the signing key of the current one")]
    LosesKeys,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Does one step of a rotation.
pub async fn rotate(client: Client, rotation: Rotation) -> Result<(), RotationError> {
    let Rotation { step, secret_id, client_request_token: id } = &rotation;
    let described = client.describe_secret().secret_id(secret_id).send().await.map_err(StoreError::from)?;
    let versions = described.version_ids_to_stages.unwrap_or_default();
    let has =
        |id: &str, stage: &str| versions.get(id).is_some_and(|stages| stages.iter().any(|has| has == stage));
    if has(id, CURRENT) {
        return Ok(());
    }
    // Secrets Manager stages the version before it calls; a client that rotates by itself need not.
    if *step != Step::CreateSecret && !has(id, PENDING) {
        return Err(RotationError::UnknownVersion(id.clone()));
    }
    match step {
        Step::CreateSecret => create(&client, secret_id, id).await?,
        Step::SetSecret => {}
        Step::TestSecret => test(&client, secret_id, id).await?,
        Step::FinishSecret => {
            let current = versions.keys().find(|version| has(version, CURRENT)).cloned();
            finish(&client, secret_id, id, current).await?;
        }
    }
    tracing::info!(?step, version = id, "rotated");
    Ok(())
}

async fn create(client: &Client, secret_id: &str, id: &str) -> Result<(), RotationError> {
    if find(client, secret_id, Some(id), PENDING).await?.is_some() {
        return Ok(());
    }
    let current = find(client, secret_id, None, CURRENT).await?.ok_or(RotationError::NoVersion(CURRENT))?;
    let put = client
        .put_secret_value()
        .secret_id(secret_id)
        .client_request_token(id)
        .secret_string(current.rotated()?.to_json()?)
        .version_stages(PENDING);
    put.send().await.map_err(StoreError::from)?;
    Ok(())
}

/// Secrets Manager also calls this step alone, when rotation is set up without a rotation at once: the version has no value then
/// ([RotateSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html), `RotateImmediately`).
async fn test(client: &Client, secret_id: &str, id: &str) -> Result<(), RotationError> {
    match find(client, secret_id, Some(id), PENDING).await? {
        Some(pending) => check(client, secret_id, &pending).await,
        None => Ok(()),
    }
}

/// Refuses a version that would lose what the current one has: data, or the tokens of today.
async fn check(client: &Client, secret_id: &str, pending: &SecretValue) -> Result<(), RotationError> {
    let current = find(client, secret_id, None, CURRENT).await?.ok_or(RotationError::NoVersion(CURRENT))?;
    pending.keys()?;
    if pending.may_follow(&current) { Ok(()) } else { Err(RotationError::LosesKeys) }
}

async fn finish(
    client: &Client,
    secret_id: &str,
    id: &str,
    current: Option<String>,
) -> Result<(), RotationError> {
    let pending =
        find(client, secret_id, Some(id), PENDING).await?.ok_or(RotationError::NoVersion(PENDING))?;
    check(client, secret_id, &pending).await?;
    client
        .update_secret_version_stage()
        .secret_id(secret_id)
        .version_stage(CURRENT)
        .move_to_version_id(id)
        .set_remove_from_version_id(current)
        .send()
        .await
        .map_err(StoreError::from)?;
    Ok(())
}

async fn find(
    client: &Client,
    secret_id: &str,
    id: Option<&str>,
    stage: &str,
) -> Result<Option<SecretValue>, StoreError> {
    let request = client.get_secret_value().secret_id(secret_id).version_stage(stage);
    match request.set_version_id(id.map(str::to_owned)).send().await {
        Ok(output) => output.secret_string.map(|value| SecretValue::parse(&value)).transpose(),
        Err(error)
            if matches!(
                error.as_service_error(),
                Some(GetSecretValueError::ResourceNotFoundException(_))
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
