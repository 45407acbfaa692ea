//! Reports: a dashboard as a file, made at set times or when somebody asks.

pub mod cron;

pub use cron::Cron;
