//! The catalog of a database: the tables that the user may read, with their columns.

use std::collections::{BTreeMap, BTreeSet};

use shared::model::data_source::Networks;
use shared::model::table::{Column, ColumnType, Table, TableKind};

use super::error::SourceError;
use super::session::{PATIENCE, Session, within};
use super::target::Target;
use super::{mysql, postgresql};

/// How many tables a catalog may have: their names are kept in the data source's item.
pub(crate) const MAX_TABLES: usize = 1_000;

/// How many names a warning lists.
const NAMED: usize = 10;

/// What is in a database.
#[derive(Debug)]
pub struct Catalog {
    /// The tables, by their names.
    pub tables: Vec<Table>,
    /// What is worth knowing.
    pub warnings: Vec<String>,
}

/// A column as the database lists it.
pub(crate) struct Listed {
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) kind: TableKind,
    pub(crate) column: String,
    pub(crate) native_type: String,
    /// None if it cannot be read as any of our types.
    pub(crate) column_type: Option<ColumnType>,
    pub(crate) is_nullable: bool,
    /// Whether the user may change it.
    pub(crate) is_writable: bool,
}

/// Reads the catalog.
pub async fn catalog(target: &Target, networks: &Networks) -> Result<Catalog, SourceError> {
    let read = async {
        let mut session = Session::connect(target, networks).await?;
        read(&mut session, target).await
    };
    within(PATIENCE, read).await
}

/// Reads the catalog in a session.
pub(super) async fn read(session: &mut Session, target: &Target) -> Result<Catalog, SourceError> {
    session.begin(PATIENCE).await?;
    let listed = match session {
        Session::PostgreSql(session) => postgresql::catalog::list(session, target).await?,
        Session::MySql(session) => mysql::catalog::list(session, target).await?,
    };
    session.end().await?;
    gather(listed, &target.settings.username)
}

/// The tables that columns are of. `username` is as whom they were listed.
pub(crate) fn gather(listed: Vec<Listed>, username: &str) -> Result<Catalog, SourceError> {
    let (mut tables, mut left_out) = (BTreeMap::<_, Table>::new(), BTreeSet::new());
    let (mut dotted, mut is_writable) = (BTreeSet::new(), false);
    for column in listed {
        if column.schema.contains('.') {
            dotted.insert(column.schema);
            continue;
        }
        is_writable |= column.is_writable;
        let name = format!("{}.{}", column.schema, column.table);
        let Some(column_type) = column.column_type else {
            left_out.insert(format!("{name}.{} ({})", column.column, column.native_type));
            continue;
        };
        let table = tables.entry(name.clone()).or_insert_with(|| Table {
            name,
            kind: column.kind,
            row_count: None,
            columns: Vec::new(),
        });
        table.columns.push(Column {
            name: column.column,
            column_type,
            native_type: Some(column.native_type),
            nullable: Some(column.is_nullable),
            distinct_count: None,
            min: None,
            max: None,
        });
        if tables.len() > MAX_TABLES {
            return Err(SourceError::TooManyTables(MAX_TABLES));
        }
    }
    if tables.is_empty() {
        return Err(SourceError::Nothing);
    }
    let mut warnings = Vec::new();
    if is_writable {
        warnings.push(format!(
            "The user {username:?} may write to the database. Nothing is ever written, but use one that may only read."
        ));
    }
    let list = |what: &str, names: &BTreeSet<String>| {
        let mut listed: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
        let more = format!("and {} more", names.len().saturating_sub(NAMED));
        if names.len() > NAMED {
            listed.push(&more);
        }
        (!names.is_empty()).then(|| format!("{what}: {}.", listed.join(", ")))
    };
    warnings.extend(list("Columns of types that cannot be read are left out", &left_out));
    warnings.extend(list("Schemas with a dot in their name are left out", &dotted));
    Ok(Catalog { tables: tables.into_values().collect(), warnings })
}
