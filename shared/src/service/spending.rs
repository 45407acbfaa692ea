//! Spending AI credits on a request: held before its work, spent once that is done, given back if it fails.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use uuid::Uuid;

use crate::access::Caller;
use crate::base::Error;
use crate::base::error::chain;
use crate::http::Input;
use crate::service::App;
use crate::service::idempotency::Idempotency;
use crate::store::credits::{self, Reservation};

/// What a handler takes that spends credits.
pub struct Spending {
    app: App,
    caller: Caller,
    /// Names what they are spent on: for a request that is sent again, the same.
    key: String,
}

impl Input for Spending {}

impl<S: Send + Sync> FromRequestParts<S> for Spending
where
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let name = Idempotency::of(parts).name().map(str::to_owned);
        Ok(Self {
            app: App::from_ref(state),
            caller: Caller::from_request_parts(parts, state).await?,
            key: name.unwrap_or_else(|| Uuid::new_v4().to_string()),
        })
    }
}

impl Spending {
    /// Does work that costs credits: at most `most`, and as many as it says itself with what it comes to. A 403 `plan_limit_reached` where
    /// there are not as many; what fails costs nothing.
    ///
    /// With an `Idempotency-Key`, they are spent once, however often the request is sent. Without one, they may be spent although the
    /// answer is a 503, if the store does not say whether they are.
    pub async fn spend<T>(
        &self,
        most: u64,
        work: impl Future<Output = Result<(T, u64), Error>>,
    ) -> Result<T, Error> {
        let (store, clock) = (&self.app.store, &self.app.clock);
        let organization = self.caller.organization();
        let reservation = credits::reserve(store, organization, &self.key, most, clock.now()).await?;
        match work.await {
            Ok((done, spent)) => {
                credits::settle(store, &reservation, spent, clock.now()).await?;
                Ok(done)
            }
            Err(error) => {
                self.release(&reservation).await;
                Err(error)
            }
        }
    }

    /// Gives credits back. Where that fails, they come back by themselves, minutes later.
    async fn release(&self, reservation: &Reservation) {
        if let Err(error) = credits::release(&self.app.store, reservation, self.app.clock.now()).await {
            tracing::warn!(cause = chain(&error), "credits come back some minutes later");
        }
    }
}
