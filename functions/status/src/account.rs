//! Who the caller is, and the organization they belong to.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::access::Tenant;
use shared::base::{Email, OrganizationId, Timestamp, UserId};
use shared::model::{Organization, Plan, Role, User};
use shared::store::organizations;
use shared::{App, Error};
use utoipa::ToSchema;

/// Who is calling, and for whom.
#[derive(Serialize, ToSchema)]
pub(crate) struct Account {
    user: Profile,
    organization: OrganizationView,
}

/// A tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
struct OrganizationView {
    /// The organization's ID.
    id: OrganizationId,
    /// The organization's name, for people.
    #[schema(examples("Acme Corp"))]
    name: String,
    /// The organization's plan.
    plan: Plan,
    /// How many AI credits are left.
    #[schema(examples(1347))]
    ai_credits_remaining: u64,
}

impl OrganizationView {
    fn at(organization: Organization, now: Timestamp) -> Self {
        let ai_credits_remaining = organization.balance(now).remaining;
        let Organization { id, name, plan, .. } = organization;
        Self { id, name, plan, ai_credits_remaining }
    }
}

/// What a user is shown of themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
struct Profile {
    id: UserId,
    email: Email,
    #[schema(examples("Jane"))]
    first_name: String,
    #[schema(examples("Smith"))]
    last_name: String,
    role: Role,
}

impl From<User> for Profile {
    fn from(User { id, email, first_name, last_name, role, .. }: User) -> Self {
        Self { id, email, first_name, last_name, role }
    }
}

/// Get the current user
///
/// The user that the token or the API key belongs to, and their organization.
#[utoipa::path(
    get,
    path = "/api/auth/status/",
    operation_id = "get_status",
    tag = "Authentication",
    responses((status = 200, description = "The current user, and their organization.", body = Account)),
)]
pub(crate) async fn status(State(app): State<App>, tenant: Tenant) -> Result<Json<Account>, Error> {
    let id = tenant.organization;
    // The organization is read while admission reads the user.
    let found = async { organizations::find(&tenant, id).await.map_err(Error::from) };
    let (organization, caller) = tokio::try_join!(found, tenant.caller())?;
    let organization = organization.ok_or_else(|| Error::internal(format!("organization {id} is gone")))?;
    let organization = OrganizationView::at(organization, app.clock.now());
    Ok(Json(Account { user: caller.user().clone().into(), organization }))
}
