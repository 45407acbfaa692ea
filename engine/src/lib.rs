//! Answers resolved queries over tables: `groups` asks the rows, `answer` makes the rest of what the groups say, `result` writes it.
//! Rows are in a `file`, or in a `database` or behind `athena`, which are asked in `sql`; a `question` is a query as it is asked of a data
//! source, `answers` is who answers it, and `widgets` what dashboards ask. What a query means is found out before (`shared::model::resolve`):
//! it is the same for every engine.
//!
//! Without the feature `queries`, there is only what tables are made with: `types`, and values as JSON (`cell`); with `databases` also
//! what is in databases, and how hosts of customers are reached (`web`).

pub mod cell;
pub mod types;

#[cfg(feature = "queries")]
mod answer;
#[cfg(feature = "queries")]
pub mod answers;
#[cfg(feature = "databases")]
pub mod athena;
#[cfg(feature = "databases")]
pub mod database;
#[cfg(feature = "queries")]
mod engine;
#[cfg(feature = "queries")]
mod error;
#[cfg(feature = "queries")]
mod file;
#[cfg(feature = "databases")]
pub mod greeting;
#[cfg(feature = "queries")]
mod groups;
#[cfg(feature = "queries")]
pub mod live;
#[cfg(feature = "queries")]
pub mod question;
#[cfg(feature = "queries")]
pub mod result;
#[cfg(feature = "queries")]
mod sql;
#[cfg(feature = "queries")]
mod standing;
#[cfg(feature = "databases")]
pub mod web;
#[cfg(feature = "queries")]
pub mod widgets;
#[cfg(feature = "queries")]
mod zone;

#[cfg(feature = "queries")]
pub use {
    answers::{Answers, Origin},
    engine::{Engine, Limits, TableAt},
    error::EngineError,
    file::{KeptLimits, RangeRead, ReadError},
    question::{Question, QuestionError},
    result::{Answer, Records, Scanned},
    standing::StandingId,
};
