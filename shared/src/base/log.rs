//! Structured logs: one JSON object per line on standard output, where Lambda takes them from.

use std::panic;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::SubscriberBuilder;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

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
    install(subscriber().finish());
}

/// Starts logging, without what the crates `noisy` say: embedded stores tell of every request that they refuse, which is how they are
/// asked.
pub fn start_without(noisy: &[&'static str]) {
    let noisy = noisy.iter().map(|name| (*name, LevelFilter::OFF));
    let targets = Targets::new().with_default(Level::INFO).with_targets(noisy);
    install(subscriber().finish().with(targets));
}

fn install(subscriber: impl SubscriberInitExt) {
    subscriber.init();
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, message = panic.payload_as_str(), "panic");
    }));
}
