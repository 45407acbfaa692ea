//! `cargo run`: the whole API on 127.0.0.1.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use clap::Parser;
use jiff::Timestamp;
use jiff::tz::Offset;
use local::background::Background;
use local::server::without_delay;
use local::{StartError, Storage, Stores, demo, endpoints, tables};
use shared::access::api_key::Stage;
use shared::base::Clock;
use shared::http::PeerAddress;
use shared::model::data_source::Networks;
use shared::service::app::{App, Config};
use shared::service::cors::AllowedOrigins;
use tokio::net::TcpListener;
use tower::limit::GlobalConcurrencyLimitLayer;

/// How long requests may still run after Ctrl-C.
const GRACE: Duration = Duration::from_secs(3);

/// How many requests are served at a time; others wait their turn. The embedded DynamoDB does one thing at a time, and
/// would keep more waiting than the API waits for AWS.
const CONCURRENT_REQUESTS: usize = 64;

/// The claribi API on 127.0.0.1, with embedded stores and a demo organization.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Folder that data is kept in between runs
    #[arg(long, default_value = ".claribi")]
    data_dir: PathBuf,
    /// Keep data in memory only
    #[arg(long, conflicts_with = "data_dir")]
    in_memory: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    shared::base::log::start_without(&["dynoxide", "s3s", "s3s_fs"]);
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = listen(options.port).await?;
    let address = listener.local_addr()?;
    let storage = if options.in_memory { Storage::Memory } else { Storage::Folder(options.data_dir.clone()) };
    let stores = Stores::start(storage)?;
    let app = app(&stores, address).await?;
    demo::seed(&app).await?;

    if !options.in_memory {
        endpoints::write(&options.data_dir, &stores, &tables::names())?;
    }
    print_welcome(address, &options, &stores);
    tokio::spawn(write_usage(app.clone()));
    tokio::spawn(import_demo(address, (!options.in_memory).then(|| options.data_dir.join(DEMO_IS_THERE))));
    let background = Background::start(&stores, &app)?;
    let router = groups::routes().into_router(app.clone()).layer(from_fn(note_peer));
    let router = router.layer(GlobalConcurrencyLimitLayer::new(CONCURRENT_REQUESTS));
    serve(listener, router).await?;
    background.stop().await?;
    app.write_usage().await;
    println!("Stopped.");
    Ok(())
}

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError(format!(
            "Port {port} is taken. Stop what listens there, or choose another: cargo run -- --port {}",
            port.checked_add(1).unwrap_or(3000)
        )),
        _ => StartError(format!("Port {port} cannot be listened on: {error}.")),
    })
}

async fn app(stores: &Stores, address: SocketAddr) -> Result<App, Box<dyn Error>> {
    let (dynamodb, secrets_manager) = stores.clients()?;
    tables::create(&dynamodb, &tables::names()).await?;
    demo::create_secret(&secrets_manager, demo::SECRET_ID).await?;
    let clock = Clock::system();
    let config = Config {
        stage: Stage::Test,
        public_base_url: Some(format!("http://{address}")),
        allowed_origins: AllowedOrigins::Any,
        // A database of the developer's own.
        networks: Networks::parse(Networks::LOOPBACK)?,
        demo_sign_in: Some(demo::sign_in()),
    };
    Ok(App::new(stores.of_app(tables::names(), &clock)?, clock, config))
}

async fn note_peer(ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(PeerAddress(peer.ip()));
    next.run(request).await
}

/// The file that says that the demo's data was brought in.
const DEMO_IS_THERE: &str = "demo";

/// Brings the demo's data in, as a user would, while others are served already.
async fn import_demo(address: SocketAddr, done: Option<PathBuf>) {
    let today = Offset::UTC.to_datetime(Timestamp::now()).date();
    if let Err(error) = demo::import::import(&format!("http://{address}"), today, done.as_deref()).await {
        eprintln!("The demo's data is not there: {error}.");
    }
}

/// Writes what was used, which a function does after each answer.
async fn write_usage(app: App) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        app.after_answer().await;
    }
}

/// Serves until Ctrl-C, then lets running requests end.
async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let server = axum::serve(without_delay(listener), service).with_graceful_shutdown(async move {
        // Without a way to hear Ctrl-C, the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        stopping.send_replace(true);
    });
    let grace_over = async {
        // Fails when the server has ended by itself.
        let _ = stopped.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = server.into_future() => result,
        () = grace_over => Ok(()),
    }
}

fn print_welcome(address: SocketAddr, options: &Options, stores: &Stores) {
    let settings = stores.settings();
    let kept = if options.in_memory {
        "in memory only".to_owned()
    } else {
        format!("in {}", options.data_dir.display())
    };
    let outbox = if options.in_memory {
        "it is forgotten".to_owned()
    } else {
        format!("it is put into {}", options.data_dir.join("outbox").display())
    };
    println!(
        r#"
claribi {version} on http://{address}/api/    (Ctrl-C stops it; data is kept {kept})

Try:

  TOKEN=$(curl -s -X POST http://{address}/api/auth/login/ \
    -H "Content-Type: application/json" \
    -d '{{"email": "you@example.com", "password": "{password}"}}' \
    | jq -r '.access')

  curl -H "Authorization: Bearer $TOKEN" http://{address}/api/auth/status/

Console:        http://{address}/
Documentation:  http://{address}/api/docs/

Other roles, same password: owner@, analyst@, member@ and viewer@example.com
Two data sources, Sales and Marketing, a dashboard over each and a report are there in a few seconds.
DynamoDB: {dynamodb}   Secrets Manager: {secrets_manager}   S3: {s3}   SQS: {sqs}
Scheduler: {scheduler}   SES: {ses}   (mail is not sent: {outbox})
"#,
        version = env!("CARGO_PKG_VERSION"),
        password = demo::PASSWORD,
        dynamodb = settings.dynamodb_endpoint.unwrap_or_default(),
        secrets_manager = settings.secrets_manager_endpoint.unwrap_or_default(),
        s3 = settings.s3_endpoint.unwrap_or_default(),
        sqs = settings.sqs_endpoint.unwrap_or_default(),
        scheduler = settings.scheduler_endpoint.unwrap_or_default(),
        ses = settings.ses_endpoint.unwrap_or_default(),
    );
}
