//! `/api/api-keys/`: keys for programs, made and unmade by the users they act for.

mod api_key;
mod create;
mod read;
mod rename;
mod revoke;
mod rotate;

use shared::access::Permission::ManageOwnApiKeys;
use shared::http::Routes;

/// The group's routes. What the permission to manage everybody's keys adds, each handler asks of its caller.
pub fn routes() -> Routes {
    Routes::new()
        .get("/api/api-keys/", ManageOwnApiKeys, read::list)
        .with_query()
        .post("/api/api-keys/", ManageOwnApiKeys, create::create)
        .get("/api/api-keys/{id}/", ManageOwnApiKeys, read::get)
        .patch("/api/api-keys/{id}/", ManageOwnApiKeys, rename::rename)
        .delete("/api/api-keys/{id}/", ManageOwnApiKeys, revoke::revoke)
        .post("/api/api-keys/{id}/rotate/", ManageOwnApiKeys, rotate::rotate)
}
