//! Structured logs: one JSON object per line on standard output, where Lambda takes them from.

use std::panic;

use tracing::Level;
use tracing_subscriber::fmt::SubscriberBuilder;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields};

/// What turns events into lines.
pub fn subscriber() -> SubscriberBuilder<JsonFields, Format<Json>> {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_current_span(false)
        .with_span_list(false)
        .with_max_level(Level::INFO)
}

/// Starts logging, panics included. Call once, before anything else.
pub fn start() {
    subscriber().init();
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, message = panic.payload_as_str(), "panic");
    }));
}
