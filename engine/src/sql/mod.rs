//! Groups of rows that are in a database: a grouping becomes one statement in the database's dialect, and its rows groups.
//!
//! What a query means is ours to say, not the database's: texts are compared by their bytes, weeks begin on Monday, clocks are those of
//! the time zone database that we ship, and what JSON cannot say is null. So a statement says all of it, and a dialect is the table of
//! how each of these is written: one file for each.
//!
//! Whatever a client wrote is a parameter of the statement; names are those of the catalog, quoted.

mod clock;
mod condition;
mod decode;
mod dialect;
mod fold;
mod mysql;
mod parameter;
mod postgresql;
mod statement;
mod times;
mod trino;
mod writer;

pub(crate) use decode::{Reply, UnexpectedReply, Value};
pub(crate) use dialect::Dialect;
pub(crate) use mysql::MySql;
pub(crate) use parameter::Parameter;
pub(crate) use postgresql::PostgreSql;
pub(crate) use statement::{Statement, extremes, first_rows, unbounded};
pub(crate) use times::Stretch;
pub(crate) use trino::{Trino, literals};
