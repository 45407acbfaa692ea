//! A second evaluator of queries, which the engine is held against. It does what `docs/queries.md` says, row by row, in the plainest way.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

mod aggregate;
mod bucket;
mod by_hand;
mod clock;
mod datum;
mod described;
pub(crate) mod evaluator;
mod exact;
mod fill;
mod filter;
mod float;
pub(crate) mod generate;
mod offset;
mod order;
mod question;
mod range;
pub(crate) mod table;
mod top;
