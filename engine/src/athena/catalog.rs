//! What Athena's catalog has: the tables and views of one database, with their columns.

use std::time::Instant;

use aws_sdk_athena::types::{TableMetadata, WorkGroupState};
use shared::model::table::TableKind;
use shared::store::Cloud;

use super::client::Client;
use super::error::AthenaError;
use super::target::AthenaTarget;
use super::types::{column_type, native_type};
use crate::database::{Catalog, Listed, MAX_TABLES, PATIENCE, SourceError, gather, within};
use crate::greeting::Greeting;

/// Reads the catalog.
pub async fn catalog(target: &AthenaTarget, cloud: &Cloud) -> Result<Catalog, SourceError> {
    let read = async {
        let client = Client::of(target, cloud).await?;
        let (mut listed, mut next, mut count) = (Vec::new(), None, 0);
        loop {
            let (tables, more) = client.tables(next.take()).await?;
            count += tables.len();
            if count > MAX_TABLES {
                return Err(SourceError::TooManyTables(MAX_TABLES));
            }
            listed.extend(tables.iter().flat_map(|table| columns(&target.settings.database, table)));
            match more {
                Some(more) => next = Some(more),
                None => break,
            }
        }
        let catalog = gather(listed, "")?;
        if catalog.tables.is_empty() { Err(SourceError::Nothing) } else { Ok(catalog) }
    };
    within(PATIENCE, read).await
}

/// Asks whether the workgroup takes queries, and whether the database is there.
pub async fn greet(target: &AthenaTarget, cloud: &Cloud) -> Result<Greeting, SourceError> {
    let greet = async {
        let client = Client::of(target, cloud).await?;
        let asked = Instant::now();
        let workgroup = client.workgroup().await?;
        let latency = asked.elapsed();
        if workgroup.state == Some(WorkGroupState::Disabled) {
            return Err(AthenaError::DisabledWorkgroup(workgroup.name).into());
        }
        let version = workgroup.configuration.and_then(|configuration| configuration.engine_version);
        let version = version.and_then(|version| version.effective_engine_version);
        if client.tables(None).await?.0.is_empty() {
            return Err(SourceError::Nothing);
        }
        let server =
            version.map_or_else(|| "Amazon Athena".to_owned(), |version| format!("Amazon {version}"));
        Ok(Greeting { server: Some(server), latency })
    };
    within(PATIENCE, greet).await
}

/// The columns of a table, those that it is partitioned by last, as Athena has them.
fn columns<'a>(database: &'a str, table: &'a TableMetadata) -> impl Iterator<Item = Listed> + use<'a> {
    let is_view = table.table_type.as_deref().is_some_and(|kind| kind.contains("VIEW"));
    table.columns().iter().chain(table.partition_keys()).map(move |column| {
        let native_type = native_type(column.r#type().unwrap_or_default());
        Listed {
            schema: database.to_owned(),
            table: table.name().to_owned(),
            kind: if is_view { TableKind::View } else { TableKind::Table },
            column: column.name().to_owned(),
            column_type: column_type(&native_type),
            native_type,
            is_nullable: true,
            is_writable: false,
        }
    })
}
