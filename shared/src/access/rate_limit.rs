//! How often somebody may do something: so many times in each window of 60 seconds.
//!
//! One item per principal and window, and one unconditional `ADD` on it that returns the new count. No read, no lock:
//! exact however many instances race, and never a refusal below the limit. A window begins at a second of the
//! principal's own, so that budgets do not all return at once.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::access::api_key::PresentedKey;
use crate::base::{Code, Email, Error, OrganizationId, Timestamp, UserId};
use crate::store::{Store, StoreError};

/// The length of a window in seconds.
pub const WINDOW_SECONDS: i64 = 60;

/// How many principals over their limit are remembered. Beyond that, hammering costs writes but is refused all the same.
const REMEMBERED: usize = 10_000;

/// What is counted, and how much of it there may be in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Requests with one API key.
    ApiKey,
    /// Requests with all tokens of one user.
    User,
    /// Sign-ins with one email.
    LoginEmail,
    /// Sign-ins from one address.
    LoginAddress,
    /// Refreshes from one address.
    RefreshAddress,
    /// API keys from one address that were refused.
    RefusedKeyAddress,
}

impl Limit {
    /// The most that a window allows.
    pub fn per_window(self) -> u32 {
        match self {
            Self::ApiKey => 100,
            Self::User => 1_000,
            Self::LoginEmail => 10,
            Self::LoginAddress => 30,
            Self::RefreshAddress => 60,
            Self::RefusedKeyAddress => 30,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "key",
            Self::User => "user",
            Self::LoginEmail => "login-email",
            Self::LoginAddress => "login-address",
            Self::RefreshAddress => "refresh-address",
            Self::RefusedKeyAddress => "refused-key-address",
        }
    }
}

/// Somebody who has a budget.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    name: String,
    limit: u32,
    offset: i64,
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Principal {
    fn new(limit: Limit, who: &str) -> Self {
        let name = format!("{}#{who}", limit.name());
        let hash = Sha256::digest(&name);
        Self { offset: i64::from(hash[0]) * WINDOW_SECONDS / 256, limit: limit.per_window(), name }
    }

    /// All tokens of a user.
    pub fn user(organization: OrganizationId, user: UserId) -> Self {
        Self::new(Limit::User, &format!("{organization}#{user}"))
    }

    /// An API key as presented.
    pub fn api_key(key: &PresentedKey) -> Self {
        Self::new(Limit::ApiKey, &hex(&key.fingerprint()[..16]))
    }

    /// Whoever signs in with an email, which is not stored as it is.
    pub fn login_email(email: &Email) -> Self {
        Self::new(Limit::LoginEmail, &hex(&Sha256::digest(email.to_string())[..16]))
    }

    /// Whoever does that from an address. Those whose address the front door does not tell share a budget.
    pub fn address(limit: Limit, address: Option<IpAddr>) -> Self {
        // An IPv4 address that is written as an IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 address.
        let who = match address.map(|address| address.to_canonical()) {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(address)) => address.to_string(),
            // One subscriber has at least a /64 (RFC 6177): all its addresses are one.
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        };
        Self::new(limit, &who)
    }

    /// The window that `now` is in.
    fn window(&self, now: Timestamp) -> Window {
        let number = (now.as_second() - self.offset).div_euclid(WINDOW_SECONDS);
        Window { number, ends_at: (number + 1) * WINDOW_SECONDS + self.offset }
    }
}

/// The stretch of time that a count is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    number: i64,
    /// Its end, in seconds since 1970: the first second of the next.
    ends_at: i64,
}

impl Window {
    /// At least 1: waiting that long is enough.
    fn seconds_left(self, now: Timestamp) -> u32 {
        u32::try_from(self.ends_at - now.as_second()).unwrap_or(1).max(1)
    }
}

/// What a principal has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    limit: u32,
    remaining: u32,
    ends_at: i64,
    retry_after: Option<u32>,
}

impl Budget {
    fn of(principal: &Principal, window: Window, count: u64, now: Timestamp) -> Self {
        let limit = principal.limit;
        Self {
            limit,
            remaining: u32::try_from(u64::from(limit).saturating_sub(count)).unwrap_or(0),
            ends_at: window.ends_at,
            retry_after: (count > limit.into()).then(|| window.seconds_left(now)),
        }
    }

    /// The refusal, if the count went over the limit. Waiting as long as it says is enough.
    pub fn refusal(&self) -> Option<Error> {
        let seconds = self.retry_after?;
        let detail = format!(
            "The limit is {} requests in {WINDOW_SECONDS} seconds. Try again in {seconds} s.",
            self.limit
        );
        Some(Error::new(Code::RateLimited, detail).retry_after(seconds))
    }

    /// Adds the `X-RateLimit-*` headers.
    pub fn write_headers(&self, headers: &mut HeaderMap) {
        let mut set = |name, value| headers.insert(HeaderName::from_static(name), value);
        set("x-ratelimit-limit", HeaderValue::from(self.limit));
        set("x-ratelimit-remaining", HeaderValue::from(self.remaining));
        set("x-ratelimit-reset", HeaderValue::from(self.ends_at));
    }
}

/// Counts, and remembers who is over their limit: hammering costs no more writes.
#[derive(Debug, Default)]
pub struct RateLimiter {
    over: Mutex<HashMap<Principal, i64>>,
}

impl RateLimiter {
    /// Counts one more, and tells what is left.
    pub async fn count(
        &self,
        store: &Store,
        principal: &Principal,
        now: Timestamp,
    ) -> Result<Budget, StoreError> {
        let window = principal.window(now);
        if self.is_over(principal, now) {
            return Ok(Budget::of(principal, window, u64::MAX, now));
        }
        let expires_at = Timestamp::from_second(window.ends_at).unwrap_or(now);
        let count = store.count(&format!("{}#{}", principal.name, window.number), expires_at).await?;
        if count > principal.limit.into() {
            self.remember(principal, window, now);
        }
        Ok(Budget::of(principal, window, count, now))
    }

    /// Counts one more, and refuses if that is too many.
    pub async fn check(&self, store: &Store, principal: &Principal, now: Timestamp) -> Result<(), Error> {
        let budget = self.count(store, principal, now).await?;
        budget.refusal().map_or(Ok(()), Err)
    }

    /// Counts one more for each of two principals, and refuses if that is too many for either: until both may again.
    pub async fn check_both(
        &self,
        store: &Store,
        (one, other): (&Principal, &Principal),
        now: Timestamp,
    ) -> Result<(), Error> {
        let (one, other) = tokio::try_join!(self.count(store, one, now), self.count(store, other, now))?;
        let later = if one.retry_after >= other.retry_after { one } else { other };
        later.refusal().map_or(Ok(()), Err)
    }

    /// Counts a refusal. Once there are as many as the limit says, the principal has to [`wait`](Self::wait).
    pub async fn count_refusal(
        &self,
        store: &Store,
        principal: &Principal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let budget = self.count(store, principal, now).await?;
        if budget.remaining == 0 {
            self.remember(principal, principal.window(now), now);
        }
        Ok(())
    }

    /// How many seconds the principal has to wait, if this instance knows that it is at its limit.
    pub fn wait(&self, principal: &Principal, now: Timestamp) -> Option<u32> {
        let window = principal.window(now);
        self.is_over(principal, now).then(|| window.seconds_left(now))
    }

    /// Whether the principal is known to be over its limit.
    fn is_over(&self, principal: &Principal, now: Timestamp) -> bool {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        over.get(principal).is_some_and(|ends_at| *ends_at == principal.window(now).ends_at)
    }

    fn remember(&self, principal: &Principal, window: Window, now: Timestamp) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if over.len() >= REMEMBERED {
            over.retain(|_, ends_at| *ends_at > now.as_second());
        }
        if over.len() < REMEMBERED {
            over.insert(principal.clone(), window.ends_at);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    proptest! {
        #[test]
        fn windows_follow_each_other_without_gap_or_overlap(who: u64, now in 0..4_000_000_000_i64, later in 1..600_i64) {
            let principal = Principal::user(who.into(), who.into());
            let (first, second) = (principal.window(at(now)), principal.window(at(now + later)));
            prop_assert!(first.ends_at - WINDOW_SECONDS <= now && now < first.ends_at);
            prop_assert_eq!(second.number == first.number, now + later < first.ends_at);
            prop_assert_eq!(principal.window(at(first.ends_at)).number, first.number + 1);
            prop_assert_eq!(second.ends_at - first.ends_at, (second.number - first.number) * WINDOW_SECONDS);
        }

        #[test]
        fn waiting_as_told_is_enough_and_never_more_than_a_window(who: u64, now in 0..4_000_000_000_i64) {
            let principal = Principal::user(who.into(), who.into());
            let window = principal.window(at(now));
            let budget = Budget::of(&principal, window, 1_001, at(now));
            let wait = budget.retry_after.unwrap();
            prop_assert!((1..=60).contains(&wait));
            prop_assert!(principal.window(at(now + i64::from(wait))).number > window.number);
        }

        #[test]
        fn exactly_the_limit_is_let_through(count in 1..2_000_u64) {
            let principal = Principal::user(1.into(), 1.into());
            let budget = Budget::of(&principal, principal.window(at(0)), count, at(0));
            prop_assert_eq!(budget.retry_after.is_none(), count <= 1_000);
            prop_assert_eq!(u64::from(budget.remaining), 1_000_u64.saturating_sub(count));
        }
    }

    #[test]
    fn windows_begin_at_all_seconds_of_the_minute() {
        let offsets: std::collections::HashSet<_> =
            (0..2_000).map(|user| Principal::user(1.into(), user.into()).offset).collect();
        assert_eq!(offsets.len(), 60);
        assert!(offsets.iter().all(|offset| (0..60).contains(offset)));
    }

    #[test]
    fn the_addresses_of_one_subscriber_are_one() {
        let address = |text: &str| Principal::address(Limit::LoginAddress, Some(text.parse().unwrap()));
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("::ffff:192.0.2.1"), address("::ffff:192.0.2.2"));
    }
}
