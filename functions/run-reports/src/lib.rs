//! Reports are made: a dashboard becomes a file, which is kept and mailed. The job takes what the queue hands over.
//!
//! The way of a run: it is there, `waiting`, because somebody asked for it or because it was time (`scheduled`); an attempt makes it its
//! own (`claim`), draws the file on disk (`draw`), puts it into the bucket and says so on the run (`publish`), and mails it (`deliver`).
//! Each step is written down before the next one, so that another attempt goes on where one has ended, and nothing is done twice.
//! `sync` tells the Scheduler of schedules.

mod claim;
mod deliver;
mod draw;
mod error;
mod handle;
mod mail;
mod outside;
mod publish;
mod runs;
mod scheduled;
mod sync;
mod words;
mod work;

pub use handle::handle;
pub use outside::Outside;
