//! The list of the route groups: read by the local server, the document, the bench, the tests and, printed, by CI.

use shared::service::Routes;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

/// A route group: a package under `functions/`, which is one Lambda.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The package.
    pub package: &'static str,
    /// Its routes.
    pub routes: fn() -> Routes,
    /// What the document says of them; `None` for pages that are for people.
    pub documentation: Option<Documentation>,
}

/// What the document says of a group.
#[derive(Clone, Copy, Debug)]
pub struct Documentation {
    /// The tag of its operations, under which clients and the reference find them.
    pub tag: &'static str,
    /// What the group is about, in a sentence.
    pub description: &'static str,
    /// Its operations.
    pub openapi: fn() -> OpenApi,
}

macro_rules! groups {
    ($($package:literal $group:ident::routes $(, $tag:literal, $description:literal)?;)+) => {
        &[$(Group {
            package: $package,
            routes: $group::routes,
            documentation: groups!(@documentation $group $($tag, $description)?),
        }),+]
    };
    (@documentation $group:ident) => { None };
    (@documentation $group:ident $tag:literal, $description:literal) => {
        Some(Documentation { tag: $tag, description: $description, openapi: $group::Documentation::openapi })
    };
}

/// The groups, in the order of the document.
pub const GROUPS: &[Group] = groups! {
    "auth" auth::routes, "Authentication", "Signing in, and getting the current user.";
    "api-keys" api_keys::routes, "API keys", "Keys for programs. Managed with a token: a key cannot make keys.";
    "data-sources" data_sources::routes, "Data sources", "Where the data comes from.";
    "dashboards" dashboards::routes, "Dashboards", "Widgets on a grid, over data sources.";
    "reports" reports::routes, "Reports", "Dashboards as files, made when somebody asks or at set times.";
    "analytics" analytics::routes, "Analytics", "Queries, and what dashboards show.";
    "usage" usage::routes, "Usage", "What was used, and what the plan leaves.";
    "status" status::routes, "Health", "Whether the service is up.";
    "docs" docs::routes;
    "console" console::routes;
};

/// The functions that are no groups: something else than a request calls them.
pub const JOBS: &[&str] = &["ingest-data", "rotate-secret", "run-reports"];

/// The routes of all groups.
pub fn routes() -> Routes {
    GROUPS.iter().fold(Routes::new(), |routes, group| routes.merge((group.routes)()))
}

/// The packages of all functions.
pub fn packages() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|group| group.package).chain(JOBS.iter().copied())
}

/// The configuration of `cargo lambda watch`: which function answers at which path, in both of its forms. It tells those with and
/// without a slash apart, which API Gateway does not.
pub fn watch_configuration() -> String {
    let mut lines = vec![
        "# Made by: cargo run -p groups -- watch > CargoLambda.toml".to_owned(),
        "# The paths at which `cargo lambda watch` serves the functions (docs/deploying.md).".to_owned(),
        "[watch.router]".to_owned(),
    ];
    for group in GROUPS {
        let mut paths: Vec<_> = (group.routes)().iter().map(|route| route.path.clone()).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            let without_slash = path.trim_end_matches('/');
            if !without_slash.is_empty() {
                lines.push(format!("{without_slash:?} = {:?}", group.package));
            }
            lines.push(format!("{path:?} = {:?}", group.package));
        }
    }
    lines.join("\n") + "\n"
}
