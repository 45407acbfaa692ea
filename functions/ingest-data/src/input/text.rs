//! Texts of any encoding, read as UTF-8 block by block.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::failure::{ImportFailure, Outcome};

/// How much of a file is looked at to see whether every second byte is zero, as in UTF-16.
const SAMPLE_BYTES: usize = 4_096;

/// How much is read at a time to see whether all of a file is UTF-8.
const CHECK_BYTES: usize = 1 << 20;

/// How a text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

/// A text in a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    path: &'a Path,
    encoding: Encoding,
    /// How long the mark at the beginning is that tells the encoding.
    mark: u64,
}

impl<'a> Text<'a> {
    /// Finds out the encoding: what the mark at the beginning says; else UTF-16 if every second byte of the beginning is zero; else
    /// UTF-8 if all of the file is that; else Windows-1252, which any bytes can be.
    pub(crate) fn open(path: &'a Path) -> Outcome<Self> {
        let mut file = File::open(path)?;
        let mut start = Vec::with_capacity(SAMPLE_BYTES);
        file.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut start)?;
        if start.is_empty() {
            return Err(ImportFailure::of_file("The file is empty."));
        }
        refuse_other_kinds(&start)?;
        let (encoding, mark) = match start.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            _ => match zeros(&start) {
                Some(encoding) => (encoding, 0),
                None if is_utf8(&mut file)? => (Encoding::Utf8, 0),
                None => (Encoding::Windows1252, 0),
            },
        };
        if mark == 3 && !is_utf8(&mut file)? {
            return Err(ImportFailure::of_file(
                "The file begins as UTF-8, but not all of it is. Save it as UTF-8.",
            ));
        }
        Ok(Self { path, encoding, mark })
    }

    /// Begins to read it.
    pub(crate) fn blocks(&self) -> Outcome<Blocks> {
        let mut file = File::open(self.path)?;
        file.seek(SeekFrom::Start(self.mark))?;
        let decoder = match self.encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        Ok(Blocks { file, decoder, raw: Vec::new(), is_over: false })
    }
}

/// A text as it is read.
pub(crate) struct Blocks {
    file: File,
    decoder: Option<Decoder>,
    /// What was read and is not decoded yet.
    raw: Vec<u8>,
    is_over: bool,
}

impl Blocks {
    /// Whether all is read.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Adds about this many bytes to the ones that are there. What is read is always UTF-8, but a character may still be incomplete
    /// at the end.
    pub(crate) fn read(&mut self, bytes: &mut Vec<u8>, count: usize) -> Outcome<()> {
        let Some(decoder) = &mut self.decoder else {
            let read = self.file.by_ref().take(count as u64).read_to_end(bytes)?;
            self.is_over = read < count;
            return Ok(());
        };
        let read = self.file.by_ref().take(count as u64).read_to_end(&mut self.raw)?;
        self.is_over = read < count;
        let room = decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
        let start = bytes.len();
        bytes.resize(start + room.ok_or_else(|| ImportFailure::internal("the block is too large"))?, 0);
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(&self.raw, &mut bytes[start..], self.is_over);
        bytes.truncate(start + written);
        self.raw.clear();
        match result {
            DecoderResult::InputEmpty => Ok(()),
            DecoderResult::OutputFull => {
                Err(ImportFailure::internal(format!("{:?}", CoderResult::OutputFull)))
            }
            DecoderResult::Malformed(..) => Err(ImportFailure::of_file(
                "The file is UTF-16, but not all of it is valid. Save it as UTF-8.",
            )),
        }
    }
}

/// Names the kind of a file that is something else.
fn refuse_other_kinds(start: &[u8]) -> Outcome<()> {
    let kind = match start {
        [b'P', b'K', 3, 4, ..] => "a ZIP archive or a spreadsheet",
        [b'P', b'A', b'R', b'1', ..] => "a Parquet file",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old or encrypted Office document",
        [0x1F, 0x8B, ..] => "compressed with gzip",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        _ => return Ok(()),
    };
    Err(ImportFailure::of_file(format!("The file is no text: it is {kind}.")))
}

/// Which UTF-16 it is if every second byte is mostly zero, and the others mostly not.
fn zeros(start: &[u8]) -> Option<Encoding> {
    let pairs = start.len() / 2;
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs == 0 {
        None
    } else if odd * 2 > pairs && even * 10 < pairs {
        Some(Encoding::Utf16Le)
    } else if even * 2 > pairs && odd * 10 < pairs {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

fn is_utf8(file: &mut File) -> Outcome<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::with_capacity(CHECK_BYTES + 4);
    loop {
        let read = file.by_ref().take(CHECK_BYTES as u64).read_to_end(&mut bytes)?;
        match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.clear(),
            // The last character goes on in the next block.
            Err(error) if error.error_len().is_none() && read > 0 => {
                bytes.drain(..error.valid_up_to());
            }
            Err(_) => return Ok(false),
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Outcome<(Encoding, String)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let text = Text::open(file.path())?;
        let mut blocks = text.blocks()?;
        let mut out = Vec::new();
        while !blocks.is_over() {
            blocks.read(&mut out, 3)?;
        }
        Ok((text.encoding, String::from_utf8(out).unwrap()))
    }

    #[test]
    fn encodings_are_found_out() {
        let text = "a;ü;€\nb;😀;c\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        assert_eq!(read(text.as_bytes()).unwrap(), (Encoding::Utf8, text.into()));
        assert_eq!(read(&marked(b"\xEF\xBB\xBF", text.as_bytes())).unwrap(), (Encoding::Utf8, text.into()));
        assert_eq!(read(&marked(b"\xFF\xFE", &utf16)).unwrap(), (Encoding::Utf16Le, text.into()));
        assert_eq!(read(&utf16).unwrap(), (Encoding::Utf16Le, text.into()));
        let big: Vec<u8> = "name;city\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&big).unwrap(), (Encoding::Utf16Be, "name;city\n".into()));
        assert_eq!(read(b"M\xFCnchen;\x80").unwrap(), (Encoding::Windows1252, "München;€".into()));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(read(b"").is_err());
        assert!(read(b"PK\x03\x04....").is_err());
        assert!(read(b"\xEF\xBB\xBFabc\xFF").is_err());
        assert!(read(b"\xFF\xFE\x00\xD8a\x00").is_err());
    }
}
