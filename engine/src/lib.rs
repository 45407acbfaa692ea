//! Answers resolved queries over tables: `groups` asks the rows, `answer` makes the rest of what the groups say, `result` writes it.
//! `file` is where tables rest, `answers` what requests ask. What a query means is found out before (`shared::model::resolve`): it is
//! the same for every engine.

mod answer;
pub mod answers;
pub mod cell;
mod engine;
mod error;
mod file;
mod groups;
pub mod result;
pub mod types;
mod zone;

pub use answers::{Answers, Question, QuestionError};
pub use engine::{Engine, Limits, TableAt};
pub use error::EngineError;
pub use file::{KeptLimits, RangeRead, ReadError};
pub use result::Answer;
