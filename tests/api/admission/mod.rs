//! Who gets in, in which order others are turned away, and what a refused request learns: nothing.

mod credentials;
mod order;
mod rounds;
