//! `/api/auth/status/` and `/api/health/`: who one is, and whether the service is up.

mod account;
mod health;

use shared::access::Access::Public;
use shared::access::Permission::ViewAccount;

shared::routes! {
    account::status => ViewAccount;
    health::health => Public;
}
