//! Users in the `entities` table, and who signs in with which email.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::base::{Email, OrganizationId, Timestamp, UserId};
use crate::model::PlanLimit;
use crate::model::user::{PasswordHash, Role, Status, User};
use crate::store::item::{Item, attribute};
use crate::store::{Expect, GetItem, Key, Store, StoreError, Write, organizations};

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
    /// The organization's plan allows no more.
    #[error(transparent)]
    PlanLimit(#[from] PlanLimit),
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

/// Why a user's status could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// There is no such user, or they were changed at the same moment.
    #[error("user {0} is not there any more")]
    NoUser(UserId),
    /// The organization's plan allows no more active users.
    #[error(transparent)]
    PlanLimit(#[from] PlanLimit),
    /// The store failed; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a user to an organization, who can sign in from then on: with an active user more, if the plan allows one.
pub async fn create(
    store: &Store,
    organization: OrganizationId,
    new: NewUser,
    now: Timestamp,
) -> Result<User, CreateError> {
    let NewUser { email, first_name, last_name, role, password_hash } = new;
    let taken = |failed: &[usize]| failed.contains(&0).then(|| CreateError::EmailTaken(email.clone()));
    let created = organizations::modify(store, organization, taken, |record| {
        let before = &record.organization;
        before.plan.check_users(before.users)?;
        let user = User {
            id: (before.last_user_id + 1).into(),
            email: email.clone(),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            role,
            status: Status::Active,
            password_hash: password_hash.clone(),
            credentials_version: 1,
            created_at: now,
        };
        let writes = vec![
            Write::create(Key::email(&user.email), &EmailOwner { organization, user: user.id })?,
            Write::create(Key::user(organization, user.id), &user)?,
            record.add_user()?,
        ];
        Ok::<_, CreateError>((writes, user))
    });
    created.await?.ok_or(CreateError::NoOrganization(organization))
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

/// Lets a user sign in again, if the plan allows an active user more, or ends that, along with their tokens and keys.
pub async fn set_status(
    store: &Store,
    organization: OrganizationId,
    id: UserId,
    status: Status,
) -> Result<(), StatusError> {
    let user = find(store, organization, id).await?.ok_or(StatusError::NoUser(id))?;
    if user.status == status {
        return Ok(());
    }
    let gone = |failed: &[usize]| failed.contains(&0).then_some(StatusError::NoUser(id));
    let changed = organizations::modify(store, organization, gone, |record| {
        let before = &record.organization;
        let users = match status {
            Status::Active => {
                before.plan.check_users(before.users)?;
                before.users + 1
            }
            Status::Deactivated => before.users.saturating_sub(1),
        };
        let change = Write::Update {
            key: Key::user(organization, id),
            set: Item::from([("status".to_owned(), attribute(status)?)]),
            remove: Vec::new(),
            expect: Expect::Unchanged(vec![("status", Some(attribute(user.status)?))]),
        };
        Ok::<_, StatusError>((vec![change, record.set_users(users)?], ()))
    });
    changed.await?.ok_or(StatusError::NoUser(id))
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

/// Removes a user, and frees their email and, if they were active, their place in the plan.
pub async fn delete(store: &Store, organization: OrganizationId, user: &User) -> Result<(), StatusError> {
    let id = user.id;
    let user = find(store, organization, id).await?.ok_or(StatusError::NoUser(id))?;
    let gone = |failed: &[usize]| failed.iter().any(|place| *place < 2).then_some(StatusError::NoUser(id));
    let deleted = organizations::modify(store, organization, gone, |record| {
        let freed = u64::from(user.status == Status::Active);
        let as_read = Expect::Unchanged(vec![("status", Some(attribute(user.status)?))]);
        let writes = vec![
            Write::Delete(Key::email(&user.email), Expect::Present),
            Write::Delete(Key::user(organization, id), as_read),
            record.set_users(record.organization.users.saturating_sub(freed))?,
        ];
        Ok::<_, StatusError>((writes, ()))
    });
    deleted.await?.ok_or(StatusError::NoUser(id))
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
