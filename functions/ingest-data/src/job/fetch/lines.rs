//! The records of all pages on the disk: one JSON array.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::job::fetch::revision::hex;
use crate::records::{self, Found, Wanted, Wrong};

/// The records that were taken so far.
pub(crate) struct Lines {
    path: PathBuf,
    /// Away while records are being written.
    out: Option<Digested>,
    count: u64,
}

/// A file, and a digest of what is in it.
struct Digested {
    file: BufWriter<File>,
    digest: Sha256,
}

impl Write for Digested {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Lines {
    /// None yet.
    pub(crate) fn new(path: PathBuf) -> io::Result<Self> {
        let mut out = Digested { file: BufWriter::new(File::create(&path)?), digest: Sha256::new() };
        out.write_all(b"[\n")?;
        Ok(Self { path, out: Some(out), count: 0 })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Adds those of a document on the disk. What is wrong with it, if something is.
    pub(crate) async fn take(
        &mut self,
        document: &Path,
        wanted: Wanted<'_>,
    ) -> io::Result<Result<Found, String>> {
        let gone = || io::Error::other("the records were lost");
        let mut out = self.out.take().ok_or_else(gone)?;
        let (records, next) = (wanted.records.cloned(), wanted.next.cloned());
        let (document, before, record_bytes) = (document.to_owned(), self.count, wanted.record_bytes);
        let taken = tokio::task::spawn_blocking(move || {
            let wanted = Wanted { records: records.as_ref(), next: next.as_ref(), record_bytes };
            let found = File::open(document)
                .map_err(Wrong::Disk)
                .and_then(|document| records::take(document, wanted, before, &mut out));
            (out, found)
        });
        let (out, found) = taken.await.map_err(io::Error::other)?;
        self.out = Some(out);
        match found {
            Ok(found) => {
                self.count += found.count;
                Ok(Ok(found))
            }
            Err(Wrong::Document(what)) => Ok(Err(what)),
            Err(Wrong::Disk(error)) => Err(error),
        }
    }

    /// Where they are, and a digest of them.
    pub(crate) fn finish(self) -> io::Result<(PathBuf, String)> {
        let mut out = self.out.ok_or_else(|| io::Error::other("the records were lost"))?;
        out.write_all(b"]\n")?;
        out.flush()?;
        Ok((self.path, hex(&out.digest.finalize())))
    }
}
