//! `admin secret …`

use clap::Subcommand;
use shared::store::SecretValue;

use crate::AnyError;
use crate::deployment::Deployment;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Replace the key that signs tokens. Tokens stay good until the rotation after this one
    Rotate,
    /// Add a data-encryption key, which seals from then on; what others sealed stays readable
    AddDataKey,
}

pub(crate) async fn run(deployment: &Deployment, command: Command) -> Result<(), AnyError> {
    match command {
        // On AWS the rotation function does it, with its steps and its alarm.
        Command::Rotate if !deployment.is_local => {
            let client = &deployment.secrets_manager;
            client.rotate_secret().secret_id(&deployment.secret_id).send().await?;
            println!("Rotation started; functions use the new key within five minutes.");
        }
        Command::Rotate => {
            put(deployment, SecretValue::rotated).await?;
            println!("Rotated; a running server uses the new key within five minutes.");
        }
        Command::AddDataKey => {
            put(deployment, SecretValue::with_new_data_key).await?;
            println!("Added; functions use the new key within five minutes.");
        }
    }
    Ok(())
}

async fn put<E>(
    deployment: &Deployment,
    next: impl FnOnce(&SecretValue) -> Result<SecretValue, E>,
) -> Result<(), AnyError>
where
    AnyError: From<E>,
{
    let Deployment { secrets_manager, secret_id, .. } = deployment;
    let current = secrets_manager.get_secret_value().secret_id(secret_id).send().await?;
    let current = SecretValue::parse(current.secret_string().ok_or("The secret is not text.")?)?;
    let value = next(&current)?.to_json()?;
    secrets_manager.put_secret_value().secret_id(secret_id).secret_string(value).send().await?;
    Ok(())
}
