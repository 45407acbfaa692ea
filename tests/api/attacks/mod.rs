//! What was tried on the API, and gets nowhere.

mod credentials;
mod keys;
mod pages;
mod races;
mod requests;
mod secrets;
mod sizes;
mod stores;
