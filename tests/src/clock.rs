//! A clock that moves when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use shared::base::{Clock, Timestamp};

/// Starts on 2027-01-15 at 08:00:00 UTC.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000)))
    }
}

impl TestClock {
    /// The clock as the app is given it.
    pub fn clock(&self) -> Clock {
        let seconds = self.0.clone();
        Clock::new(move || {
            Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("tests stay within range")
        })
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        self.0.fetch_add(time.as_secs().cast_signed(), Ordering::SeqCst);
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}
