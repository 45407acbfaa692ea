//! Readings: what the texts of a column can be taken for, and which reading goes before which.

use shared::model::data_source::file_options::{DateFormat, DecimalSeparator, FileOptions};
use shared::model::table::ColumnType;

use crate::cells::Kind;
use crate::value::{boolean, number, time};

/// What the texts of a column can be taken for. The final reading of a column is the first that fits all of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A date or datetime of the format that the client gave.
    Custom,
    /// A date of ISO 8601.
    Date,
    /// A datetime or date of ISO 8601.
    Datetime,
    /// True or false.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// A decimal with a point.
    PointExact,
    /// A number with a point that takes a float.
    PointFloat,
    /// A decimal with a comma.
    CommaExact,
    /// A number with a comma that takes a float.
    CommaFloat,
    /// Text.
    Text,
}

use Reading::{
    Boolean, CommaExact, CommaFloat, Custom, Date, Datetime, Integer, PointExact, PointFloat, Text,
};

const ORDER: [Reading; 10] =
    [Custom, Date, Datetime, Boolean, Integer, PointExact, PointFloat, CommaExact, CommaFloat, Text];
const COMMA_FIRST: [Reading; 10] =
    [Custom, Date, Datetime, Boolean, Integer, CommaExact, CommaFloat, PointExact, PointFloat, Text];

impl Reading {
    /// How numbers are written under it.
    pub(crate) fn separators(self) -> number::Separators {
        if matches!(self, CommaExact | CommaFloat) { number::COMMA } else { number::POINT }
    }

    /// Whether what is of this kind in its file can have this reading.
    pub(crate) fn accepts(self, kind: Kind) -> bool {
        match self {
            Custom | Date | Datetime => matches!(kind, Kind::Text | Kind::String | Kind::Time),
            Boolean => matches!(kind, Kind::Text | Kind::Boolean),
            Integer | PointExact | PointFloat | CommaExact | CommaFloat => {
                matches!(kind, Kind::Text | Kind::Number)
            }
            Text => true,
        }
    }

    /// Whether all values that have this reading have the other too, and arrays of the one can be made arrays of the other.
    pub(crate) fn widens_to(self, other: Self) -> bool {
        match self {
            Integer => matches!(other, PointExact | PointFloat | CommaExact | CommaFloat | Text),
            Date => matches!(other, Datetime | Text),
            PointExact => other == PointFloat,
            CommaExact => other == CommaFloat,
            _ => false,
        }
    }
}

/// A set of readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Readings(u16);

impl Readings {
    pub(crate) fn of(readings: &[Reading]) -> Self {
        readings.iter().fold(Self(0), |set, &reading| set.with(reading))
    }

    fn with(self, reading: Reading) -> Self {
        Self(self.0 | 1 << reading as u16)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn contains(self, reading: Reading) -> bool {
        self.0 & 1 << reading as u16 != 0
    }
}

/// What is known of a table before its values are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    date_format: Option<DateFormat>,
    format_has_time: bool,
    decimal: Option<DecimalSeparator>,
    /// Whether numbers have rather a comma than a point: where semicolons separate the fields, commas are in the numbers.
    comma_first: bool,
}

impl Rules {
    pub(crate) fn of(options: &FileOptions, comma_first: bool) -> Self {
        Self {
            format_has_time: options.date_format.as_ref().is_some_and(DateFormat::has_time),
            date_format: options.date_format.clone(),
            decimal: options.decimal,
            comma_first,
        }
    }

    /// The readings that values may have, of a column whose type is given or not.
    pub(crate) fn readings(&self, given: Option<ColumnType>) -> Readings {
        let all = match given {
            None => Readings::of(&ORDER),
            Some(ColumnType::Text) => Readings::of(&[Text]),
            Some(ColumnType::Integer) => Readings::of(&[Integer]),
            Some(ColumnType::Number) => Readings::of(&[PointExact, PointFloat, CommaExact, CommaFloat]),
            Some(ColumnType::Date) if self.format_has_time => Readings::of(&[Date]),
            Some(ColumnType::Date) => Readings::of(&[Custom, Date]),
            Some(ColumnType::Datetime) => Readings::of(&[Custom, Datetime]),
            Some(ColumnType::Boolean) => Readings::of(&[Boolean]),
        };
        let all = if self.date_format.is_none() { all.without(Readings::of(&[Custom])) } else { all };
        match self.decimal {
            None => all,
            Some(DecimalSeparator::Point) => all.without(Readings::of(&[CommaExact, CommaFloat])),
            Some(DecimalSeparator::Comma) => all.without(Readings::of(&[PointExact, PointFloat])),
        }
    }

    /// The one of some readings that goes before the others.
    pub(crate) fn first(&self, readings: Readings) -> Option<Reading> {
        let order = if self.comma_first { COMMA_FIRST } else { ORDER };
        order.into_iter().find(|&reading| readings.contains(reading))
    }

    /// Whether a date of the client's format has a time of day.
    pub(crate) fn format_has_time(&self) -> bool {
        self.format_has_time
    }

    /// The time that a text of the client's format is.
    pub(crate) fn custom(&self, text: &[u8]) -> Option<jiff::civil::DateTime> {
        let text = std::str::from_utf8(text).ok()?;
        self.date_format.as_ref()?.read(text).filter(|&read| time::date_of(read).is_some())
    }

    /// All readings that a value can have.
    pub(crate) fn readings_of(&self, text: &[u8], kind: Kind) -> Readings {
        let mut found = Readings::of(&[Text]);
        let mut add = |reading: Reading, fits: bool| {
            if fits {
                found = found.with(reading);
            }
        };
        if Date.accepts(kind) {
            add(Custom, self.custom(text).is_some());
            add(Date, time::date(text).is_some());
            add(Datetime, time::datetime(text).is_some());
        }
        if Boolean.accepts(kind) {
            add(Boolean, boolean(text).is_some());
        }
        if Integer.accepts(kind) {
            add(Integer, number::integer(text).is_some());
            for (exact, float) in [(PointExact, PointFloat), (CommaExact, CommaFloat)] {
                let separators = if kind == Kind::Number { number::POINT } else { exact.separators() };
                add(exact, number::exact(text, separators).is_some());
                add(float, number::float(text, separators).is_some());
            }
        }
        found
    }
}
