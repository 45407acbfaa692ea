//! `/api/data-sources/`: where the data comes from.

mod connection;
mod create;
mod data_source;
mod delete;
mod host;
mod read;
mod update;

use shared::access::Permission::{ReadDataSources, WriteFileSources};
use shared::http::Routes;

/// The group's routes. What the permission to write sources that are no files adds, each handler asks of its caller.
pub fn routes() -> Routes {
    Routes::new()
        .get("/api/data-sources/", ReadDataSources, read::list)
        .with_query()
        .post("/api/data-sources/", WriteFileSources, create::create)
        .get("/api/data-sources/{id}/", ReadDataSources, read::get)
        .patch("/api/data-sources/{id}/", WriteFileSources, update::update)
        .delete("/api/data-sources/{id}/", WriteFileSources, delete::delete)
        .with_query()
}
