//! Both stores, started together.

use std::net::SocketAddr;
use std::path::PathBuf;

use aws_credential_types::Credentials;
use shared::store::aws::{self, Settings};

use crate::data_dir::DataDir;
use crate::dynamodb::DynamoDb;
use crate::secrets_manager::SecretsManager;
use crate::start_error::StartError;

/// Where data is kept.
#[derive(Clone, Debug)]
pub enum Storage {
    /// Gone when the process ends.
    Memory,
    /// In this folder, which one process at a time may use.
    Folder(PathBuf),
}

/// Running stores. They stop when this is dropped.
pub struct Stores {
    dynamodb: DynamoDb,
    secrets_manager: SecretsManager,
    // Dropped last: the folder is free once nothing uses it any more.
    _data_dir: Option<DataDir>,
}

impl Stores {
    /// Starts both on free loopback ports.
    pub fn start(storage: Storage) -> Result<Self, StartError> {
        let data_dir = match storage {
            Storage::Memory => None,
            Storage::Folder(path) => Some(DataDir::open(path)?),
        };
        let file = |name| data_dir.as_ref().map(|dir| dir.file(name));
        Ok(Self {
            dynamodb: DynamoDb::start(file("dynamodb.sqlite").as_deref())?,
            secrets_manager: SecretsManager::start(file("secrets.json"))?,
            _data_dir: data_dir,
        })
    }

    /// How to reach them.
    pub fn settings(&self) -> Settings {
        Settings {
            region: "us-east-1".to_owned(),
            credentials: Credentials::new("local", "local", None, None, "local"),
            dynamodb_endpoint: Some(url(self.dynamodb.address())),
            secrets_manager_endpoint: Some(url(self.secrets_manager.address())),
        }
    }

    /// Clients that reach them.
    pub fn clients(&self) -> Result<(aws_sdk_dynamodb::Client, aws_sdk_secretsmanager::Client), StartError> {
        let http_client = aws::http_client().map_err(|error| StartError(error.to_string()))?;
        Ok(aws::clients(self.settings(), http_client))
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn nobody_else_can_read_the_data() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data");
        let stores = Stores::start(Storage::Folder(path.clone())).expect("stores");
        crate::endpoints::write(&path, &stores.settings(), &crate::tables::names()).expect("a file");
        let files: Vec<_> =
            std::fs::read_dir(&path).expect("a folder").map(|file| file.expect("a file")).collect();
        assert!(files.len() >= 3, "{files:?}");
        for file in files {
            let mode = file.metadata().expect("metadata").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{:?}", file.path());
        }
    }
}
