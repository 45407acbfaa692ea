//! Buckets and ranges, where calendars and clocks are odd.

use serde_json::json;

use super::{by, days, instants, within};

#[test]
fn a_day_begins_at_one_where_midnight_is_skipped() {
    // In São Paulo, the clock went from 2018-11-03T23:59:59-03:00 to 2018-11-04T01:00:00-02:00, at 03:00 in UTC.
    let table = instants([
        "2018-11-03T02:59:59Z",
        "2018-11-03T03:00:00Z",
        "2018-11-04T02:59:59.999999Z",
        "2018-11-04T03:00:00Z",
        "2018-11-05T01:59:59Z",
        "2018-11-05T02:00:00Z",
    ]);
    let zone = "America/Sao_Paulo";
    let counts = [r#""2018-11-02",1"#, r#""2018-11-03",2"#, r#""2018-11-04",2"#, r#""2018-11-05",1"#];
    assert_eq!(by(&table, "day", zone), counts);
    let expected = [r#""2018-11-04T03:00:00Z""#, r#""2018-11-05T01:59:59Z""#];
    for range in [
        json!({"range": "yesterday"}),
        json!({"range": "last_1_days"}),
        json!({"from": "2018-11-04", "to": "2018-11-05"}),
        json!({"from": "2018-11-04T01:00:00-02:00", "to": "2018-11-05T00:00:00-02:00"}),
    ] {
        assert_eq!(within(&table, range, zone, "2018-11-05T12:00:00Z"), expected);
    }
    assert_eq!(within(&table, json!({"range": "today"}), zone, "2018-11-04T12:00:00Z"), expected);
}

#[test]
fn the_hour_that_berlin_has_twice_is_two_hours() {
    // From 03:00+02:00 back to 02:00+01:00, at 01:00 in UTC.
    let table = instants([
        "2025-10-25T23:59:59Z",
        "2025-10-26T00:00:00Z",
        "2025-10-26T00:59:59Z",
        "2025-10-26T01:00:00Z",
        "2025-10-26T01:30:00Z",
        "2025-10-26T02:00:00Z",
    ]);
    let expected = [
        r#""2025-10-25T23:00:00Z",1"#,
        r#""2025-10-26T00:00:00Z",2"#,
        r#""2025-10-26T01:00:00Z",2"#,
        r#""2025-10-26T02:00:00Z",1"#,
    ];
    assert_eq!(by(&table, "hour", "Europe/Berlin"), expected);
    // That day has 25 hours, and begins at 22:00.
    assert_eq!(by(&table, "day", "Europe/Berlin"), [r#""2025-10-26",6"#]);
    let two = json!({"range": "last_2_hours"});
    let expected = [r#""2025-10-26T00:00:00Z""#, r#""2025-10-26T00:59:59Z""#, r#""2025-10-26T01:00:00Z""#];
    assert_eq!(within(&table, two, "Europe/Berlin", "2025-10-26T02:15:00Z")[..3], expected);
}

#[test]
fn hours_are_those_of_the_zone_s_clocks() {
    // Kathmandu is 5:45 ahead: its hours begin at a quarter past UTC's.
    let table = instants([
        "2025-06-15T10:14:59Z",
        "2025-06-15T10:15:00Z",
        "2025-06-15T11:14:59Z",
        "2025-06-15T11:15:00Z",
    ]);
    let expected =
        [r#""2025-06-15T09:15:00Z",1"#, r#""2025-06-15T10:15:00Z",2"#, r#""2025-06-15T11:15:00Z",1"#];
    assert_eq!(by(&table, "hour", "Asia/Kathmandu"), expected);
    let expected = [r#""2025-06-15T10:15:00Z""#, r#""2025-06-15T11:14:59Z""#];
    let range = json!({"range": "last_1_hours"});
    assert_eq!(within(&table, range, "Asia/Kathmandu", "2025-06-15T11:20:00Z"), expected);
    let range = json!({"range": "last_1_hours", "include_current": true});
    assert_eq!(within(&table, range, "Asia/Kathmandu", "2025-06-15T11:00:00Z").len(), 3);
}

#[test]
fn an_hour_whose_beginning_is_skipped_is_shorter() {
    // In 1986, Kathmandu's clock went from 23:59:59+05:30 to 00:15:00+05:45, at 18:30 in UTC.
    let table = instants([
        "1985-12-31T18:29:59Z",
        "1985-12-31T18:30:00Z",
        "1985-12-31T19:14:59Z",
        "1985-12-31T19:15:00Z",
    ]);
    let zone = "Asia/Kathmandu";
    let expected =
        [r#""1985-12-31T17:30:00Z",1"#, r#""1985-12-31T18:30:00Z",2"#, r#""1985-12-31T19:15:00Z",1"#];
    assert_eq!(by(&table, "hour", zone), expected);
    assert_eq!(by(&table, "year", zone), [r#""1985-01-01",1"#, r#""1986-01-01",3"#]);
    let expected = [r#""1985-12-31T18:30:00Z""#, r#""1985-12-31T19:14:59Z""#];
    assert_eq!(within(&table, json!({"range": "last_1_hours"}), zone, "1985-12-31T19:20:00Z"), expected);
    let expected = [r#""1985-12-31T18:29:59Z""#];
    let range = json!({"to": "1986-01-01"});
    assert_eq!(within(&table, range, zone, "1985-12-31T19:20:00Z"), expected);
}

#[test]
fn weeks_begin_on_monday_across_the_new_year() {
    // 2020 has an ISO week 53: from Monday, 28 December, to Sunday, 3 January.
    let table = days(["2020-12-27", "2020-12-28", "2020-12-31", "2021-01-01", "2021-01-03", "2021-01-04"]);
    let expected = [r#""2020-12-21",1"#, r#""2020-12-28",4"#, r#""2021-01-04",1"#];
    assert_eq!(by(&table, "week", "UTC"), expected);
    let week = within(&table, json!({"range": "this_week"}), "UTC", "2021-01-03T23:59:59Z");
    assert_eq!(week, [r#""2020-12-28""#, r#""2020-12-31""#, r#""2021-01-01""#, r#""2021-01-03""#]);
    let week = within(&table, json!({"range": "last_week"}), "UTC", "2021-01-03T23:59:59Z");
    assert_eq!(week, [r#""2020-12-27""#]);
}

#[test]
fn quarters_begin_in_january_april_july_and_october() {
    let table = days(["2024-12-31", "2025-01-01", "2025-03-31", "2025-04-01", "2025-06-30", "2025-07-01"]);
    let expected = [r#""2024-10-01",1"#, r#""2025-01-01",2"#, r#""2025-04-01",2"#, r#""2025-07-01",1"#];
    assert_eq!(by(&table, "quarter", "UTC"), expected);
    // It is still June in New York, and July in Apia.
    let now = "2025-06-30T23:30:00Z";
    let this = json!({"range": "this_quarter"});
    let expected = [r#""2025-04-01""#, r#""2025-06-30""#];
    assert_eq!(within(&table, this.clone(), "America/New_York", now), expected);
    assert_eq!(within(&table, this, "Pacific/Apia", now), [r#""2025-07-01""#]);
    let both = json!({"range": "last_quarter", "include_current": true});
    assert_eq!(within(&table, both, "America/New_York", now).len(), 4);
}

#[test]
fn the_last_units_are_whole_and_end_before_the_current_one() {
    let table = instants([
        "2025-06-12T23:59:59.999999Z",
        "2025-06-13T00:00:00Z",
        "2025-06-14T23:59:59.999999Z",
        "2025-06-15T00:00:00Z",
        "2025-06-15T23:59:59.999999Z",
        "2025-06-16T00:00:00Z",
    ]);
    let midnight = "2025-06-15T00:00:00Z";
    let two = [r#""2025-06-13T00:00:00Z""#, r#""2025-06-14T23:59:59.999999Z""#];
    assert_eq!(within(&table, json!({"range": "last_2_days"}), "UTC", midnight), two);
    let of_day = [r#""2025-06-15T00:00:00Z""#, r#""2025-06-15T23:59:59.999999Z""#];
    let range = json!({"range": "last_2_days", "include_current": true});
    assert_eq!(within(&table, range, "UTC", midnight), [two, of_day].concat());
    assert_eq!(within(&table, json!({"range": "today"}), "UTC", midnight), of_day);
    // A microsecond before midnight, it is the day before.
    let range = json!({"range": "last_2_days"});
    let expected = [r#""2025-06-12T23:59:59.999999Z""#, r#""2025-06-13T00:00:00Z""#];
    assert_eq!(within(&table, range, "UTC", "2025-06-14T23:59:59.999999Z"), expected);
    let range = json!({"range": "last_1_hours"});
    assert_eq!(within(&table, range, "UTC", midnight), [r#""2025-06-14T23:59:59.999999Z""#]);
}

#[test]
fn bounds_are_days_of_the_zone_and_may_be_missing() {
    let table = instants(["2025-01-01T04:59:59Z", "2025-01-01T05:00:00Z", "2025-01-02T05:00:00Z"]);
    let now = "2025-06-15T00:00:00Z";
    let zone = "America/New_York";
    assert_eq!(within(&table, json!({"from": "2025-01-01"}), zone, now).len(), 2);
    assert_eq!(within(&table, json!({"to": "2025-01-01"}), zone, now).len(), 1);
    assert_eq!(within(&table, json!({"from": "2025-01-01", "to": "2025-01-02"}), zone, now).len(), 1);
    assert_eq!(within(&table, json!({"from": "2025-01-01T06:00:00+01:00"}), zone, now).len(), 2);
}

#[test]
fn a_day_that_apia_skipped_has_nothing_in_it() {
    // From 2011-12-29T23:59:59-10:00 to 2011-12-31T00:00:00+14:00, at 10:00 in UTC.
    let table = instants(["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"]);
    let zone = "Pacific/Apia";
    assert_eq!(by(&table, "day", zone), [r#""2011-12-29",1"#, r#""2011-12-31",1"#]);
    let now = "2011-12-30T12:00:00Z";
    assert_eq!(within(&table, json!({"range": "yesterday"}), zone, now), [""; 0]);
    assert_eq!(within(&table, json!({"range": "last_2_days"}), zone, now), [r#""2011-12-30T09:59:59Z""#]);
}
