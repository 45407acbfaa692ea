//! What a new installation holds, so that the quick start's commands work at once.

mod api;
pub mod dashboards;
mod history;
pub mod import;
pub mod marketing;
mod random;
pub mod sales;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use shared::access::{Password, password};
use shared::base::error::chain;
use shared::base::{Email, Invalid, OrganizationId};
use shared::model::{Plan, Role};
use shared::service::app::DemoSignIn;
use shared::store::credits::{self, CreditsError};
use shared::store::users::{self, CreateError, NewUser};
use shared::store::{SecretValue, StoreError, organizations};
use shared::{App, Error};

/// The name that the secret has locally.
pub const SECRET_ID: &str = "claribi";

/// The demo user that the quick start signs in as.
pub const EMAIL: &str = "you@example.com";

/// Every demo user's password.
pub const PASSWORD: &str = "your-password";

const USERS: [(&str, &str, &str, Role); 5] = [
    (EMAIL, "Jane", "Smith", Role::Administrator),
    ("owner@example.com", "Olivia", "Owens", Role::Owner),
    ("analyst@example.com", "Adam", "Anders", Role::Analyst),
    ("member@example.com", "Mia", "Moreno", Role::Member),
    ("viewer@example.com", "Victor", "Vance", Role::Viewer),
];

/// What the console offers to sign in with.
pub fn sign_in() -> DemoSignIn {
    DemoSignIn { email: EMAIL.to_owned(), password: PASSWORD.to_owned() }
}

/// Why the demo could not be set up.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SeedError {
    #[error("The signing secret could not be made: {0}")]
    Secret(String),
    #[error("The demo organization or its secret could not be made: {0}")]
    Store(#[from] StoreError),
    #[error("The demo's credits could not be spent: {0}")]
    Credits(#[from] CreditsError),
    #[error("A demo user could not be made: {0}")]
    User(#[from] CreateError),
    #[error("The demo password could not be hashed: {0:?}")]
    Password(Error),
    #[error("The demo's data is not valid: {0}")]
    Invalid(#[from] Invalid),
    #[error("The data folder was left half filled. Delete it and start again.")]
    HalfFilled,
}

/// Makes a secret with random keys, unless there is one of that name.
pub async fn create_secret(client: &Client, secret_id: &str) -> Result<(), SeedError> {
    let value = SecretValue::generate()?.to_json()?;
    match client.create_secret().name(secret_id).secret_string(value).send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error))
            if matches!(error.err(), CreateSecretError::ResourceExistsException(_)) =>
        {
            Ok(())
        }
        Err(error) => Err(SeedError::Secret(chain(&error))),
    }
}

/// How many of the 1,500 AI credits of the first month the demo organization has spent, so that 1,347 are left, as in the quick start.
const SPENT_CREDITS: u64 = 153;

async fn spend_credits(app: &App, organization: OrganizationId) -> Result<(), SeedError> {
    let now = app.clock.now();
    let held = credits::reserve(&app.store, organization, "demo", SPENT_CREDITS, now).await?;
    Ok(credits::settle(&app.store, &held, SPENT_CREDITS, now).await?)
}

/// Makes the demo organization and its users, those that are not there yet.
pub async fn seed(app: &App) -> Result<(), SeedError> {
    let acme = 1.into();
    if organizations::find(&app.store, acme).await?.is_none() {
        let made = organizations::create(&app.store, "Acme Corp", Plan::Professional, 0).await?;
        if made.id != acme {
            return Err(SeedError::HalfFilled);
        }
        spend_credits(app, acme).await?;
    }
    let password = Password::parse(PASSWORD.to_owned())?;
    let mut new_hash = None;
    for (email, first_name, last_name, role) in USERS {
        let email = Email::parse(email)?;
        if users::find_owner(&app.store, &email).await?.is_some() {
            continue;
        }
        // Hashing is slow on purpose: once for all, and not at all on a later start.
        let password_hash = match new_hash.take() {
            Some(hash) => hash,
            None => password::hash(password.clone()).await.map_err(SeedError::Password)?,
        };
        new_hash = Some(password_hash.clone());
        let (first_name, last_name) = (first_name.to_owned(), last_name.to_owned());
        let new = NewUser { email, first_name, last_name, role, password_hash };
        users::create(&app.store, acme, new, app.clock.now()).await?;
    }
    Ok(())
}
