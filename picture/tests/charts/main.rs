//! What the drawings look like, as text that can be read in review, and what they withstand.

mod adversarial;
mod expected;
mod outline;
#[cfg(feature = "png")]
mod pixels;
mod samples;
