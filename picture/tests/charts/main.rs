//! What the drawings look like, as text that can be read in review, and what they withstand.

#![expect(clippy::unwrap_used, reason = "what the tests write is right, or they fail")]

mod adversarial;
mod expected;
mod outline;
#[cfg(feature = "png")]
mod pixels;
mod sample;
mod samples;
mod scatter;
mod table;
