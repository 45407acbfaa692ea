//! Pauses between attempts, each twice as long as the one before and cut short at random, so that those who collided do not meet
//! again ([full jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)).

use std::time::Duration;

use tokio::time::Instant;

const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// The pauses of one operation.
#[derive(Debug)]
pub(super) struct Backoff {
    until: Instant,
    pause: Duration,
}

impl Backoff {
    /// Pauses, the first of at most `first`, until `limit` has passed.
    pub(super) fn new(first: Duration, limit: Duration) -> Self {
        Self { until: Instant::now() + limit, pause: first }
    }

    /// Pauses before the next attempt; `false` where there is no time for one.
    pub(super) async fn pause(&mut self) -> bool {
        let pause = self.pause.mul_f64(fastrand::f64());
        if Instant::now() + pause > self.until {
            return false;
        }
        tokio::time::sleep(pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }
}
