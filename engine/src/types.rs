//! Column types and the Arrow types that hold them.

use arrow::datatypes::{DataType, TimeUnit};
use shared::model::table::ColumnType;

/// How many digits a decimal may have.
pub const MAX_DIGITS: u8 = 38;

/// How many digits a decimal may have to be stored in 64 bits.
pub const SHORT_DIGITS: u8 = 18;

/// How datetimes are stored: microseconds since 1970 in UTC. The Arrow type names no zone, since the API has only UTC.
pub const DATETIME: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// The column type that values of an Arrow type have. None where tables do not hold such values.
pub fn column_type(data_type: &DataType) -> Option<ColumnType> {
    Some(match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => ColumnType::Text,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => ColumnType::Integer,
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => ColumnType::Integer,
        DataType::UInt64 | DataType::Float16 | DataType::Float32 | DataType::Float64 => ColumnType::Number,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) => ColumnType::Number,
        DataType::Date32 | DataType::Date64 => ColumnType::Date,
        DataType::Timestamp(..) => ColumnType::Datetime,
        DataType::Boolean => ColumnType::Boolean,
        DataType::Dictionary(_, values) => return column_type(values),
        _ => return None,
    })
}

/// The Arrow type of a decimal with this many digits before and after its point: the shorter of the two sizes where it fits.
pub fn decimal(whole: u8, scale: u8) -> DataType {
    let precision = if whole + scale <= SHORT_DIGITS { SHORT_DIGITS } else { MAX_DIGITS };
    DataType::Decimal128(precision, scale.cast_signed())
}

/// The Arrow type of a column that has no values to tell it.
pub fn of_empty(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Number => DataType::Float64,
        ColumnType::Date => DataType::Date32,
        ColumnType::Datetime => DATETIME,
        ColumnType::Boolean => DataType::Boolean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_take_the_shorter_size() {
        assert_eq!(decimal(16, 2), DataType::Decimal128(18, 2));
        assert_eq!(decimal(17, 2), DataType::Decimal128(38, 2));
        assert_eq!(decimal(0, 0), DataType::Decimal128(18, 0));
    }

    #[test]
    fn what_tables_do_not_hold_has_no_column_type() {
        assert_eq!(column_type(&DataType::Binary), None);
        assert_eq!(column_type(&DataType::Decimal256(50, 2)), None);
        assert_eq!(column_type(&DataType::UInt64), Some(ColumnType::Number));
    }
}
