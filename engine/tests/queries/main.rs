//! Queries, answered by the engine and by an evaluator that does nothing but what `docs/queries.md` says.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

mod against_naive;
mod files;
mod limits;
mod naive;
