//! Finds out what a query means for a data source's tables: names become columns, words of time bounds, and what is wrong is told by
//! field, with the column's type.

mod explicit;
mod names;
mod order;
mod range;
mod test;

use crate::base::Fields;
use crate::model::query::{
    Aggregation, Clause, DEFAULT_LIMIT, Filter, Formula as Said, Query, TimeRange, TimeUnit, ZoneName,
};
use crate::model::table::{ColumnType, Table};
use jiff::Timestamp;

use crate::model::resolved::{
    Bounds, Column, Condition, Dimension, Formula, Measure, Resolved, TimeBounds, Top,
};
pub use explicit::explicit;
use names::Names;

/// What a query means now, for these tables of a data source, or what is wrong with it. `path` is where the query is in what a
/// client sent, for names of fields; empty if it is all of it.
pub fn resolve(query: &Query, tables: &[Table], now: Timestamp, path: &str) -> Result<Resolved, Fields> {
    let mut fields = Fields::default();
    query.check(path, &mut fields);
    if query.dimensions.is_empty() && query.measures.is_empty() {
        fields.add(path, "Must have a dimension or a measure.");
    }
    if !fields.is_empty() {
        return Err(fields);
    }
    let Some((table, names)) = Names::of(query, tables, path, &mut fields) else { return Err(fields) };
    let resolver =
        Resolver { query, names, zone: query.timezone.clone().unwrap_or_else(ZoneName::utc), now, path };
    let resolved = resolver.resolve(table, &mut fields);
    if fields.is_empty() { Ok(resolved) } else { Err(fields) }
}

/// The days of a time range, for people: the first, and the first after. None for a range that is not of whole days.
pub fn days(range: &TimeRange, zone: &ZoneName, now: Timestamp) -> Option<Bounds> {
    range::bounds(range, ColumnType::Date, zone, now, "time_range", &mut Fields::default())
}

struct Resolver<'a> {
    query: &'a Query,
    names: Names<'a>,
    zone: ZoneName,
    now: Timestamp,
    path: &'a str,
}

impl Resolver<'_> {
    fn resolve(&self, table: usize, fields: &mut Fields) -> Resolved {
        let query = self.query;
        let dimensions = self.dimensions(fields);
        let measures = self.measures(fields);
        let filters = query.filters.iter().enumerate();
        let filters = filters.map(|(index, filter)| {
            self.condition(filter, &format!("{}.filters[{index}]", self.path), fields)
        });
        let condition = Condition::All(filters.collect());
        let outputs = order::Outputs { dimensions: &dimensions, measures: &measures };
        Resolved {
            table,
            time: self.time(fields),
            condition,
            having: self.having(&measures, fields),
            order: outputs.order(&query.order_by),
            top: query.top.as_ref().and_then(|top| {
                Some(Top {
                    dimension: dimensions
                        .iter()
                        .position(|dimension| dimension.name == top.dimension.as_str())?,
                    by: measures.iter().position(|measure| measure.name == top.by.as_str())?,
                    count: usize::try_from(top.count).unwrap_or(usize::MAX),
                    other: top.other.unwrap_or_default(),
                })
            }),
            fill: query.fill.unwrap_or_default(),
            totals: query.totals.unwrap_or_default(),
            compare: query.compare.map(|comparison| comparison.offset),
            limit: usize::try_from(query.limit.unwrap_or(DEFAULT_LIMIT)).unwrap_or(usize::MAX),
            zone: self.zone.clone(),
            dimensions,
            measures,
        }
    }

    fn dimensions(&self, fields: &mut Fields) -> Vec<Dimension> {
        let mut dimensions = Vec::new();
        for (index, dimension) in self.query.dimensions.iter().enumerate() {
            let path = format!("{}.dimensions[{index}]", self.path);
            let Some(column) = self.names.column(&dimension.field, &format!("{path}.field"), fields) else {
                continue;
            };
            let name = dimension.field.as_str();
            match (dimension.grain, column.column_type) {
                (None, _) | (Some(_), ColumnType::Datetime) => {}
                (Some(TimeUnit::Hour), ColumnType::Date) => {
                    fields
                        .add(format!("{path}.grain"), format!("Must not be hour: {name:?} is of type date."));
                }
                (Some(_), ColumnType::Date) => {}
                (Some(_), other) => fields.add(
                    format!("{path}.grain"),
                    format!("Is for dates and datetimes; {name:?} is of type {}.", other.as_str()),
                ),
            }
            let name = dimension.output().to_owned();
            dimensions.push(Dimension { name, column, grain: dimension.grain });
        }
        dimensions
    }

    fn measures(&self, fields: &mut Fields) -> Vec<Measure> {
        let mut measures: Vec<Measure> = Vec::new();
        for (index, measure) in self.query.measures.iter().enumerate() {
            let path = format!("{}.measures[{index}]", self.path);
            let known =
                |name: &str, measures: &[Measure]| measures.iter().position(|measure| measure.name == name);
            let (formula, column_type) = match measure.formula() {
                Some(Said::CountRows) => (Formula::CountRows, ColumnType::Integer),
                Some(Said::Aggregate(aggregation, field)) => {
                    let Some(column) = self.names.column(field, &format!("{path}.field"), fields) else {
                        continue;
                    };
                    let Some(column_type) = aggregate_type(aggregation, column.column_type) else {
                        fields.add(
                            format!("{path}.aggregation"),
                            format!(
                                "Must not be {} of {:?}, which is of type {}: {}.",
                                aggregation.as_str(),
                                field.as_str(),
                                column.column_type.as_str(),
                                what_it_takes(aggregation),
                            ),
                        );
                        continue;
                    };
                    (Formula::Aggregate(aggregation, column), column_type)
                }
                Some(Said::Ratio(dividend, divisor)) => {
                    let parts = [dividend, divisor].map(|name| known(name.as_str(), &measures));
                    for (part, name) in [dividend, divisor].into_iter().enumerate() {
                        let measure = parts[part].map(|index| &measures[index]);
                        if let Some(measure) = measure.filter(|measure| !is_number(measure.column_type)) {
                            fields.add(
                                format!("{path}.ratio[{part}]"),
                                format!(
                                    "Must be an integer or a number; {:?} is of type {}.",
                                    name.as_str(),
                                    measure.column_type.as_str()
                                ),
                            );
                        }
                    }
                    // What is not known here is an earlier mistake, which is told already.
                    let [Some(dividend), Some(divisor)] = parts else { continue };
                    (Formula::Ratio(dividend, divisor), ColumnType::Number)
                }
                None => continue,
            };
            measures.push(Measure { name: measure.output(), formula, column_type });
        }
        measures
    }

    fn condition(&self, filter: &Filter, path: &str, fields: &mut Fields) -> Condition {
        let mut all = |filters: &[Filter], name: &str| -> Vec<Condition> {
            let filters = filters.iter().enumerate();
            filters
                .map(|(index, filter)| self.condition(filter, &format!("{path}.{name}[{index}]"), fields))
                .collect()
        };
        match filter.clause() {
            Some(Clause::And(filters)) => Condition::All(all(filters, "and")),
            Some(Clause::Or(filters)) => Condition::Any(all(filters, "or")),
            Some(Clause::Compare(field, operator, values)) => {
                let column = self.names.column(field, &format!("{path}.field"), fields);
                let test = column.and_then(|column| {
                    test::resolve(
                        operator,
                        values,
                        column.column_type,
                        field.as_str(),
                        &self.zone,
                        path,
                        fields,
                    )
                    .map(|test| Condition::Test(column.index, test))
                });
                test.unwrap_or(Condition::All(Vec::new()))
            }
            None => Condition::All(Vec::new()),
        }
    }

    fn having(&self, measures: &[Measure], fields: &mut Fields) -> Condition {
        let mut tests = Vec::new();
        for (index, having) in self.query.having.iter().enumerate() {
            let name = having.field.as_str();
            let Some(measure) = measures.iter().position(|measure| measure.name == name) else { continue };
            let path = format!("{}.having[{index}]", self.path);
            let column_type = measures[measure].column_type;
            let test =
                test::resolve(having.operator, &having.values, column_type, name, &self.zone, &path, fields);
            tests.extend(test.map(|test| Condition::Test(measure, test)));
        }
        Condition::All(tests)
    }

    fn time(&self, fields: &mut Fields) -> Option<TimeBounds> {
        let range = self.query.time_range.as_ref()?;
        let path = format!("{}.time_range", self.path);
        let column = self.names.column(&range.field, &format!("{path}.field"), fields)?;
        if !matches!(column.column_type, ColumnType::Date | ColumnType::Datetime) {
            fields.add(
                format!("{path}.field"),
                format!(
                    "Must be a date or a datetime; {:?} is of type {}.",
                    range.field.as_str(),
                    column.column_type.as_str()
                ),
            );
            return None;
        }
        if column.column_type == ColumnType::Date
            && self.query.compare.is_some_and(|it| it.offset.unit == TimeUnit::Hour)
        {
            fields.add(
                format!("{}.compare.offset", self.path),
                format!("Must not be in hours: {:?} is of type date.", range.field.as_str()),
            );
        }
        let bounds = range::bounds(range, column.column_type, &self.zone, self.now, &path, fields)?;
        Some(TimeBounds { column, bounds })
    }
}

/// What comes of an aggregation of values of a type. None if there is no such thing.
fn aggregate_type(aggregation: Aggregation, column_type: ColumnType) -> Option<ColumnType> {
    match aggregation {
        Aggregation::Count | Aggregation::DistinctCount => Some(ColumnType::Integer),
        Aggregation::Sum => is_number(column_type).then_some(column_type),
        Aggregation::Average | Aggregation::Median => is_number(column_type).then_some(ColumnType::Number),
        Aggregation::Min | Aggregation::Max => (column_type != ColumnType::Boolean).then_some(column_type),
    }
}

fn what_it_takes(aggregation: Aggregation) -> &'static str {
    match aggregation {
        Aggregation::Min | Aggregation::Max => "it takes all types but boolean",
        _ => "it takes integers and numbers",
    }
}

fn is_number(column_type: ColumnType) -> bool {
    matches!(column_type, ColumnType::Integer | ColumnType::Number)
}

/// What is used of the column.
impl From<(usize, ColumnType)> for Column {
    fn from((index, column_type): (usize, ColumnType)) -> Self {
        Self { index, column_type }
    }
}
