//! Users in the `entities` table, and who signs in with which email.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::base::{Email, OrganizationId, Timestamp, UserId};
use crate::model::user::{PasswordHash, Role, Status, User};
use crate::store::item::{Item, attribute};
use crate::store::{Expect, GetItem, Key, Store, StoreError, Write};

/// What a new user needs.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the same as in User")]
pub struct NewUser {
    pub email: Email,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub password_hash: PasswordHash,
}

/// Why a user could not be added.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Another user, perhaps of another organization, signs in with it.
    #[error("{0} is taken by another user")]
    EmailTaken(Email),
    /// There is no such organization.
    #[error("organization {0} does not exist")]
    NoOrganization(OrganizationId),
    /// The store failed; nothing was added.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose email it is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EmailOwner {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
}

impl EmailOwner {
    /// Somebody who is not there, since numbers count from 1. Reading them costs what reading a user does.
    pub fn nobody() -> Self {
        Self { organization: 0.into(), user: 0.into() }
    }
}

/// Adds a user to an organization, who can sign in from then on.
pub async fn create(
    store: &Store,
    organization: OrganizationId,
    new: NewUser,
    now: Timestamp,
) -> Result<User, CreateError> {
    let id = match store.increment(Key::organization(organization), "last_user_id").await {
        Ok(id) => id.into(),
        Err(StoreError::Condition(_)) => return Err(CreateError::NoOrganization(organization)),
        Err(error) => return Err(error.into()),
    };
    let NewUser { email, first_name, last_name, role, password_hash } = new;
    let user = User {
        id,
        email,
        first_name,
        last_name,
        role,
        status: Status::Active,
        password_hash,
        credentials_version: 1,
        created_at: now,
    };
    let writes = vec![
        Write::create(Key::email(&user.email), &EmailOwner { organization, user: id })?,
        Write::create(Key::user(organization, id), &user)?,
    ];
    match store.transact(writes).await {
        Ok(()) => Ok(user),
        Err(StoreError::Condition(failed)) if failed.contains(&0) => Err(CreateError::EmailTaken(user.email)),
        Err(error) => Err(error.into()),
    }
}

/// The user of that number in the organization.
pub async fn find(
    store: &Store,
    organization: OrganizationId,
    id: UserId,
) -> Result<Option<User>, StoreError> {
    store.get(Key::user(organization, id)).await
}

/// Who signs in with `email`.
pub async fn find_owner(store: &Store, email: &Email) -> Result<Option<EmailOwner>, StoreError> {
    store.get(Key::email(email)).await
}

/// Lets a user sign in again, or ends that, along with their tokens and keys.
pub async fn set_status(
    store: &Store,
    organization: OrganizationId,
    id: UserId,
    status: Status,
) -> Result<(), StoreError> {
    set(store, organization, id, "status", status).await
}

/// Gives a user another role, from their next request on.
pub async fn set_role(
    store: &Store,
    organization: OrganizationId,
    id: UserId,
    role: Role,
) -> Result<(), StoreError> {
    set(store, organization, id, "role", role).await
}

/// Changes a user's password and ends the tokens issued before.
pub async fn set_password(
    store: &Store,
    organization: OrganizationId,
    user: &User,
    password_hash: &PasswordHash,
) -> Result<(), StoreError> {
    let attributes = Item::from([
        ("password_hash".to_owned(), attribute(password_hash)?),
        ("credentials_version".to_owned(), attribute(user.credentials_version + 1)?),
    ]);
    store.set(Key::user(organization, user.id), attributes, Some(unchanged_password(user)?)).await
}

/// Stores the same password under another hash: tokens stay good. Does nothing if the password has changed
/// meanwhile.
pub async fn rehash_password(
    store: &Store,
    organization: OrganizationId,
    user: &User,
    password_hash: &PasswordHash,
) -> Result<(), StoreError> {
    let attributes = Item::from([("password_hash".to_owned(), attribute(password_hash)?)]);
    match store.set(Key::user(organization, user.id), attributes, Some(unchanged_password(user)?)).await {
        Err(StoreError::Condition(_)) => Ok(()),
        result => result,
    }
}

/// Removes a user, and frees their email.
pub async fn delete(store: &Store, organization: OrganizationId, user: &User) -> Result<(), StoreError> {
    let writes = vec![
        Write::Delete(Key::email(&user.email), Expect::Present),
        Write::Delete(Key::user(organization, user.id), Expect::Present),
    ];
    store.transact(writes).await
}

fn unchanged_password(user: &User) -> Result<(&'static str, AttributeValue), StoreError> {
    Ok(("password_hash", attribute(&user.password_hash)?))
}

async fn set(
    store: &Store,
    organization: OrganizationId,
    id: UserId,
    name: &str,
    value: impl Serialize,
) -> Result<(), StoreError> {
    let attributes = Item::from([(name.to_owned(), attribute(value)?)]);
    store.set(Key::user(organization, id), attributes, None).await
}
