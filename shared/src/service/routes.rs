//! Routes: each declared once, with the access it needs, and made into the one router of a process.
//!
//! Around every handler, outermost first: log line and request id, pages of other origins, caught panics, HTTPS check, body limit,
//! then per route deadline, admission, entity tags, idempotency (`POST`) and the check for stray query parameters.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::{Method, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::HttpMethod;

use crate::access::admission::{self, Requirement};
use crate::access::{Access, Permission};
use crate::base::error::excerpt;
use crate::base::{Code, Error};
use crate::http::json::BODY_MAX_BYTES;
use crate::http::{Inputs, etag, query};
use crate::service::{App, idempotency, request_log};

/// Declares a group's table of contents: each handler, with the permission that it needs and, for a method that usually writes where
/// the handler does not, `only_reads`; where it computes for longer than others answer, `computes`; where its answers have an `ETag`
/// although they are no objects, `tagged`. Method, path and everything else that the document says of a route are told once, by
/// `#[utoipa::path]` on the handler.
///
/// Makes `routes()`, which is served, and `Documentation`, which is not part of a function: nothing in it refers to it.
#[macro_export]
macro_rules! routes {
    ($($module:ident :: $handler:ident => $access:expr $(, $flag:ident)*;)+) => {
        $crate::pastey::paste! {
            /// The group's routes, each with the permission that it needs.
            pub fn routes() -> $crate::service::Routes {
                $crate::service::Routes::new()$(
                    .declare::<$module::[<__path_ $handler>], _, _>($access, $module::$handler)
                    $(.$flag())*
                )+
            }
        }

        /// The group's routes as OpenAPI describes them.
        #[derive(Debug, ::utoipa::OpenApi)]
        #[openapi(paths($($module::$handler),+))]
        pub struct Documentation;
    };
}

/// The routes of a group.
#[derive(Default)]
pub struct Routes(Vec<Route>);

/// One method of one path.
pub struct Route {
    /// The method. `GET` answers `HEAD` too.
    pub method: Method,
    /// The canonical path, which ends in a slash. It is answered without the slash as well.
    pub path: String,
    /// Who may call it.
    pub access: Access,
    /// Whether it only reads, whatever its method: a read-only key may call it, and its reads go along with admission's.
    pub only_reads: bool,
    /// Whether its handler reads the query.
    pub takes_query: bool,
    /// Whether its answers have an `ETag` although they are no objects: a client that has one already is answered with 304.
    pub tagged: bool,
    /// How long a request may take.
    pub deadline: Duration,
    handler: MethodRouter<App>,
}

impl Route {
    /// Whether it is about one object, whose ID ends the path: not about what is in it, or done with it.
    pub fn is_object(&self) -> bool {
        self.path.ends_with("}/")
    }

    /// The variables of the path, in their order.
    pub fn variables(&self) -> Vec<&str> {
        variables(&self.path)
    }
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the route that a handler documents with `#[utoipa::path]`.
    ///
    /// # Panics
    ///
    /// As [`add`](Self::add) does, or if its method is none of the API's.
    pub fn declare<P, H, T>(self, access: impl Into<Access>, handler: H) -> Self
    where
        P: utoipa::Path,
        H: Handler<T, App>,
        T: Inputs + 'static,
    {
        let method = match P::methods().first() {
            Some(HttpMethod::Get) => Method::GET,
            Some(HttpMethod::Post) => Method::POST,
            Some(HttpMethod::Patch) => Method::PATCH,
            Some(HttpMethod::Delete) => Method::DELETE,
            _ => panic!("{} has a method that no route of the API has", P::path()),
        };
        self.add(method, P::path(), access, handler)
    }

    /// Adds a route.
    ///
    /// # Panics
    ///
    /// If the path is not canonical, if its variables are not those that the handler reads, or if the method is one of a client's
    /// own making.
    pub fn add<H, T>(
        mut self,
        method: Method,
        path: impl Into<String>,
        access: impl Into<Access>,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: Inputs + 'static,
    {
        let path = path.into();
        assert!(path.starts_with('/') && path.ends_with('/'), "{path} is not a canonical path");
        assert_eq!(variables(&path), T::path_variables(), "the handler of {path} reads other variables");
        let filter = MethodFilter::try_from(method.clone()).expect("a method of HTTP's own");
        let (only_reads, takes_query) = (method.is_safe(), T::take_query());
        let handler = on(filter, handler);
        let (access, deadline) = (access.into(), DEADLINE);
        self.0.push(Route {
            method,
            path,
            access,
            only_reads,
            takes_query,
            tagged: false,
            deadline,
            handler,
        });
        self
    }

    /// Says of the route added last that it only reads, although its method is one that usually writes.
    pub fn only_reads(mut self) -> Self {
        if let Some(route) = self.0.last_mut() {
            route.only_reads = true;
        }
        self
    }

    /// Says of the route added last that it computes: a request may take as long as API Gateway waits for a function.
    pub fn computes(mut self) -> Self {
        if let Some(route) = self.0.last_mut() {
            route.deadline = COMPUTING_DEADLINE;
        }
        self
    }

    /// Says of the route added last that its answers have an `ETag`.
    pub fn tagged(mut self) -> Self {
        if let Some(route) = self.0.last_mut() {
            route.tagged = true;
        }
        self
    }

    /// Adds the routes of another group, as the local server does.
    pub fn merge(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The routes declared.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// The router that answers the routes, and everything else with an error in the envelope.
    pub fn into_router(self, app: App) -> Router {
        let mut router = Router::new();
        for route in self.0 {
            let handler = route.handler_within(&app);
            let without_slash = route.path.trim_end_matches('/');
            router = router.route(&route.path, handler.clone());
            if !without_slash.is_empty() {
                router = router.route(without_slash, handler);
            }
        }
        router
            .fallback(not_found)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
            .layer(from_fn(require_https))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(app.config.allowed_origins.layer())
            .layer(from_fn_with_state(app.clone(), request_log::log))
            .with_state(app)
    }
}

impl Route {
    /// The handler, with what stands around it on this route.
    fn handler_within(&self, app: &App) -> MethodRouter<App> {
        let mut handler = self.handler.clone();
        if !self.takes_query {
            handler = handler.route_layer(from_fn(query::refuse_parameters));
        }
        if let Access::Requires(permission) = self.access {
            handler = self.admitted(handler, permission, app);
        }
        handler.route_layer(from_fn_with_state(self.deadline, within_deadline))
    }

    /// The handler, with admission and what else stands around it where there is a caller.
    fn admitted(
        &self,
        mut handler: MethodRouter<App>,
        permission: Permission,
        app: &App,
    ) -> MethodRouter<App> {
        if self.method == Method::POST && !self.only_reads {
            handler = handler.route_layer(from_fn_with_state(app.clone(), idempotency::once));
        }
        handler = handler.route_layer(from_fn(etag::not_modified));
        let requirement = Requirement { permission, only_reads: self.only_reads };
        handler.route_layer(from_fn_with_state((app.admission.clone(), requirement), admission::admit))
    }
}

fn variables(path: &str) -> Vec<&str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect()
}

async fn not_found(uri: Uri) -> Error {
    let detail = format!("Nothing is at {}. Paths begin with /api/.", excerpt(uri.path()));
    Error::new(Code::NotFound, detail)
}

async fn method_not_allowed(method: Method) -> Error {
    let method = method.as_str();
    let detail = format!("{} is not supported here; the Allow header lists what is.", excerpt(method));
    Error::new(Code::MethodNotAllowed, detail)
}

/// How long a request may take. What depends on AWS has limits of its own; this is for the sum of them.
const DEADLINE: Duration = Duration::from_secs(5);

/// How long a request may take that computes: API Gateway waits for 29 s
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html)). What it
/// computes has a limit of its own before that.
const COMPUTING_DEADLINE: Duration = Duration::from_secs(27);

async fn within_deadline(State(deadline): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(deadline, next.run(request)).await {
        Ok(response) => response,
        Err(elapsed) => Error::unavailable(elapsed).into_response(),
    }
}

/// Refuses what reached the front door in the clear. API Gateway sets the header itself.
async fn require_https(request: Request, next: Next) -> Response {
    match request.headers().get("x-forwarded-proto") {
        Some(scheme) if scheme.as_bytes().eq_ignore_ascii_case(b"http") => {
            Error::new(Code::HttpsRequired, "Use https:// in place of http://.").into_response()
        }
        _ => next.run(request).await,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that CatchPanicLayer asks for")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::internal(format!("a handler panicked: {message}")).into_response()
}
