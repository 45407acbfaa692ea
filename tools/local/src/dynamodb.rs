//! An embedded DynamoDB: `dynoxide`, on a SQLite file or in memory.
//!
//! It runs one transaction at a time, so it never answers `TransactionConflict`, throttling or a timeout.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use dynoxide::Database;

use crate::data_dir::make_private;
use crate::server::Server;
use crate::start_error::StartError;

/// How often expired items are removed. AWS takes up to days; nothing may rely on it.
const SWEEP_INTERVAL: Duration = Duration::from_mins(1);

/// A running DynamoDB, stopped when dropped.
#[derive(Debug)]
pub struct DynamoDb(Server);

impl DynamoDb {
    /// Starts on the given file, or in memory.
    pub fn start(file: Option<&Path>) -> Result<Self, StartError> {
        let failed = |error: String| StartError(format!("The embedded DynamoDB did not start: {error}."));
        let database = match file {
            Some(file) => {
                // SQLite gives the files that it makes beside this one the same permissions.
                make_private(file).map_err(|error| failed(error.to_string()))?;
                Database::new(&file.to_string_lossy())
            }
            None => Database::memory(),
        };
        let database = database.map_err(|error| failed(error.to_string()))?;
        Server::start("dynamodb", move |listener, stopped| async move {
            let sweeping = tokio::spawn(sweep(database.clone()));
            let until_stopped = async {
                let _ = stopped.await;
            };
            let served = dynoxide::server::serve_with_shutdown(listener, database, until_stopped).await;
            sweeping.abort();
            if let Err(error) = served {
                eprintln!("the embedded DynamoDB stopped: {error}");
            }
        })
        .map(Self)
        .map_err(|error| failed(error.to_string()))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

async fn sweep(database: Database) {
    loop {
        tokio::time::sleep(SWEEP_INTERVAL).await;
        if let Err(error) = database.sweep_ttl() {
            eprintln!("expired items were not removed: {error}");
        }
    }
}
