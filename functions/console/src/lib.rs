//! `/`: the console, a web interface that is a client of the API like any other.
//!
//! It is plain ES modules and CSS, in `assets/`, which this function hands out as they are: there is nothing to build but by
//! cargo. `docs/console.md` says how they are put together.

mod assets;
mod page;
mod policy;

use axum::http::Method;
use shared::access::Access::Public;
use shared::service::Routes;

/// The group's routes.
pub fn routes() -> Routes {
    Routes::new().add(Method::GET, "/", Public, page::page).add(
        Method::GET,
        "/assets/{version}/{folder}/{file}/",
        Public,
        assets::asset,
    )
}
