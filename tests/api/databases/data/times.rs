//! Columns of dates and datetimes.

use super::{Column, Kind, Value, column};

/// Ends of months, leap days, weeks around new year, and the year before.
const DAYS: [&str; 44] = [
    "2023-01-29",
    "2023-01-30",
    "2023-01-31",
    "2023-02-28",
    "2023-03-01",
    "2023-03-31",
    "2023-05-31",
    "2023-06-30",
    "2024-01-29",
    "2024-01-31",
    "2024-02-28",
    "2024-02-29",
    "2024-03-01",
    "2024-03-30",
    "2024-03-31",
    "2024-04-30",
    "2025-01-31",
    "2025-02-28",
    "2025-03-01",
    "2025-03-31",
    // Weeks that are in two years: the first of 2021 is in week 53 of 2020, the last of 2024 in week 1 of 2025.
    "2020-12-27",
    "2020-12-28",
    "2020-12-31",
    "2021-01-01",
    "2021-01-03",
    "2021-01-04",
    "2021-12-31",
    "2022-01-01",
    "2022-01-02",
    "2022-01-03",
    "2024-12-29",
    "2024-12-30",
    "2024-12-31",
    "2025-01-01",
    "2025-01-05",
    "2025-01-06",
    "2023-10-01",
    "2024-10-01",
    "2026-01-15",
    // Around the day that the tests' clock begins at.
    "2026-12-31",
    "2027-01-01",
    "2027-01-11",
    "2027-01-14",
    "2027-01-15",
];

/// Around what clocks do.
const INSTANTS: [&str; 58] = [
    // Berlin, in 2025: forward at 01:00, back at 01:00.
    "2025-03-29T23:00:00Z",
    "2025-03-30T00:59:59.999999Z",
    "2025-03-30T01:00:00Z",
    "2025-03-30T01:30:00Z",
    "2025-03-30T22:00:00Z",
    "2025-10-25T22:00:00Z",
    "2025-10-26T00:00:00Z",
    "2025-10-26T00:30:00Z",
    "2025-10-26T01:00:00Z",
    "2025-10-26T01:30:00Z",
    "2025-10-26T23:00:00Z",
    // A year before, which is other days.
    "2024-03-30T22:59:59.999999Z",
    "2024-03-30T23:00:00Z",
    "2024-03-31T00:30:00Z",
    "2024-03-31T01:30:00Z",
    "2024-10-26T22:00:00Z",
    "2024-10-27T00:30:00Z",
    "2024-10-27T01:30:00Z",
    // New York, in 2025: forward at 07:00, back at 06:00.
    "2025-03-09T04:59:59Z",
    "2025-03-09T05:00:00Z",
    "2025-03-09T06:59:59Z",
    "2025-03-09T07:00:00Z",
    "2025-11-02T04:00:00Z",
    "2025-11-02T05:30:00Z",
    "2025-11-02T06:00:00Z",
    "2025-11-02T06:30:00Z",
    // Lord Howe, in 2025: back by half an hour at 15:00, forward at 15:30.
    "2025-04-05T14:30:00Z",
    "2025-04-05T14:45:00Z",
    "2025-04-05T15:00:00Z",
    "2025-04-05T15:15:00Z",
    "2025-04-05T15:30:00Z",
    "2025-10-04T15:15:00Z",
    "2025-10-04T15:30:00Z",
    "2025-10-04T15:45:00Z",
    // Apia, in 2011: the day of the 30th is not there.
    "2011-12-29T10:00:00Z",
    "2011-12-30T09:59:59.999999Z",
    "2011-12-30T10:00:00Z",
    "2011-12-31T10:00:00Z",
    // Kathmandu, 1986: forward by a quarter of an hour at midnight.
    "1985-12-31T18:00:00Z",
    "1985-12-31T18:29:59Z",
    "1985-12-31T18:30:00Z",
    "1985-12-31T18:45:00Z",
    // São Paulo, in 2018: skips midnight, and goes back to before it.
    "2018-11-04T02:59:59Z",
    "2018-11-04T03:00:00Z",
    "2018-02-18T01:30:00Z",
    "2018-02-18T02:30:00Z",
    // Ends of months and leap days, in zones to the east and to the west.
    "2024-01-31T23:30:00Z",
    "2024-02-29T12:00:00Z",
    "2024-02-29T23:30:00Z",
    "2025-01-31T00:30:00Z",
    "2025-02-28T12:00:00Z",
    "2025-02-28T23:30:00Z",
    "1970-01-01T00:00:01Z",
    "2026-01-15T12:00:00Z",
    // Around the time that the tests' clock begins at.
    "2027-01-14T23:30:00Z",
    "2027-01-15T00:00:00Z",
    "2027-01-15T00:00:00.000001Z",
    "2027-01-15T08:15:00Z",
];

/// The first and the last that there are, and those before there were zones.
const FAR: [&str; 7] = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T23:59:59.999999Z",
    "1582-10-10T12:00:00Z",
    "1850-06-15T12:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "9999-12-30T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
];

pub(super) fn columns() -> Vec<Column> {
    vec![
        column("day", Kind::Date, "date", "date", &DAYS),
        column(
            "far_day",
            Kind::Date,
            "date",
            "date",
            &["0001-01-01", "0004-02-29", "1582-10-10", "9999-12-31"],
        ),
        column("odd_day", Kind::Date, "date", "date", &["2024-02-29", "2025-02-28"])
            .with(["0000-00-00", "2024-00-00", "2024-02-00"].map(Value::only_mariadb))
            .with(["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"].map(Value::only_postgresql)),
        column("at", Kind::Datetime, "timestamptz", "datetime(6)", &INSTANTS),
        column("stamp", Kind::Datetime, "timestamptz", "timestamp(6) NULL", &INSTANTS),
        // Without a zone: taken as of UTC.
        column("local_at", Kind::Datetime, "timestamp", "datetime(6)", &INSTANTS),
        column("far", Kind::Datetime, "timestamptz", "datetime(6)", &FAR),
        column("odd_at", Kind::Datetime, "timestamptz", "datetime(6)", &INSTANTS[..3])
            .with([Value::only_mariadb("0000-00-00 00:00:00")])
            .with(
                ["infinity", "-infinity", "0044-03-15 00:00:00+00 BC", "10000-01-01 00:00:00+00"]
                    .map(Value::only_postgresql),
            ),
        // Whole seconds.
        column(
            "second",
            Kind::Datetime,
            "timestamp(0)",
            "datetime",
            &["2025-06-15T12:34:56Z", "2025-06-15T00:00:00Z"],
        ),
    ]
}
