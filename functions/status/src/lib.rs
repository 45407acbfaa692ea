//! `/api/auth/status/` and `/api/health/`: who one is, and whether the service is up.

mod account;
mod health;

use shared::access::{Access, Permission};
use shared::http::Routes;

/// The group's routes.
pub fn routes() -> Routes {
    Routes::new().get("/api/auth/status/", Permission::ViewAccount, account::status).get(
        "/api/health/",
        Access::Public,
        health::health,
    )
}
