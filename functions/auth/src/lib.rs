//! `/api/auth/login/` and `/api/auth/token/refresh/`: how a user gets tokens.

mod login;
mod refresh;

use shared::access::Access;
use shared::http::Routes;

/// The group's routes.
pub fn routes() -> Routes {
    Routes::new().post("/api/auth/login/", Access::Public, login::login).post(
        "/api/auth/token/refresh/",
        Access::Public,
        refresh::refresh,
    )
}
