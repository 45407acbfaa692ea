//! What was tried on the API, and gets nowhere.

mod credentials;
mod keys;
mod races;
mod secrets;
mod sizes;
mod stores;
