//! A grouping as one statement: rows that pass, from the inside out what they are grouped by, and around it all what is computed.
//!
//! ```sql
//! SELECT k0, SUM(c2) FROM (             -- what is computed
//!   SELECT s.*, month of l1 AS k0 FROM ( -- what is grouped by
//!     SELECT s.*, clocks of c1 AS l1 FROM ( -- times as clocks show them
//!       SELECT ordered_at AS c1, amount AS c2 FROM orders WHERE … -- the rows
//! ```
//!
//! Databases make one plan of it all. Parameters only ever stand after `WHERE`, and so come in the order in which the parts are written.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use arrow::array::Array as _;
use shared::model::query::TimeUnit;
use shared::model::resolved::{Column, Dimension, Relation, TimeBounds};
use shared::model::table::{ColumnType, Table};

use super::clock::Clock;
use super::condition::{condition, is_instant, operator};
use super::decode::Output;
use super::dialect::{ColumnText, Dialect, Kind};
use super::parameter::{Parameter, Parameters};
use super::statement::{Statement, column_text, dimensions, table_name};
use super::times::{self, Stretch};
use crate::groups::{Aggregate, First, Grouping, Values};

/// What the time is called that a comparison has moved.
const MOVED: &str = "m";

/// A statement that is being written.
pub(super) struct Writer<'a> {
    grouping: &'a Grouping<'a>,
    table: &'a Table,
    stretches: &'a BTreeMap<usize, Stretch>,
    parameters: Parameters<'a>,
    /// All that is written so far: what rows are taken from.
    from: String,
    /// The columns that are selected.
    columns: Vec<usize>,
    /// The columns of instants whose clocks are written: the column, what clocks show, and their offset.
    clocks: Vec<(usize, String, String)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        grouping: &'a Grouping<'a>,
        table: &'a Table,
        dialect: &'a dyn Dialect,
        stretches: &'a BTreeMap<usize, Stretch>,
    ) -> Self {
        let mut writer = Self {
            grouping,
            table,
            stretches,
            parameters: Parameters::new(dialect),
            from: String::new(),
            columns: Vec::new(),
            clocks: Vec::new(),
        };
        writer.rows();
        writer
    }

    /// Writes it.
    pub(super) fn write(mut self) -> Statement {
        self.times();
        let keys = self.keys();
        self.middles(&keys);
        self.finish(&keys)
    }

    fn dialect(&self) -> &'a dyn Dialect {
        self.parameters.dialect
    }

    fn text(&self, column: usize) -> ColumnText {
        column_text(self.parameters.dialect, &self.table.columns[column])
    }

    /// The rows that pass, with the columns that are needed.
    fn rows(&mut self) {
        let grouping = self.grouping;
        let mut columns: Vec<usize> = grouping.dimensions.iter().map(|it| it.column.index).collect();
        columns.extend(grouping.values.iter().map(|it| it.dimension.column.index));
        columns.extend(grouping.aggregates.iter().filter_map(|it| it.column()).map(|it| it.index));
        columns.extend(grouping.time.filter(|_| grouping.moved.is_some()).map(|it| it.column.index));
        columns.sort_unstable();
        columns.dedup();
        // What is within bounds on both sides is taken.
        let is_bounded = |column: usize| {
            let earlier = grouping.time.map(|time| times::earlier(time, grouping.moved));
            earlier.is_some_and(|time| {
                time.column.index == column && time.bounds.from.is_some() && time.bounds.to.is_some()
            })
        };
        let mut select: Vec<String> = columns
            .iter()
            .map(|column| {
                let text = self.text(*column);
                let value = if is_bounded(*column) { text.value.clone() } else { text.taken() };
                format!("{value} AS c{column}")
            })
            .collect();
        self.columns = columns;
        if select.is_empty() {
            select.push("1 AS c".to_owned());
        }
        let mut passing = Vec::new();
        if let Some(time) = grouping.time {
            let time = times::earlier(time, grouping.moved);
            passing.extend(self.within(time, &self.text(time.column.index)));
        }
        let (table, dialect) = (self.table, self.dialect());
        if !crate::answer::is_nothing(grouping.condition) {
            let text = |column: usize| column_text(dialect, &table.columns[column]);
            passing.push(condition(&mut self.parameters, grouping.condition, &text));
        }
        self.from = format!("SELECT {} FROM {} t", select.join(", "), table_name(dialect, table));
        self.filter(&passing);
    }

    /// That a time is within bounds.
    fn within(&mut self, time: TimeBounds, text: &ColumnText) -> Vec<String> {
        let mut conditions = Vec::new();
        let bounds = [(Relation::GreaterOrEqual, time.bounds.from), (Relation::Less, time.bounds.to)];
        for (relation, bound) in bounds {
            let Some(bound) = bound else { continue };
            conditions.push(match i32::try_from(bound) {
                Ok(day) if time.column.column_type == ColumnType::Date => {
                    let day = self.parameters.add(Parameter::Day(day));
                    format!("{} {} {day}", text.raw, operator(relation))
                }
                _ => is_instant(&mut self.parameters, text, relation, bound),
            });
        }
        // Infinity is within bounds that have one end.
        if conditions.len() < 2 {
            conditions.extend(text.is_taken.clone());
        }
        conditions
    }

    /// Lets only what passes through.
    fn filter(&mut self, passing: &[String]) {
        if !passing.is_empty() {
            let _ = write!(self.from, " WHERE {}", passing.join(" AND "));
        }
    }

    /// Lets only those of the rows through that pass.
    fn select(&mut self, passing: &[String]) {
        self.from = format!("SELECT s.* FROM ({}) s", self.from);
        self.filter(passing);
    }

    /// Adds columns to the rows.
    fn add(&mut self, columns: &[(String, String)]) {
        if columns.is_empty() {
            return;
        }
        let columns: Vec<String> = columns.iter().map(|(name, value)| format!("{value} AS {name}")).collect();
        self.from = format!("SELECT s.*, {} FROM ({}) s", columns.join(", "), self.from);
    }

    /// Moves times for a comparison, and finds what clocks show.
    fn times(&mut self) {
        let (grouping, dialect) = (self.grouping, self.dialect());
        if let (Some(time), Some(offset)) = (grouping.time, grouping.moved) {
            let name = format!("c{}", time.column.index);
            let column = format!("s.{name}");
            let moved = if time.column.column_type == ColumnType::Date {
                dialect.moved_day(&column, offset.count, offset.unit)
            } else if offset.unit == TimeUnit::Hour {
                dialect.moved(&column, offset.count, offset.unit)
            } else {
                let before = self.clock(time.column, times::earlier(time, grouping.moved).into());
                let local = self.local(&before, &name, "b");
                self.add(&[("ml".to_owned(), dialect.moved(&local, offset.count, offset.unit))]);
                let after = self.clock(time.column, Some(time));
                let back = if let Some(seconds) = after.fixed() {
                    dialect.seconds(-seconds)
                } else {
                    self.add(&[("mo".to_owned(), after.offset_of_local(dialect, "s.ml"))]);
                    "-s.mo".to_owned()
                };
                dialect.later("s.ml", &back)
            };
            self.add(&[(MOVED.to_owned(), moved)]);
            let text = ColumnText::plain(&format!("s.{MOVED}"), Kind::of(time.column.column_type));
            let passing = self.within(time, &text);
            self.select(&passing);
        }
        for dimension in dimensions(grouping) {
            let column = dimension.column;
            let has_clock = column.column_type == ColumnType::Datetime && dimension.grain.is_some();
            if !has_clock || self.clocks.iter().any(|(known, ..)| *known == column.index) {
                continue;
            }
            let clock = self.clock(column, grouping.time.filter(|time| time.column == column));
            let name = self.time(column);
            let local = self.local(&clock, &name, &format!("l{}", column.index));
            let offset = match clock.fixed() {
                Some(seconds) => dialect.seconds(seconds),
                None => format!("s.l{}o", column.index),
            };
            self.clocks.push((column.index, local, offset));
        }
    }

    /// The clocks that show a column's times, which are within bounds, if there are any.
    fn clock(&self, column: Column, bounds: Option<TimeBounds>) -> Clock {
        let of_all = self.stretches.get(&column.index).copied().unwrap_or_default();
        times::clock(self.grouping.zone, bounds.map_or(of_all, |time| times::stretch(time, of_all)))
    }

    /// What clocks show at an instant: an expression. It is a column of the rows, if it takes more than to add a number.
    fn local(&mut self, clock: &Clock, instant: &str, name: &str) -> String {
        let (dialect, instant) = (self.dialect(), format!("s.{instant}"));
        match clock.fixed() {
            Some(0) => instant,
            Some(seconds) => dialect.later(&instant, &dialect.seconds(seconds)),
            None => {
                let offset = format!("{name}o");
                self.add(&[(offset.clone(), clock.offset(dialect, &instant))]);
                self.add(&[(name.to_owned(), dialect.later(&instant, &format!("s.{offset}")))]);
                format!("s.{name}")
            }
        }
    }

    /// What a column's times are called: those that a comparison has moved, where it has.
    fn time(&self, column: Column) -> String {
        match (self.grouping.moved, self.grouping.time) {
            (Some(_), Some(time)) if time.column == column => MOVED.to_owned(),
            _ => format!("c{}", column.index),
        }
    }

    /// What a dimension groups by.
    fn key(&self, dimension: &Dimension) -> String {
        let dialect = self.dialect();
        let time = format!("s.{}", self.time(dimension.column));
        let Some(grain) = dimension.grain else { return time };
        let clock = self.clocks.iter().find(|(column, ..)| *column == dimension.column.index);
        let Some((_, local, offset)) = clock else { return dialect.start(&time, grain) };
        if grain != TimeUnit::Hour {
            return dialect.start(local, grain);
        }
        let hour = dialect.hour(local);
        let is_utc = *offset == dialect.seconds(0);
        let begins = if is_utc { hour } else { dialect.later(&hour, &format!("-({offset})")) };
        let bounds = self.grouping.time.filter(|time| time.column == dimension.column);
        match self.clock(dimension.column, bounds).change_within_hour(dialect, &time) {
            None => begins,
            Some(change) => format!("CASE WHEN {begins} < {change} THEN {change} ELSE {begins} END"),
        }
    }

    /// Adds what is grouped by, and lets only the values through that are kept. The kinds of the keys.
    fn keys(&mut self) -> Vec<Kind> {
        let grouping = self.grouping;
        let mut keys: Vec<(String, String)> = grouping
            .dimensions
            .iter()
            .enumerate()
            .map(|(index, dimension)| (format!("k{index}"), self.key(dimension)))
            .collect();
        keys.extend(grouping.values.iter().map(|values| ("v".to_owned(), self.key(values.dimension))));
        self.add(&keys);
        if let Some(values) = &grouping.values {
            let passing = self.among(values);
            self.select(&[passing]);
        }
        grouping.dimensions.iter().map(|dimension| self.kind(dimension)).collect()
    }

    fn kind(&self, dimension: &Dimension) -> Kind {
        match dimension.grain {
            Some(TimeUnit::Hour) if dimension.column.column_type == ColumnType::Datetime => Kind::Instant,
            Some(_) => Kind::Day,
            None => self.text(dimension.column.index).kind,
        }
    }

    /// That a value is among those, or is not.
    fn among(&mut self, values: &Values<'_>) -> String {
        let mut written = Vec::new();
        for row in 0..values.values.len() {
            if values.values.is_valid(row)
                && let Some(parameter) = Parameter::at(&values.values, row)
            {
                written.push(self.parameters.add(parameter));
            }
        }
        let has_null = values.values.null_count() > 0;
        let listed = written.join(", ");
        match (values.kept, written.is_empty(), has_null) {
            (true, true, true) => "s.v IS NULL".to_owned(),
            (true, true, false) => "1 = 0".to_owned(),
            (true, false, true) => format!("(s.v IN ({listed}) OR s.v IS NULL)"),
            (true, false, false) => format!("s.v IN ({listed})"),
            (false, true, true) => "s.v IS NOT NULL".to_owned(),
            (false, true, false) => "1 = 1".to_owned(),
            (false, false, true) => format!("s.v NOT IN ({listed})"),
            (false, false, false) => format!("(s.v NOT IN ({listed}) OR s.v IS NULL)"),
        }
    }

    /// Adds, for each column whose median is wanted, the place of each value in its group, and how many there are.
    fn middles(&mut self, keys: &[Kind]) {
        let by: Vec<String> = (0..keys.len()).map(|key| format!("s.k{key}")).collect();
        let by = if by.is_empty() { String::new() } else { format!("PARTITION BY {}", by.join(", ")) };
        let mut columns = Vec::new();
        for aggregate in self.grouping.aggregates {
            let Aggregate::Median(Column { index, .. }) = aggregate else { continue };
            let order = format!("CASE WHEN s.c{index} IS NULL THEN 1 ELSE 0 END, s.c{index}");
            columns.push((format!("r{index}"), format!("ROW_NUMBER() OVER ({by} ORDER BY {order})")));
            columns.push((format!("n{index}"), format!("COUNT(s.c{index}) OVER ({by})")));
        }
        self.add(&columns);
    }

    fn aggregate(&self, aggregate: Aggregate) -> (String, Kind, Output) {
        let value = |column: Column| format!("s.c{}", column.index);
        let kind = |column: Column| self.text(column.index).kind;
        match aggregate {
            Aggregate::CountRows => ("COUNT(*)".to_owned(), Kind::Integer, Output::Value(Kind::Integer)),
            Aggregate::Count(column) => {
                (format!("COUNT({})", value(column)), Kind::Integer, Output::Value(Kind::Integer))
            }
            Aggregate::DistinctCount(column) => {
                (format!("COUNT(DISTINCT {})", value(column)), Kind::Integer, Output::Value(Kind::Integer))
            }
            Aggregate::Min(column) => {
                (format!("MIN({})", value(column)), kind(column), Output::Value(kind(column)))
            }
            Aggregate::Max(column) => {
                (format!("MAX({})", value(column)), kind(column), Output::Value(kind(column)))
            }
            Aggregate::Sum(column) => match kind(column) {
                Kind::Integer => {
                    let kind = Kind::Decimal(Some(0));
                    (self.dialect().sum_of_integers(&value(column)), kind, Output::Value(kind))
                }
                kind => (format!("SUM({})", value(column)), kind, Output::Value(kind)),
            },
            Aggregate::Median(column) => {
                let kind = match kind(column) {
                    Kind::Integer => Kind::Decimal(Some(0)),
                    kind => kind,
                };
                let (value, index) = (value(column), column.index);
                // The one in the middle, or the two: the lower, and the upper.
                let middle = |odd_or_even: &str| {
                    let middle = format!(
                        "CASE WHEN 2 * s.r{index} IN (s.n{index} + 1, {odd_or_even}) THEN {value} END"
                    );
                    match kind {
                        Kind::Decimal(Some(0)) => self.dialect().sum_of_integers(&middle),
                        _ => format!("SUM({middle})"),
                    }
                };
                let (lower, upper) = (format!("s.n{index}"), format!("s.n{index} + 2"));
                let sum = format!("({} + {})", middle(&lower), middle(&upper));
                (sum, kind, Output::Doubled(kind))
            }
        }
    }

    /// What is computed of each group.
    fn finish(self, keys: &[Kind]) -> Statement {
        let dialect = self.dialect();
        let mut select = Vec::new();
        let mut raw = Vec::new();
        let mut outputs = Vec::new();
        for (index, kind) in keys.iter().enumerate() {
            let key = format!("s.k{index}");
            select.push(dialect.reply(&key, *kind));
            outputs.push(Output::Value(*kind));
            raw.push(key);
        }
        for aggregate in self.grouping.aggregates {
            let (value, kind, output) = self.aggregate(*aggregate);
            select.push(dialect.reply(&value, kind));
            outputs.push(output);
            raw.push(value);
        }
        let mut text = format!("SELECT {} FROM ({}) s", select.join(", "), self.from);
        if !keys.is_empty() {
            let _ = write!(text, " GROUP BY {}", raw[..keys.len()].join(", "));
        }
        if let Some(First { orders, count }) = &self.grouping.first {
            let orders = orders
                .iter()
                .map(|order| dialect.order(&raw[order.output], order.descending, order.nulls_first));
            let orders = orders.collect::<Vec<_>>();
            if !orders.is_empty() {
                let _ = write!(text, " ORDER BY {}", orders.join(", "));
            }
            let _ = write!(text, " LIMIT {count}");
        }
        let mut columns = self.columns;
        self.grouping.condition.add_columns(&mut columns);
        columns.extend(self.grouping.time.map(|time| time.column.index));
        columns.sort_unstable();
        columns.dedup();
        let limit = self.grouping.first.as_ref().map(|first| first.count);
        let most_rows = if keys.is_empty() { Some(1) } else { limit };
        let parameters = self.parameters.all;
        Statement { text, parameters, columns, outputs, keys: keys.len(), most_rows }
    }
}
