//! Several CSV files in one ZIP archive: one a widget. The archive is written from its beginning to its end, without seeking, so that
//! it can be uploaded while it is made. Files may be larger than 4 GB.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use shared::base::Timestamp;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::Options;
use crate::chart::Content;
use crate::data::Data;
use crate::report::{Outcome, Part};
use crate::value::Value;

/// How many characters of a title are in its file's name.
const MAX_NAME_CHARS: usize = 80;

/// How many bytes a cell has at most, beside those of a text: a decimal has 38 digits, a point, a sign and a comma; or a text's quotes.
const CELL_BYTES: u64 = 48;

/// Deflate's level, of 1 to 9. CSV is a tenth larger than at 6, and made three times as fast.
const COMPRESSION_LEVEL: i64 = 3;

/// A ZIP archive of CSV files that is being written.
pub struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    options: Options,
    modified_at: zip::DateTime,
    files: u32,
    outcome: Outcome,
}

impl<W: Write> Archive<W> {
    /// Begins an archive. Its files get the time `modified_at`, in UTC, so that the same rows make the same archive.
    pub fn new(options: Options, modified_at: Timestamp, out: W) -> Self {
        Self {
            zip: ZipWriter::new_stream(out),
            options,
            modified_at: zip_time(modified_at),
            files: 0,
            outcome: Outcome::default(),
        }
    }

    /// Adds a file with the rows of a widget, named after its number and title. A widget that failed gets a text file that says
    /// why; a text gets none.
    ///
    /// # Errors
    ///
    /// What writing the archive fails with.
    pub fn add(&mut self, part: Part<'_>) -> io::Result<()> {
        let title = part.widget.title.as_str();
        match part.content {
            Content::Data(data) => self.add_rows(title, &data),
            Content::Failure(reason) => {
                self.begin(title, "txt", false)?;
                self.zip.write_all(reason.as_bytes())?;
                self.zip.write_all(b"\r\n")
            }
            Content::Text => Ok(()),
        }
    }

    /// Ends the archive. Returns what is in it, and the writer.
    ///
    /// # Errors
    ///
    /// What writing the archive's directory fails with.
    pub fn finish(self) -> io::Result<(Outcome, W)> {
        let mut out = self.zip.finish()?.into_inner();
        out.flush()?;
        Ok((self.outcome, out))
    }

    fn add_rows(&mut self, title: &str, data: &Data<'_>) -> io::Result<()> {
        self.begin(title, "csv", is_large(data))?;
        self.outcome.rows += super::write(data, self.options, &mut self.zip)?;
        self.outcome.truncated |= data.truncated;
        Ok(())
    }

    fn begin(&mut self, title: &str, extension: &str, is_large: bool) -> io::Result<()> {
        self.files += 1;
        // The number makes it unique.
        let name = format!("{:02} {}.{extension}", self.files, file_name(title));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(COMPRESSION_LEVEL))
            .last_modified_time(self.modified_at)
            .large_file(is_large);
        Ok(self.zip.start_file(name, options)?)
    }
}

/// Whether a file may be larger than the 4 GB that it can have in an ordinary archive. Programs of today read the other kind, too, but
/// not all of them.
fn is_large(data: &Data<'_>) -> bool {
    let mut bytes = (data.row_count as u64 + 1).saturating_mul(data.columns.len() as u64 * CELL_BYTES);
    for column in 0..data.columns.len() {
        for row in 0..data.row_count {
            match data.value(column, row) {
                // Quotation marks are doubled.
                Value::Text(text) => bytes = bytes.saturating_add(text.len() as u64 * 2),
                Value::Null => {}
                // A column's values are of one type.
                _ => break,
            }
        }
    }
    bytes > u64::from(u32::MAX)
}

/// A title as part of a file's name on any system: without what Windows forbids in one, without control characters and what turns
/// the direction of text, not too long, and not ended by a point or a space.
pub fn file_name(title: &str) -> String {
    let is_forbidden = |character: char| {
        character.is_control()
            || matches!(character, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = title
        .chars()
        .map(|character| if is_forbidden(character) { '_' } else { character })
        .take(MAX_NAME_CHARS)
        .collect();
    let name = name.trim_matches(|character: char| character == '.' || character.is_whitespace());
    if name.is_empty() { "untitled".to_owned() } else { name.to_owned() }
}

/// The time as ZIP has it. Before 1980 is the first that it has.
fn zip_time(at: Timestamp) -> zip::DateTime {
    let civil = TimeZone::UTC.to_datetime(at.into());
    // The calendar's numbers are small and positive where a year is.
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        u16::try_from(civil.year()).unwrap_or_default(),
        small(civil.month()),
        small(civil.day()),
        small(civil.hour()),
        small(civil.minute()),
        small(civil.second()),
    )
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names_of_files() {
        assert_eq!(file_name("Revenue by region"), "Revenue by region");
        assert_eq!(file_name(r#"a<>:"/\|?*b"#), "a_________b");
        assert_eq!(file_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(file_name(" . "), "untitled");
        assert_eq!(file_name("\u{202e}fdp\0"), "_fdp_");
        assert_eq!(file_name(&"\u{e9}".repeat(500)).chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn times_before_zip_had_any_are_its_first() {
        let time = |second| zip_time(Timestamp::from_second(second).unwrap()).to_string();
        assert_eq!(time(0), "1980-01-01 00:00:00");
        assert_eq!(time(1_800_000_000), "2027-01-15 08:00:00");
    }
}
