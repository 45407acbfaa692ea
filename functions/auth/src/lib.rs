//! `/api/auth/login/` and `/api/auth/token/refresh/`: how a user gets tokens.

mod login;
mod refresh;

use shared::access::Access::Public;

shared::routes! {
    login::login => Public;
    refresh::refresh => Public;
}
