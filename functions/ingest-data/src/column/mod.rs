//! Columns: what is known of a column's type while its values are read.
//!
//! The first value tells what the column may be, and values are read as the first of these ([`Reading`]) until one does not fit. Then
//! the column is what also fits this value. Where the values before can be made that (whole numbers become decimals), reading goes on;
//! where they cannot (a number's text is gone), the file has to be read again, knowing what is known now. Readings are only ever ruled
//! out, so this ends, and it ends with the first reading in order that fits all values, whatever order they came in.

mod fill;
mod reading;
mod widen;

use arrow::array::{ArrayRef, new_null_array};
use arrow::datatypes::DataType;
use engine::types::{DATETIME, MAX_DIGITS, decimal, of_empty};
use shared::model::table::ColumnType;

pub(crate) use reading::Rules;
use reading::{Reading, Readings};
pub(crate) use widen::widen;

use crate::cells::{Kind, Values};
use crate::failure::{Mistakes, Outcome};
use crate::value::number::is_not_finite;

/// The powers of ten that an `i128` holds.
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut index = 1;
    while index < powers.len() {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// A column of a table that is being read.
#[expect(clippy::struct_excessive_bools, reason = "each is something that its values have shown or not")]
pub(crate) struct Column {
    pub(crate) name: String,
    /// The type that the client said it has.
    given: Option<ColumnType>,
    /// What all values seen one by one could be.
    possible: Readings,
    /// What values are read as. None while there are only nulls.
    reading: Option<Reading>,
    /// How many digits decimals have at most, before ...
    whole: u8,
    /// ... and after the point.
    scale: u8,
    /// Whether rows before these have values.
    has_values: bool,
    /// Whether numbers have separators, and ...
    separated: bool,
    /// ... whether one of them has only one meaning.
    decisive: bool,
    /// Whether arrays or objects are among the values.
    nested: bool,
}

/// Rows of a column, read.
pub(crate) struct Read {
    /// Their values.
    pub(crate) array: ArrayRef,
    /// Whether rows before these cannot be made what the column is now.
    pub(crate) again: bool,
    /// The values that are not what the column was said to be.
    pub(crate) mistakes: Mistakes,
}

impl Column {
    pub(crate) fn new(name: String, given: Option<ColumnType>, rules: &Rules) -> Self {
        Self {
            name,
            given,
            possible: rules.readings(given),
            reading: None,
            whole: 0,
            scale: 0,
            has_values: false,
            separated: false,
            decisive: false,
            nested: false,
        }
    }

    /// Prepares for reading the file once more.
    pub(crate) fn rewind(&mut self) {
        (self.whole, self.scale) = (0, 0);
        (self.has_values, self.separated, self.decisive) = (false, false, false);
    }

    /// Reads the values of the next rows.
    pub(crate) fn read(&mut self, values: Values<'_>, rules: &Rules) -> Outcome<Read> {
        let mut again = false;
        loop {
            let Some(reading) = self.reading else {
                let Some((text, kind)) = values.iter().flatten().next() else {
                    let array = new_null_array(&DataType::Null, values.len());
                    return Ok(Read { array, again, mistakes: Mistakes::default() });
                };
                let fits = self.possible.and(self.readings_of(text, kind, rules));
                // Where the type is given and the first value is not of it, that is found out as with any other value.
                let candidates = if fits.is_empty() { self.possible } else { fits };
                self.possible = candidates;
                self.reading = rules.first(candidates);
                continue;
            };
            let mut mistakes = Mistakes::default();
            if let Some(array) = fill::fill(self, reading, values, rules, &mut mistakes)? {
                self.has_values |= array.null_count() < array.len();
                return Ok(Read { array, again, mistakes });
            }
            self.reading = rules.first(self.possible);
            let kept = self.reading.is_some_and(|next| reading.widens_to(next));
            again |= self.has_values && !kept;
        }
    }

    /// What a value can be, in this column: where the client gave its type, it does not matter how the file has it.
    fn readings_of(&self, text: &[u8], kind: Kind, rules: &Rules) -> Readings {
        let kind = match (self.given, kind) {
            (Some(_), Kind::String | Kind::Boolean | Kind::Time) => Kind::Text,
            _ => kind,
        };
        rules.readings_of(text, kind)
    }

    /// Whether a value of this kind can have the reading, in this column.
    fn accepts(&self, reading: Reading, kind: Kind) -> bool {
        reading.accepts(kind) || (self.given.is_some() && kind != Kind::Nested)
    }

    /// Notes that a value does not have the column's reading. True if it has none that the column may have: it is a mistake then, and
    /// read as null; else the column has to be read as something else.
    fn is_mistake(&mut self, reading: Reading, text: &[u8], kind: Kind, rules: &Rules) -> bool {
        let ruled_out = match reading {
            // All may be decimals, but not all of them of the same 38 digits.
            Reading::PointExact | Reading::CommaExact => {
                Readings::of(&[Reading::PointExact, Reading::CommaExact])
            }
            _ => Readings::of(&[reading]),
        };
        let fits = self.possible.and(self.readings_of(text, kind, rules));
        let same_separators = fits.contains(reading);
        let fits = fits.without(if same_separators { ruled_out } else { Readings::of(&[reading]) });
        if !fits.is_empty() {
            self.possible = fits;
        }
        fits.is_empty()
    }

    /// Makes room for a decimal among the others. False if their digits do not fit into one type any more.
    fn make_room(&mut self, whole: u8, scale: u8) -> bool {
        let (whole, scale) = (self.whole.max(whole), self.scale.max(scale));
        if whole + scale > MAX_DIGITS {
            return false;
        }
        (self.whole, self.scale) = (whole, scale);
        true
    }

    /// What the column's values are stored as, now that all are read: texts if there are none.
    pub(crate) fn final_type(&self, rules: &Rules) -> DataType {
        match self.reading {
            Some(_) => self.type_so_far(rules),
            None => of_empty(self.given.unwrap_or(ColumnType::Text)),
        }
    }

    /// What the column's values are stored as, as far as is known.
    pub(crate) fn type_so_far(&self, rules: &Rules) -> DataType {
        let Some(reading) = self.reading else { return DataType::Null };
        match reading {
            Reading::Custom if self.given == Some(ColumnType::Datetime) || rules.format_has_time() => {
                DATETIME
            }
            Reading::Custom | Reading::Date => DataType::Date32,
            Reading::Datetime => DATETIME,
            Reading::Boolean => DataType::Boolean,
            Reading::Integer => DataType::Int64,
            Reading::PointExact | Reading::CommaExact => decimal(self.whole, self.scale),
            Reading::PointFloat | Reading::CommaFloat => DataType::Float64,
            Reading::Text => DataType::Utf8,
        }
    }

    /// Whether the column is known to hold dates or datetimes.
    pub(crate) fn is_time(&self) -> bool {
        matches!(self.reading, Some(Reading::Custom | Reading::Date | Reading::Datetime))
    }

    /// What is worth knowing of the column although it is no mistake.
    pub(crate) fn warning(&self) -> Option<String> {
        let name = &self.name;
        match self.reading {
            Some(Reading::Text) if self.nested => Some(format!(
                "Column \"{name}\" has arrays or objects. They are kept as text, in their JSON form."
            )),
            Some(Reading::PointExact) if self.separated && !self.decisive => Some(format!(
                "All numbers in column \"{name}\" could be read in two ways. They are read with a decimal point, as in 1,234.56. \
                 If that is wrong, set connection.decimal to \",\"."
            )),
            Some(Reading::CommaExact) if self.separated && !self.decisive => Some(format!(
                "All numbers in column \"{name}\" could be read in two ways. They are read with a decimal comma, as in 1.234,56. \
                 If that is wrong, set connection.decimal to \".\"."
            )),
            _ => None,
        }
    }

    /// Why a value is not what the client said that the column is.
    fn reason(&self, text: &[u8]) -> String {
        let expected = match self.given {
            Some(ColumnType::Integer) => "an integer of up to 64 bits, as in -42",
            Some(ColumnType::Number) if is_not_finite(text) => {
                "a finite number; leave the field empty where there is none"
            }
            Some(ColumnType::Number) => {
                "a number, as in 1234.56 or 1,234.56, with the same separators in all rows"
            }
            Some(ColumnType::Date) => "a date, as in 2025-06-15, or in connection.date_format",
            Some(ColumnType::Datetime) => {
                "a date or datetime, as in 2025-06-15T10:00:00Z, or in connection.date_format"
            }
            Some(ColumnType::Boolean) => "true or false",
            Some(ColumnType::Text) | None => "text",
        };
        format!("Must be {expected}, as connection.columns says.")
    }
}
