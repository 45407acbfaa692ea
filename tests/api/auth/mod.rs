//! `/api/auth/`: signing in, and new access tokens.

mod login;
mod refresh;
