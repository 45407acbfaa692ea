//! `/api/auth/status/` and `/api/health/`: who is asking, and whether anybody answers.

mod current_user;
mod health;
