//! Bounds what is read into memory in one piece.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// How much may still be read before it is too much, if that matters now.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter(Rc<Cell<Option<usize>>>);

impl Meter {
    /// From now on, at most so many bytes.
    pub(super) fn allow(&self, bytes: usize) {
        self.0.set(Some(bytes));
    }

    /// From now on, any number: nothing of it is kept.
    pub(super) fn allow_all(&self) {
        self.0.set(None);
    }

    /// Whether there was too much.
    pub(super) fn is_exceeded(&self) -> bool {
        self.0.get() == Some(0)
    }
}

/// A reader that stops where the meter says.
pub(super) struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R, meter: Meter) -> Self {
        Self { inner, meter }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(left) = self.meter.0.get() {
            let left = left.saturating_sub(read);
            self.meter.0.set(Some(left));
            if left == 0 {
                return Err(io::Error::other("too much in one piece"));
            }
        }
        Ok(read)
    }
}
