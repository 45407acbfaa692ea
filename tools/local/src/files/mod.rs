//! An embedded S3: `s3s-fs`, on a folder, with one bucket.
//!
//! It verifies signatures, also of presigned links, and answers browsers as the bucket of `template.yaml` does. It keeps no
//! versions: an object that is put again takes the place of the one before.

mod announcement;
mod at_once;
mod lifecycle;
mod scratch;
mod short;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleError;
use axum::http::header::ETAG;
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn_with_state;
use s3s::HttpError;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

pub use self::announcement::{ObjectCreated, Operation};
use self::announcement::{Watch, announce};
use self::scratch::Scratch;
use self::short::ShortObjects;
use crate::data_dir::make_private_folder;
use crate::server::{Server, without_delay};
use crate::start_error::StartError;

/// The name that the bucket has locally.
pub const BUCKET: &str = "claribi-files";

/// Who may use it, and by what secret.
const ACCESS_KEY: &str = "local";
const SECRET_KEY: &str = "local";

/// How long browsers keep what a preflight answered.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_hours(24);

/// How long transfers may still run once it is to stop.
const GRACE: Duration = Duration::from_secs(1);

/// A running S3, stopped when dropped.
#[derive(Debug)]
pub struct Files {
    server: Server,
    // Removed once nothing uses it any more.
    _scratch: Option<Scratch>,
}

impl Files {
    /// Starts on the given folder, or on a temporary one that is removed when this is dropped. `created` is told of each object
    /// that was put below `uploads/`, before whoever put it has an answer; if it fails, so does the answer.
    pub fn start(
        folder: Option<&Path>,
        created: impl Fn(ObjectCreated) -> io::Result<()> + Send + Sync + 'static,
    ) -> Result<Self, StartError> {
        let failed = |error: String| StartError(format!("The embedded S3 did not start: {error}."));
        let scratch = match folder {
            Some(_) => None,
            None => Some(Scratch::make().map_err(|error| failed(error.to_string()))?),
        };
        let root = folder.or(scratch.as_ref().map(Scratch::path)).unwrap_or(Path::new("")).to_owned();
        let router = router(&root, created).map_err(|error| failed(error.to_string()))?;
        let server = Server::start("files", move |listener, stopped| serve(listener, router, root, stopped));
        Ok(Self { server: server.map_err(|error| failed(error.to_string()))?, _scratch: scratch })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

/// What answers, over what is in the folder. `created` is told of each object as [`Files::start`] says.
pub fn router(
    root: &Path,
    created: impl Fn(ObjectCreated) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<Router> {
    // Nobody else can reach what is in a folder that they cannot look into, whatever its permissions are.
    make_private_folder(root)?;
    make_private_folder(&root.join(BUCKET))?;
    let file_system = FileSystem::new(root).map_err(|error| io::Error::other(format!("{error:?}")))?;
    let mut service = S3ServiceBuilder::new(file_system);
    service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    service.set_access(ShortObjects { root: root.to_owned() });
    let watch = Watch::new(root.join(BUCKET), Box::new(created));
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::PUT])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([ETAG])
        .max_age(PREFLIGHT_MAX_AGE);
    Ok(Router::new()
        .fallback_service(HandleError::new(service.build(), not_answered))
        .layer(from_fn_with_state(Arc::from(root), at_once::read_at_once))
        .layer(from_fn_with_state(Arc::new(watch), announce))
        .layer(cors))
}

async fn not_answered(error: HttpError) -> StatusCode {
    eprintln!("the embedded S3 could not answer: {error:?}");
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Serves until it is told to stop, then lets running transfers end.
async fn serve(listener: TcpListener, router: Router, root: PathBuf, stopped: oneshot::Receiver<()>) {
    let cleaning = tokio::spawn(lifecycle::apply_hourly(root));
    let (stopping, stops) = oneshot::channel();
    let server = axum::serve(without_delay(listener), router).with_graceful_shutdown(async move {
        let _ = stopped.await;
        let _ = stopping.send(());
    });
    let grace_over = async {
        // Fails when the server has ended by itself.
        let _ = stops.await;
        tokio::time::sleep(GRACE).await;
    };
    let served = tokio::select! {
        served = server.into_future() => served,
        () = grace_over => Ok(()),
    };
    cleaning.abort();
    if let Err(error) = served {
        eprintln!("the embedded S3 stopped: {error}");
    }
}

#[cfg(test)]
mod tests;
