//! Who the caller is, and the organization they belong to.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::access::Tenant;
use shared::model::{Email, Organization, Role, User, UserId, organization};
use shared::{App, Error};

#[derive(Serialize)]
pub(crate) struct Account {
    user: Profile,
    organization: Organization,
}

/// What a user is shown of themselves.
#[derive(Serialize)]
struct Profile {
    id: UserId,
    email: Email,
    first_name: String,
    last_name: String,
    role: Role,
}

impl From<User> for Profile {
    fn from(User { id, email, first_name, last_name, role, .. }: User) -> Self {
        Self { id, email, first_name, last_name, role }
    }
}

pub(crate) async fn status(State(app): State<App>, tenant: Tenant) -> Result<Json<Account>, Error> {
    let id = tenant.organization;
    // The organization is read while admission reads the user.
    let found = async { organization::find(&app.store, id).await.map_err(Error::from) };
    let (organization, caller) = tokio::try_join!(found, tenant.caller())?;
    let organization = organization.ok_or_else(|| Error::internal(format!("organization {id} is gone")))?;
    Ok(Json(Account { user: caller.user().clone().into(), organization }))
}
