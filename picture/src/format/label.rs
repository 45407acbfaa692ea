//! What columns are called for people, and which format their numbers have.

use std::borrow::Cow;

use shared::model::dashboard::Widget;
use shared::model::query::Aggregation;

use super::number::{NumberFormat, NumberStyle};

/// The end of the names of columns that `compare` adds.
pub(crate) const BEFORE: &str = "_before";

/// The name of a column as it is written for people: `sum_amount` is "Sum amount". Names that are not of that kind stay as they are.
pub fn humanize(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !name.bytes().all(is_plain) {
        return Cow::Borrowed(name);
    }
    let spaced = name.replace('_', " ");
    let spaced = spaced.trim();
    let mut characters = spaced.chars();
    match characters.next() {
        Some(first) => Cow::Owned(first.to_ascii_uppercase().to_string() + characters.as_str()),
        None => Cow::Borrowed(name),
    }
}

/// The format of a measure's numbers, by the name of its column. Counts are of no currency and no share of anything: beside a sum
/// of money they are plain numbers.
pub fn measure_format(widget: &Widget, column: &str, format: NumberFormat) -> NumberFormat {
    let is_money_or_share = matches!(format.style, NumberStyle::Currency | NumberStyle::Percent);
    let measures = widget.query.as_ref().map(|query| query.measures.as_slice()).unwrap_or_default();
    let name = column.strip_suffix(BEFORE).unwrap_or(column);
    let counts = measures.iter().any(|measure| {
        let output = measure.output();
        (output == column || output == name)
            && matches!(measure.aggregation, Some(Aggregation::Count | Aggregation::DistinctCount))
    });
    if is_money_or_share && counts { NumberFormat::default() } else { format }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_written_as_words() {
        assert_eq!(humanize("sum_amount"), "Sum amount");
        assert_eq!(humanize("revenue"), "Revenue");
        assert_eq!(humanize("Umsatz_2025"), "Umsatz_2025");
        assert_eq!(humanize("größe"), "größe");
        assert_eq!(humanize("_"), "_");
        assert_eq!(humanize(""), "");
    }
}
